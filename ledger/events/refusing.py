"""What the models find wrong with an event: a refusal with the contract's code, in one line that says what to write."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

from pydantic import ValidationError

from ledger.errors import Refused
from ledger.events.faults import in_words
from ledger.events.models import MODEL_OF

_BRANCHES = frozenset({"int", "constrained-str"})
"""What pydantic puts into a path where a field may be of several types."""


def refusal(error: ValidationError, doc: dict[str, Any]) -> Refused:
    """The refusal of a document that the models do not take: its first problem, and how many there are."""
    problems = error.errors(include_url=False)
    problem = problems[0]
    kind, path = problem["type"], [str(part) for part in problem["loc"] if part not in {*MODEL_OF, *_BRANCHES}]
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
    others = len(problems) - 1
    more = f" (and {others} more problem{'' if others == 1 else 's'})" if others else ""
    return Refused("invalid_event", f"{where}{in_words(problem)}{more}")


@lru_cache(maxsize=256)
def not_a_type(name: str) -> str:
    """One line on a name that is no event type, with the type that was probably meant."""
    from difflib import get_close_matches  # noqa: PLC0415  only a mistake needs it

    meant = get_close_matches(name[:80], MODEL_OF, n=1, cutoff=0.8)
    hint = f"did you mean {meant[0]}? " if meant else ""
    return f"{name[:80]!r} is not an event type; {hint}`schema` lists them"
