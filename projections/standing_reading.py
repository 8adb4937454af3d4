"""Answers from the projection `standing`: one pro, or all of them."""

from __future__ import annotations

from collections import Counter
from typing import Any

from ledger.errors import Misused, Refused
from ledger.instants import NEVER, SECOND, to_text
from ledger.policies.register import Register
from ledger.pros.pro import ACCESS_NAMES, ACTIVE
from ledger.rules.figures import mean_text, percent_text
from ledger.store.database import Connection, translated
from projections.statements import sql

Answer = dict[str, Any]


def standing(connection: Connection, pro: str, register: Register, *, now: int) -> Answer:
    """The contract's `standing PRO --json`, with the pro's anomalies. Refuses `unknown_pro`."""
    answers = _standings(connection, [pro], register, now=now)
    if not answers:
        raise Refused("unknown_pro", f"no event mentions {pro}; standing without a name lists every pro", pro=pro)
    return answers[0] | {"anomalies": anomalies(connection, pro)}


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


def anomalies(connection: Connection, pro: str) -> list[Answer]:
    """Recorded events of a pro's missions whose earlier step is missing, or that wait for a person."""
    return [
        {"position": position, "mission": mission, "code": code}
        for position, mission, code in _rows(connection, "anomalies_of", {"pro": pro})
    ]


def _standings(connection: Connection, pros: list[str] | None, register: Register, *, now: int) -> list[Answer]:
    chosen = {"pros": pros}
    # One transaction: the figures, the warnings and the position belong to the same state of the log.
    with translated(), connection.transaction():
        connection.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY")
        position = _position(connection)
        rows = _rows(connection, "pro_standings", chosen)
        late = _late(connection, chosen, {pro: latest_at for pro, _, _, _, latest_at in rows}, register)
        cities: dict[str, Answer] = {}
        for pro, city, *figures in _rows(connection, "city_standings", chosen):
            cities.setdefault(pro, {})[city] = _city(*figures, late=late[pro, city])
        warnings: dict[str, list[Answer]] = {}
        for pro, *row in _rows(connection, "standing_warnings", chosen):
            warnings.setdefault(pro, []).append(_warning(*row))
        proposals: dict[str, list[Answer]] = {}
        for pro, event, rule, kind, at in _rows(connection, "standing_proposals", chosen):
            proposals.setdefault(pro, []).append({"event": event, "rule": rule, "kind": kind, "position": at})
    return [
        {
            "pro": pro,
            "position": position,
            "policy": register.in_force(latest_at).name,
            **access_now(access, until, now),
            "no_shows": no_shows,
            "cities": cities.get(pro, {}),
            "warnings": warnings.get(pro, []),
            "proposals": proposals.get(pro, []),
        }
        for pro, access, until, no_shows, latest_at in rows
    ]


def _late(
    connection: Connection, chosen: dict[str, Any], latest: dict[str, int], register: Register
) -> Counter[tuple[str, str]]:
    """Late cancellations in the policy's window before each pro's latest event, by pro and city."""
    late: Counter[tuple[str, str]] = Counter()
    for pro, city, at in _rows(connection, "late_cancellations", chosen):
        window = register.parameters(latest[pro], city).late_window_seconds * SECOND
        late[pro, city] += latest[pro] - window < at <= latest[pro]
    return late


def access_now(level: int, until: int, now: int) -> Answer:
    """`access` and `until`; a restriction whose end has passed is over by itself."""
    if until != NEVER and until <= now:
        return {"access": ACCESS_NAMES[ACTIVE], "until": None}
    return {"access": ACCESS_NAMES[level], "until": to_text(until) if until != NEVER else None}


def _city(accepted: int, cancelled: int, no_shows: int, rated: int, stars: int, *, late: int) -> Answer:
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
