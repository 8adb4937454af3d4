"""What the models find wrong with an event, in words: pydantic's own are written for programmers."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, get_args

from ledger.events.fields import IDENTIFIER, Amount, Currency, Ratio

INSTANT = "is no instant; write 2026-03-02T09:00:00+01:00 or …Z"
_OBJECT, _LIST, _WHOLE = "is not an object", "is not a list", "is not a whole number"


def _pattern(annotated: Any) -> str:
    """The pattern that stands beside a text type."""
    return str(get_args(annotated)[1].pattern)


_PATTERNS: Mapping[str, str] = {
    IDENTIFIER: "is no identifier: 1 to 128 characters of A-Z a-z 0-9 . _ : -",
    _pattern(Amount): "is no amount: a decimal text such as 33.50",
    _pattern(Currency): "is no currency: three capital letters such as EUR",
    _pattern(Ratio): "is no share: a decimal text such as 0.04",
    r"\S": "is blank",
    r"^[^@\s]+$": "may hold neither a blank nor an @",
}
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
    "string_pattern_mismatch": lambda limits: _PATTERNS.get(limits["pattern"], "holds a character it may not hold"),
    "value_error": lambda limits: f"is not allowed: {limits['error']}",
}


def _characters(number: int) -> str:
    return f"{number:,} character{'' if number == 1 else 's'}"


def in_words(problem: Mapping[str, Any]) -> str:
    """One of pydantic's problems as the rest of a sentence about its field; its own text where we have no words."""
    said = WORDS.get(problem["type"])
    return said(problem.get("ctx") or {}) if said is not None else str(problem["msg"])
