"""Instants, periods and positions as options: RFC 3339, a date, or `#N`."""

from __future__ import annotations

import re
from datetime import date
from typing import TYPE_CHECKING, Any

import click

from ledger.errors import Misused, Refused

if TYPE_CHECKING:
    from projections.live import LiveLedger

    _Text = click.ParamType[str]
    _Number = click.ParamType[int]
else:  # before click 8.3 it is not generic
    _Text = _Number = click.ParamType

_DATE = re.compile(r"\d{4}-\d\d-\d\d", re.ASCII)
_CLOCK_TIME = re.compile(r"\d{4}-\d\d-\d\d[Tt ]\d\d:\d\d(:\d\d(\.\d+)?)?", re.ASCII)
LAST_POSITION = 2**63 - 1


class InstantType(_Text):
    """RFC 3339 with an offset, a date (start of that day, UTC), or `#N`: the time of the event at that position."""

    name = "instant"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> str:
        """The text in RFC 3339, or `#N` as it is."""
        text = str(value).strip()
        if text.startswith("#"):
            PositionType().convert(text, param, ctx)
            return text
        if _DATE.fullmatch(text):
            text += "T00:00:00Z"
        if _CLOCK_TIME.fullmatch(text):
            raise Refused("naive_timestamp", f"{text} has no offset; write {text}Z or {text}+01:00")
        return _checked(self, text, param, ctx)


def _checked(kind: InstantType, text: str, param: click.Parameter | None, ctx: click.Context | None) -> str:
    from ledger.instants import RFC3339, parse_us

    try:
        if RFC3339.fullmatch(text):
            parse_us(text)
            return text
    except (ValueError, OverflowError):
        pass
    return kind.fail(f"{text!r} is no instant; write 2026-03-02T09:00:00+01:00, 2026-03-02 or #41", param, ctx)


class PositionType(_Number):
    """A position of the log: `41` or `#41`."""

    name = "position"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> int:
        """The number."""
        digits = str(value).removeprefix("#")
        if digits.isascii() and digits.isdigit() and len(digits) < 20 and int(digits) <= LAST_POSITION:
            return int(digits)
        return self.fail(f"{value!r} is no position; write 41 or #41", param, ctx)


class PeriodType(_Text):
    """A calendar month: `2026-03`."""

    name = "period"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> str:
        """The month as it was given."""
        text = str(value)
        try:
            if len(text) == 7:
                date.fromisoformat(f"{text}-01")
                return text
        except ValueError:
            pass
        return self.fail(f"{value!r} is no month; write 2026-03", param, ctx)


INSTANT = InstantType()
POSITION = PositionType()
PERIOD = PeriodType()


def event_at(ledger: LiveLedger, position: int) -> dict[str, Any]:
    """The event recorded at a position. Misused: `unknown_position`."""
    event = next(iter(ledger.events(after=position - 1)), None) if position > 0 else None
    if event is None or event["sequence"] != position:
        raise Misused("unknown_position", f"nothing is recorded at #{position}; the log ends at #{ledger.position()}")
    return event


def resolved(ledger: LiveLedger, instant: str | None) -> str | None:
    """An instant of an option in RFC 3339: `#N` becomes the time of that event."""
    if instant is None or not instant.startswith("#"):
        return instant
    return str(event_at(ledger, int(instant[1:]))["time"])
