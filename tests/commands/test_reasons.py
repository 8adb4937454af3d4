"""Every code of the ledger that people may meet has words."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest
from asking import ROOT

from commands.reasons import WORDS, in_words
from ledger.missions.refusals import REFUSALS

MISSIONS = sorted((ROOT / "ledger" / "missions").glob("*.py"))
FLAGGING = {"by_holder", "missing_acceptance"}


def _texts(node: ast.AST) -> Iterator[str]:
    for each in ast.walk(node):
        if isinstance(each, ast.Constant) and isinstance(each.value, str):
            yield each.value


def flagged(file: Path) -> Iterator[str]:
    """The codes that the life cycle flags or sets aside: `….anomalies.append((…, code))`, `by_holder(…, code)`."""
    for node in ast.walk(ast.parse(file.read_text())):
        if not isinstance(node, ast.Call):
            continue
        called = node.func
        if isinstance(called, ast.Name) and called.id in FLAGGING:
            yield from (each for argument in node.args for each in _texts(argument))
        elif ast.unparse(called).endswith((".anomalies.append", ".set_aside.append")):
            yield from _texts(node)


def returned(file: Path) -> Iterator[str]:
    """The reasons of `why`: every text with an underscore that is a value of a table or is returned."""
    for node in ast.walk(ast.parse(file.read_text())):
        if isinstance(node, ast.Return | ast.Dict):
            yield from (each for each in _texts(node) if "_" in each)


CODES = sorted(
    {code for file in MISSIONS for code in flagged(file)}
    | {code for code, _ in REFUSALS.values()}
    | {code for name in ("set_aside", "timeline") for code in returned(ROOT / "projections" / f"{name}.py")}
)


def test_the_walk_finds_codes() -> None:
    known = {"completed_without_acceptance", "rating_of_an_absent_client", "no_show_disputed", "refusal_never_counts"}
    assert known | {"second_report_of_one_no_show", "excused_cancellation", "invalid_transition"} <= set(CODES)


@pytest.mark.parametrize("code", CODES)
def test_every_code_has_words(code: str) -> None:
    assert code in WORDS
    assert "_" not in in_words(code)


def test_what_has_no_words_loses_its_underscores() -> None:
    assert in_words("something_new") == "something new"
    assert in_words("a sentence, and snake_case in it") == "a sentence, and snake_case in it"
