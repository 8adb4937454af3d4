"""Which speed is taken, that both know every rule, and that the compiled rules are those of the ledger."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from ledger.rulebook import MISSION_RULES, PRO_RULES, RULES
from ledger.rulebook.cancellations import CANCELLATION_RATE
from projections.compiled import compiling, rules
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
            twin = compiling.compiled_rule(rule.evaluate)
            assert twin.py_func.__code__ is rule.evaluate.__code__  # type: ignore[attr-defined]
    assert rules.cancellation_rate is compiling.compiled_rule(CANCELLATION_RATE.evaluate)


def test_machine_code_is_kept_under_the_digest_of_all_it_is_made_of(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """Numba looks at the file of a function alone; a changed rule must not leave what calls it as it was."""
    source = tmp_path / "rule.py"
    source.write_text("a = 1")
    monkeypatch.setattr(compiling, "_SOURCES", (source,))
    before = compiling._digest()
    source.write_text("a = 2")

    assert compiling._digest() != before
    monkeypatch.undo()
    names = {each.name for each in compiling._SOURCES}
    assert {"cancellation.py", "rating.py", "ladder.py", "asking.py", "missions.py", "facts.py", "kinds.py"} <= names
