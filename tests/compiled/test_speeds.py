"""Which speed is taken, that both know every rule, and that the compiled rules are those of the ledger."""

from __future__ import annotations

import subprocess
import sys
from dataclasses import replace
from pathlib import Path
from unittest.mock import ANY

import numpy as np
import pytest

from ledger.rulebook import MISSION_RULES, PRO_RULES, RULES
from ledger.rulebook.cancellations import CANCELLATION_RATE
from ledger.rules.ladder import step
from projections.compiled import compiling, machine_code, rules, telling
from projections.compiled.records import MOVE
from projections.replay import speeds


def test_the_compiled_code_knows_every_rule() -> None:
    """A rule that it does not know yet: see « How to add a rule » in the README."""
    about_conduct = {rule.id for rule in PRO_RULES if rule.id.startswith("conduct.")}

    assert {rule.id for rule in RULES} == speeds.KNOWN_TO_BOTH | about_conduct
    assert {rule.id for rule in MISSION_RULES} <= speeds.KNOWN_TO_BOTH


def test_a_rule_that_only_plain_python_knows_keeps_everything_in_plain_python(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(speeds, "RULES", (*RULES, replace(CANCELLATION_RATE, id="cancellation.most")))

    assert not speeds.compiles(speeds.COMPILED, 10**7)


@pytest.mark.parametrize(
    ("speed", "events", "compiled"),
    [
        (speeds.AUTOMATIC, speeds.COMPILED_FROM - 1, False),
        (speeds.AUTOMATIC, speeds.COMPILED_FROM, True),
        (speeds.PLAIN, 10**7, False),
        (speeds.COMPILED, 1, True),
    ],
)
def test_a_small_ledger_never_waits_for_a_compiler(speed: str, events: int, compiled: bool) -> None:
    assert speeds.compiles(speed, events) is compiled


_LARGE = speeds.COMPILED_MONTH_FROM


@pytest.mark.parametrize(
    ("speed", "events", "entries", "compiled"),
    [
        (speeds.AUTOMATIC, 3 * _LARGE, _LARGE - 1, False),
        (speeds.AUTOMATIC, 3 * _LARGE, _LARGE, True),
        (speeds.AUTOMATIC, speeds.EVENTS_FOR_AN_ENTRY * _LARGE + 1, _LARGE, False),
        (speeds.PLAIN, 10**7, 10**6, False),
        (speeds.COMPILED, 1, 1, True),
    ],
)
def test_a_small_month_or_one_of_many_is_told_one_by_one(speed: str, events: int, entries: int, compiled: bool) -> None:
    assert speeds.compiles_month(speed, events, entries) is compiled


def test_the_compiled_rules_are_the_functions_of_the_ledger() -> None:
    for rule in RULES:
        if rule.id in speeds.KNOWN_TO_BOTH:
            assert rule.evaluate in vars(rules).values()
    assert rules.cancellation_rate is CANCELLATION_RATE.evaluate


def test_what_is_compiled_is_their_code_and_that_of_what_they_call(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(compiling, "translate", lambda function: ("compiled", function))
    monkeypatch.setattr(compiling, "_KNOWN", {})

    _, twin = compiling.compiled_rule(CANCELLATION_RATE.evaluate)  # type: ignore[misc]

    assert twin.__code__ is CANCELLATION_RATE.evaluate.__code__
    assert twin.__globals__["step"] == ("compiled", ANY)
    assert twin.__globals__["step"][1].__code__ is step.__code__


def test_machine_code_is_kept_under_the_digest_of_all_it_is_made_of(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """Numba looks at the file of a function alone; a changed rule must not leave what calls it as it was."""
    source = tmp_path / "rule.py"
    source.write_text("a = 1")
    monkeypatch.setattr(machine_code, "_SOURCES", (source,))
    before = machine_code._digest()
    source.write_text("a = 2")

    assert machine_code._digest() != before
    monkeypatch.undo()
    names = {each.name for each in machine_code._SOURCES}
    assert {"cancellation.py", "rating.py", "ladder.py", "asking.py", "missions.py", "facts.py", "kinds.py"} <= names


def test_every_kernel_is_in_the_machine_code_of_its_group() -> None:
    assert compiling.KERNELS
    for kernel in compiling.KERNELS:
        assert machine_code.address(kernel) > 0


def test_a_kernel_refuses_what_it_would_misread() -> None:
    moves, starts, order = np.empty(1, MOVE), np.zeros(2, np.int64), np.zeros(1, np.int32)
    for wrong in (moves.view(np.int8), np.empty((1, 1), MOVE), np.empty(4, MOVE)[::2]):
        with pytest.raises(AssertionError):
            telling.by_pro(wrong, 1, starts, order)


def test_nothing_but_building_imports_numba() -> None:
    script = (
        "import sys, projections.compiled.replaying, projections.compiled.simulating; print('numba' in sys.modules)"
    )
    said = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert said.stdout.strip() == "False"


def test_what_cannot_be_compiled_is_said(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(machine_code, "_folder", lambda: tmp_path / "nowhere")
    monkeypatch.setattr(machine_code, "GROUPS", {"none": ("projections.compiled.none",)})

    with pytest.raises(RuntimeError, match="could not be compiled"):
        machine_code._made("none")
