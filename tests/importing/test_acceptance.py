"""Acceptance without a model: what it accepts the models accept, and the plain course of things it does accept."""

from __future__ import annotations

import json
from copy import deepcopy
from typing import Any

import orjson
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import ValidationError

from commands.demo.month import events
from ledger.errors import LedgerError
from ledger.events.models import ANY_EVENT
from ledger.events.reading import read_accepted, read_line
from tests.importing.test_refused_input import REFUSED

DEMO: list[dict[str, Any]] = [orjson.loads(orjson.dumps(each)) for each in events()]
BY_TYPE: dict[str, dict[str, Any]] = {each["type"]: each for each in DEMO}
MISSIONS = sorted(name for name in BY_TYPE if name.startswith("mission."))

TEXTS = ["", " ", "a b", "é", "x" * 129, "x" * 257, "2026-02-30T09:00:00Z", "2026-03-02T09:00:00", "-1", "€"]
INSTANTS = ["1970-12-31T23:30:00-00:30", "1971-01-01T00:00:00Z", "9000-12-31T23:00:00Z", "9001-01-01T00:30:00+01:00"]
INSTANTS += ["2026-03-02T09:00:00+14:60", "2026-03-02T09:00:00-24:00", "2026-03-02T24:00:00Z", "2026-03-02T09:00:60Z"]
INSTANTS += ["2026-03-02t09:00:00.123456789z", "2026-03-02 09:00:00+23:59", "2026-13-02T09:00:00Z"]
NUMBERS = [0, -1, 45, 1440, 1441, 2**70, 45.0, 45.5]
ODD = st.one_of(
    st.sampled_from([*TEXTS, *INSTANTS, *NUMBERS, None, True, [], {}, [1], {"amount": "1", "currency": "EUR"}]),
    st.text(max_size=12),
    st.integers(-5, 2000),
)


def places(document: dict[str, Any], path: tuple[str, ...] = ()) -> list[tuple[str, ...]]:
    """The path of every field of a document."""
    found: list[tuple[str, ...]] = []
    for name, value in document.items():
        found.append((*path, name))
        if isinstance(value, dict):
            found += places(value, (*path, name))
    return found


@st.composite
def spoilt(draw: st.DrawFn) -> bytes:
    """A line with up to three fields that are replaced, taken away or added."""
    document = deepcopy(draw(st.sampled_from(list(BY_TYPE.values()))))
    for _ in range(draw(st.integers(0, 3))):
        *path, name = draw(st.sampled_from(places(document) or [("type",)]))
        inner = document
        for step in path:
            inner = inner[step]
        match draw(st.sampled_from(["replace", "remove", "add"])):
            case "replace":
                inner[name] = deepcopy(draw(ODD))
            case "remove":
                del inner[name]
            case _:
                inner[draw(st.sampled_from(["extra", "traceparent", "pro", "x" * 30]))] = deepcopy(draw(ODD))
    return json.dumps(document).encode()  # orjson knows no 2**70


def outcome(line: bytes, *, quickly: bool) -> Any:
    try:
        incoming = read_line(line, quickly=quickly)
    except LedgerError as error:
        return error.code, error.message
    return incoming.facts


def read_at_once(line: bytes) -> bool:
    try:
        return read_accepted(line) is not None
    except LedgerError:  # the models accept it: what is wrong with it no schema says
        return True


@given(spoilt())
@settings(max_examples=400, deadline=None)
def test_what_is_accepted_the_models_accept(line: bytes) -> None:
    if read_at_once(line):
        try:
            ANY_EVENT.validate_json(line)
        except ValidationError as error:
            pytest.fail(f"{line!r} was accepted, but: {error}")
    assert outcome(line, quickly=True) == outcome(line, quickly=False)


@pytest.mark.parametrize("name", sorted(REFUSED))
def test_what_is_refused_is_refused_the_same(name: str) -> None:
    line = REFUSED[name][0]
    assert outcome(line, quickly=True) == outcome(line, quickly=False)


@pytest.mark.parametrize("name", MISSIONS)
def test_the_plain_course_of_a_mission_is_accepted(name: str) -> None:
    assert read_at_once(orjson.dumps(BY_TYPE[name]))
