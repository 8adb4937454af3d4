"""A JSON document with a part too long for memory is written piece by piece, and is the same document."""

from __future__ import annotations

from typing import Any

import orjson
import pytest

from commands import output
from projections import spooled
from projections.spooled import Spooled

ANSWERS: list[dict[str, Any]] = [
    {"mission": f'm-{each}\n"é', "closed": None, "facts_since": [{"position": each}], "empty": {}} for each in range(50)
]


def filled(answers: list[dict[str, Any]]) -> Spooled:
    """These answers, spooled."""
    found = Spooled()
    for each in answers:
        found.append(each)
    return found


@pytest.mark.parametrize("option", [0, orjson.OPT_INDENT_2], ids=["for programs", "on a terminal"])
@pytest.mark.parametrize("answers", [ANSWERS, ANSWERS[:1], []], ids=len)
def test_a_document_in_pieces_is_what_it_would_be_in_one(option: int, answers: list[dict[str, Any]]) -> None:
    document = {"same": False, "totals": {"EUR": {"gross": "1.00"}}, "changed": answers, "missions": 3, "none": []}
    pieces = output.json_pieces({**document, "changed": filled(answers)}, option)
    assert b"".join(pieces) == orjson.dumps(document, option=option) + b"\n"


def test_answers_that_wait_in_a_file_are_those_that_were_added(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(spooled, "MEMORY_BYTES", 100)
    found = filled(ANSWERS)
    assert list(found) == found[:] == ANSWERS
    assert (len(found), found[3], found[-1]) == (50, ANSWERS[3], ANSWERS[-1])
    found.append(ANSWERS[0])
    assert found[50] == ANSWERS[0]
    assert found.few() == [*ANSWERS, ANSWERS[0]]
    monkeypatch.setattr(spooled, "FEW", 50)
    assert found.few() is found
