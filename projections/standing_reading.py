"""Answers from the projection `standing`: one pro, or all of them."""

from __future__ import annotations

from typing import Any

from ledger.errors import Misused, Refused
from ledger.instants import NEVER, to_text
from ledger.policies.register import Register
from ledger.pros.records import ACCESS_NAMES, ACTIVE
from ledger.rules.figures import mean_text, percent_text
from ledger.store.database import Connection, translated
from projections.snapshot import snapshot
from projections.statements import sql
from projections.warning_reading import reinstated

Answer = dict[str, Any]


def standing(connection: Connection, pro: str, register: Register, *, now: int) -> Answer:
    """The contract's `standing PRO --json`, with the pro's anomalies. Refuses `unknown_pro`.

    `policy` is that of the pro's latest event, up to which its figures are counted; `policy_in_force` that of now.
    """
    answers = _standings(connection, [pro], register, now=now)
    if not answers:
        raise Refused("unknown_pro", f"no event mentions a pro {pro}; standing without a name lists every pro", pro=pro)
    return answers[0] | {
        "policy_in_force": register.in_force(now).name,
        "anomalies": anomalies(connection, answers[0].get("accounts") or [pro]),
    }


def standings(connection: Connection, access: str | None, register: Register, *, now: int) -> Answer:
    """Every pro's standing, or of those whose access is `access` now."""
    if access is not None and access not in ACCESS_NAMES:
        raise Misused("unknown_access", f"{access!r} is not an access; one of {', '.join(ACCESS_NAMES)}")
    pros = _standings(connection, None, register, now=now)
    return {
        "position": _position(connection),
        "policy": register.in_force(now).name,
        "pros": [each for each in pros if access is None or each["access"] == access],
    }


def anomalies(connection: Connection, accounts: list[str]) -> list[Answer]:
    """Recorded events of a person's missions whose earlier step is missing, or that wait for a person."""
    return [
        {"position": position, "mission": mission, "code": code}
        for position, mission, code in _rows(connection, "anomalies_of", {"pros": accounts})
    ]


def _standings(connection: Connection, pros: list[str] | None, register: Register, *, now: int) -> list[Answer]:
    chosen = {"pros": pros}
    # One transaction: the figures, the warnings and the position belong to the same state of the log.
    with snapshot(connection):
        position = _position(connection)
        rows = _rows(connection, "pro_standings", chosen)
        cities: dict[str, Answer] = {}
        for pro, city, *figures in _rows(connection, "city_standings", chosen):
            cities.setdefault(pro, {})[city] = _city(*figures)
        warnings: dict[str, list[Answer]] = {}
        since = reinstated(connection, pros)
        for pro, *row in _rows(connection, "standing_warnings", chosen):
            warning = _warning(*row)
            warnings.setdefault(pro, []).append({**warning, "on_ladder": warning["position"] > since.get(pro, 0)})
        proposals: dict[str, list[Answer]] = {}
        for pro, event, rule, kind, at in _rows(connection, "standing_proposals", chosen):
            proposals.setdefault(pro, []).append({"event": event, "rule": rule, "kind": kind, "position": at})
    return [
        {
            "pro": pro,
            "position": position,
            "policy": register.in_force(latest_at).name,
            **access_now(limits or [[access, until]], now),
            "no_shows": no_shows,
            "cities": cities.get(pro, {}),
            "warnings": warnings.get(pro, []),
            "proposals": proposals.get(pro, []),
            **({"accounts": accounts} if accounts else {}),
        }
        for pro, access, until, limits, no_shows, accounts, latest_at in rows
    ]


def access_now(limits: list[list[int]], now: int) -> Answer:
    """`access` and `until` under these decisions, [level, until] each; one whose end has passed is over by itself."""
    in_force = [(level, until) for level, until in limits if until == NEVER or now < until]
    level = max((level for level, _ in in_force), default=ACTIVE)
    ends = [until for each, until in in_force if each == level]
    until = NEVER if NEVER in ends or not ends else max(ends)
    return {"access": ACCESS_NAMES[level], "until": to_text(until) if until != NEVER else None}


def _city(accepted: int, cancelled: int, no_shows: int, rated: int, stars: int, late: int) -> Answer:
    counted = cancelled + no_shows
    return {
        "accepted": accepted,
        "cancelled": cancelled,
        "no_shows": no_shows,
        "cancellation_rate": f"{counted}/{accepted}" if accepted else None,
        "cancellation_percent": percent_text(counted, accepted) if accepted else None,
        "rated": rated,
        "stars": stars,
        "rating": mean_text(stars, rated) if rated else None,
        "late_cancellations": late,
    }


def _warning(event: str, ladder: str, rule: str, at: int, expires_at: int, position: int) -> Answer:
    return {
        "event": event,
        "ladder": ladder,
        "rule": rule,
        "time": to_text(at),
        "expires_at": to_text(expires_at) if expires_at != NEVER else None,
        "position": position,
    }


def _position(connection: Connection) -> int:
    rows = _rows(connection, "last_position", {})
    return int(rows[0][0])


def _rows(connection: Connection, name: str, parameters: dict[str, Any]) -> list[tuple[Any, ...]]:
    with translated():
        return connection.execute(sql(name), parameters).fetchall()
