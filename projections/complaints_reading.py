"""Answers from the projection `complaints`: the list, and the yearly figures that P2B art. 11(4) wants published."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, datetime
from typing import Any

from ledger.instants import DAY, NEVER, from_us, to_text, to_us
from ledger.money import HALF_UP, rounded
from ledger.store.database import Connection, translated
from projections.known import accounts_of
from projections.statements import sql

Answer = dict[str, Any]
OUTCOMES = ("upheld", "partly_upheld", "rejected")
PROMPT = DAY
"""P2B art. 4(3): reinstated « without undue delay » where a decision is revoked; after this it is flagged."""


def complaints(
    connection: Connection, *, pro: str | None = None, year: int | None = None, only_open: bool = False, now: int
) -> Answer:
    """`{"position", "complaints": [..]}` in the order they were opened; of all a person's accounts. Refuses

    `unknown_pro`.
    """
    with translated():
        position = connection.execute(sql("last_position")).fetchone()
        accounts = accounts_of(connection, pro) if pro is not None else None
        since, until = _span(year) if year is not None else (None, None)
        wanted = {"pros": accounts, "since": since, "until": until, "open": only_open}
        rows = connection.execute(sql("complaints_of"), wanted).fetchall()
    assert position is not None
    return {"position": position[0], "complaints": [_complaint(*row, now=now) for row in rows]}


def statistics(connection: Connection, year: int, *, now: int) -> Answer:
    """P2B art. 11(4): number of complaints opened in a year (UTC), main types, average time to decide, outcomes."""
    found = complaints(connection, year=year, now=now)
    listed = found["complaints"]
    decided = [each for each in listed if each["status"] == "decided"]
    taken = sum(_us(each["decided"]["time"]) - _us(each["time"]) for each in decided)
    rules = Counter(each["contested"]["rule"] if each["contested"] else None for each in listed)
    outcomes = Counter(each["decided"]["outcome"] for each in decided)
    return {
        "year": year,
        "position": found["position"],
        "complaints": len(listed),
        "open": len(listed) - len(decided),
        "decided": len(decided),
        "late": sum(each["late"] for each in listed),
        "rules": [
            {"rule": rule, "complaints": number}
            for rule, number in sorted(rules.items(), key=lambda item: (-item[1], item[0] or ""))
        ],
        "outcomes": {outcome: outcomes[outcome] for outcome in OUTCOMES},
        "average_days": days_text(taken, len(decided)) if decided else None,
    }


def days_text(taken: int, number: int) -> str:
    """A mean of microseconds as days with one decimal, half up: 36 hours over 1 → `1.5`."""
    tenths = rounded(taken * 10, number * DAY, HALF_UP)
    return f"{tenths // 10}.{tenths % 10}"


def _span(year: int) -> tuple[int, int]:
    return to_us(datetime(year, 1, 1, tzinfo=UTC)), to_us(datetime(year + 1, 1, 1, tzinfo=UTC))


def _us(text: str) -> int:
    return to_us(datetime.fromisoformat(text))


def _complaint(*row: Any, now: int) -> Answer:
    (position, event, pro, at, contested, contested_position, contested_at, kind, voided, until, rule) = row[:11]
    (deadline, late, decided, decided_position, decided_at, outcome, by, reason) = row[11:]
    in_force = until is not None and (until == NEVER or until > now)
    return {
        "event": event,
        "pro": pro,
        "position": position,
        "time": to_text(at),
        "contested": {
            "event": contested,
            "position": contested_position,
            "time": to_text(contested_at),
            "kind": kind,
            "rule": rule,
            "voided": voided,
            "in_force": in_force,
        }
        if contested is not None
        else None,
        "deadline": to_text(deadline) if deadline is not None else None,
        "last_day": from_us(deadline - 1).date().isoformat() if deadline is not None else None,
        "late": late,
        "status": "open" if decided is None else "decided",
        "decided": {
            "event": decided,
            "position": decided_position,
            "time": to_text(decided_at),
            "outcome": outcome,
            "by": by,
            "reason": reason,
        }
        if decided is not None
        else None,
        "reinstatement_due": outcome == "upheld" and in_force,
        "reinstatement_overdue": outcome == "upheld" and in_force and now - decided_at > PROMPT,
    }
