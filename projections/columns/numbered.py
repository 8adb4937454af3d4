"""What an event says of its mission as whole numbers: the columns of `layout` that hold no names."""

from __future__ import annotations

from collections.abc import Sequence

from ledger.missions.facts import CANCELLED, RATED, REQUESTED, Request, Told
from ledger.missions.lifecycle import SERIES_ENDED

EXCUSED, OF_SERIES = 1, 2
"""Bits of `flag` of a cancellation."""
MIXED = "*"
"""The currency of services that were added in several."""
_STARTS_AT, _MINUTES = Request._fields.index("starts_at"), Request._fields.index("minutes")


def numbers_of(said: Told) -> tuple[int, int, int, int, int]:
    """The columns (kind, by, flag, minutes, when) of what an event says of its mission."""
    kind, _, by, flag, minutes, stars, when, reason, request, _ = said
    if kind == REQUESTED:
        assert request is not None
        when, minutes = request[_STARTS_AT], request[_MINUTES]
    elif kind == CANCELLED:
        flag = (EXCUSED if flag else 0) | (OF_SERIES if reason == SERIES_ENDED else 0)
    elif kind == RATED:
        flag = stars
    return kind, by, flag, minutes, when


def sum_of(added: Sequence[tuple[str, int, str]]) -> tuple[str, int]:
    """(currency, sum) of services that were added, MIXED where their currencies differ."""
    currencies = {currency for _, _, currency in added}
    return currencies.pop() if len(currencies) == 1 else MIXED, sum(minor for _, minor, _ in added)
