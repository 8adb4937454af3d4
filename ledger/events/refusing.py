"""What the models find wrong with an event: a refusal with the contract's code, in one line that says what to write."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

from pydantic import ValidationError
from pydantic_core import ErrorDetails

from ledger.errors import Refused
from ledger.events.models import MODEL_OF
from ledger.events.patterns import MEANT

SHOWN = 40
"""So many characters of a text that is refused are shown."""


def refusal(error: ValidationError, doc: dict[str, Any]) -> Refused:
    """The refusal of a document that the models do not take: its first problem, and how many there are."""
    problems = error.errors(include_url=False)
    problem = problems[0]
    kind, path = problem["type"], [str(part) for part in problem["loc"] if part not in MODEL_OF]
    if kind == "union_tag_invalid":
        return Refused("unknown_type", not_a_type(str(doc.get("type"))))
    if kind == "union_tag_not_found":
        return Refused("invalid_event", "type is missing; `schema` lists the event types")
    where = ".".join(path)
    if kind == "timezone_aware":
        return Refused("naive_timestamp", f"{where} has no offset; write 2026-03-02T09:00:00+01:00 or …Z")
    if path and path[-1] == "duration_minutes" and kind in ("greater_than", "less_than_equal"):
        return Refused("invalid_duration", f"{where} must be whole minutes, more than 0 and at most 1440")
    if kind == "missing":
        return Refused("invalid_event", f"{where} is missing")
    if kind == "extra_forbidden":
        return Refused("invalid_event", f"{where} is not a field of {doc.get('type')}; check its spelling")
    more = f" (and {len(problems) - 1} more problems)" if len(problems) > 1 else ""
    return Refused("invalid_event", f"{where}: {_said(problem)}{more}")


def _said(problem: ErrorDetails) -> str:
    given = problem["input"]
    if problem["type"] == "string_pattern_mismatch":
        meant = MEANT.get(problem["ctx"]["pattern"])
        if meant is not None:
            return f"{_shown(given)} {meant}"
    if problem["type"] == "string_type" and isinstance(given, int | float):
        return f'{one_line(str(given))} is not a text; write it in quotes, as in "33.50"'
    return one_line(problem["msg"])


def _shown(text: str) -> str:
    """A text in quotes; its beginning where it is long."""
    return repr(text if len(text) <= SHOWN else f"{text[:SHOWN]}…")


@lru_cache(maxsize=256)
def not_a_type(name: str) -> str:
    """One line on a name that is no event type, with the type that was probably meant."""
    from difflib import get_close_matches  # noqa: PLC0415  only a mistake needs it

    meant = get_close_matches(name[:80], MODEL_OF, n=1, cutoff=0.8)
    hint = f"did you mean {meant[0]}? " if meant else ""
    return f"{name[:80]!r} is not an event type; {hint}`schema` lists them"


def one_line(text: str) -> str:
    """A message of a library on one line, cut where it is very long."""
    return " ".join(text.split())[:300]
