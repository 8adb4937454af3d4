"""What the models find wrong with an event, in words: pydantic's own are written for programmers."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from ledger.events.patterns import MEANT

SHOWN = 40
"""So many characters of a text that is refused are shown."""
INSTANT = "is no instant; write 2026-03-02T09:00:00+01:00 or …Z"
_OBJECT, _LIST, _WHOLE = "is not an object", "is not a list", "is not a whole number"

WORDS: Mapping[str, Callable[[Mapping[str, Any]], str]] = {
    "datetime_type": lambda limits: INSTANT,
    "datetime_parsing": lambda limits: INSTANT,
    "datetime_from_date_parsing": lambda limits: INSTANT,
    "int_type": lambda limits: _WHOLE,
    "int_parsing": lambda limits: _WHOLE,
    "int_parsing_size": lambda limits: _WHOLE,
    "int_from_float": lambda limits: _WHOLE,
    "string_type": lambda limits: "is not a text",
    "bool_type": lambda limits: "is neither true nor false",
    "literal_error": lambda limits: f"must be {limits['expected']}",
    "model_type": lambda limits: _OBJECT,
    "model_attributes_type": lambda limits: _OBJECT,
    "dict_type": lambda limits: _OBJECT,
    "tuple_type": lambda limits: _LIST,
    "list_type": lambda limits: _LIST,
    "too_short": lambda limits: f"needs {limits['min_length']} at least",
    "too_long": lambda limits: f"may hold {limits['max_length']} at most",
    "string_too_short": lambda limits: f"is too short: {_characters(limits['min_length'])} at least",
    "string_too_long": lambda limits: f"is too long: {_characters(limits['max_length'])} at most",
    "greater_than": lambda limits: f"must be more than {limits['gt']}",
    "greater_than_equal": lambda limits: f"must be at least {limits['ge']}",
    "less_than": lambda limits: f"must be less than {limits['lt']}",
    "less_than_equal": lambda limits: f"must be at most {limits['le']}",
    "value_error": lambda limits: f"is not allowed: {limits['error']}",
}


def _characters(number: int) -> str:
    return f"{number:,} character{'' if number == 1 else 's'}"


def in_words(problem: Mapping[str, Any]) -> str:
    """One of pydantic's problems as the rest of a sentence about its field; its own text where we have no words."""
    kind, given, limits = problem["type"], problem["input"], problem.get("ctx") or {}
    if kind == "string_pattern_mismatch":
        return f": {_shown(given)} {MEANT.get(limits['pattern'], 'holds a character it may not hold')}"
    if kind == "string_type" and isinstance(given, int | float) and not isinstance(given, bool):
        return f': {given} is not a text; write it in quotes, "{given}"'
    said = WORDS.get(kind)
    return f" {one_line(said(limits))}" if said is not None else f": {one_line(problem['msg'])}"


def _shown(text: str) -> str:
    """A text in quotes; its beginning where it is long."""
    return repr(text if len(text) <= SHOWN else f"{text[:SHOWN]}…")


def one_line(text: str) -> str:
    """A message on one line, cut where it is very long."""
    return " ".join(text.split())[:300]
