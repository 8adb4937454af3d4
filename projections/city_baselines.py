"""City baselines: which bounds are in force in each city and since when, and what `city compute` would publish."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from fractions import Fraction
from typing import Any

from ledger.baselines import Adverse, Share, bounds, pooled, ratio_text
from ledger.entries import entry_of_row
from ledger.errors import Refused
from ledger.instants import DAY, to_text
from ledger.policies.policy import Policy
from ledger.policies.register import Register
from ledger.store.database import Connection, translated
from ledger.store.log import LAST, read_at
from projections.archive import fresh_book
from projections.statements import sql

Document = dict[str, Any]


# -- what is in force -------------------------------------------------------------------------------------------------


def baselines(connection: Connection, register: Register, *, now: int) -> Document:
    """`{"policy", "cities": [..]}`: the bounds in force in every city that a mission or a baseline names.

    A city's `source` is `policy` (none was published), `given` (by a person), `city` or `national` (computed, from its
    own figures or, with too few pros, from those of all cities).
    """
    policy = register.in_force(now)
    names = sorted({*_cities(connection), *register.baselines})
    latest = {city: register.baselines[city][-1].position for city in names if city in register.baselines}
    known = _published(connection, list(latest.values()))
    cities = [known[latest[city]] if city in latest else _of_policy(policy, city) for city in names]
    return {"policy": policy.name, "cities": cities}


def history(connection: Connection, register: Register, city: str, *, now: int) -> Document:
    """`{"policy", "city", "in_force", "published": [..]}`: one city's bounds, and its baselines in order of recording.

    Voided ones are left out. Refuses (`unknown_city`) a city that neither a mission nor a baseline names.
    """
    policy = register.in_force(now)
    positions = [each.position for each in register.baselines.get(city, ())]
    if not positions:
        _refuse_unknown([city], _cities(connection))
    known = _published(connection, positions)
    published = [known[position] for position in positions]
    return {
        "policy": policy.name,
        "city": city,
        "in_force": published[-1] if published else _of_policy(policy, city),
        "published": published,
    }


def _published(connection: Connection, positions: Sequence[int]) -> dict[int, Document]:
    """The recorded baselines at these positions."""
    found: dict[int, Document] = {}
    for row in read_at(connection, positions):
        entry = entry_of_row(row)
        data = entry.data
        found[entry.position] = {
            "city": entry.subject,
            "average_cancellation_rate": data["average_cancellation_rate"],
            "maximum_cancellation_rate": data["maximum_cancellation_rate"],
            "minimum_rating": data["minimum_rating"],
            "source": data.get("computed_from") or "given",
            "pros": data["pros"],
            "counted": data.get("counted"),
            "accepted": data.get("accepted"),
            "period": data.get("period"),
            "position": entry.position,
            "event": entry.id,
            "time": to_text(entry.at),
        }
    return found


def _of_policy(policy: Policy, city: str) -> Document:
    """The policy's own bounds, in force from the policy itself: no event of the city stands behind them."""
    terms = policy.for_city(city)
    return {
        "city": city,
        "average_cancellation_rate": format(terms.cancellation.average, "f"),
        "maximum_cancellation_rate": format(terms.cancellation.maximum, "f"),
        "minimum_rating": format(terms.rating.minimum, "f"),
        "source": "policy",
        **dict.fromkeys(("pros", "counted", "accepted", "period", "position", "event")),
        "time": to_text(policy.effective_from_us),
    }


# -- what follows from the figures ------------------------------------------------------------------------------------


def computed(connection: Connection, register: Register, cities: Sequence[str], *, at: int) -> Document:
    """`{"at", "policy", "cities": [..]}`: the baseline of each city, or of every city with an acceptance in the time.

    The time is `city_baseline.days` of the policy in force at `at`, up to `at`. Nothing is recorded. Refuses
    `unknown_city`, and `no_figures` where nobody accepted anything.
    """
    policy = register.in_force(at)
    known = _cities(connection)
    _refuse_unknown(cities, known.union(register.baselines))
    shares: dict[int, list[Share]] = {}
    found: list[Document] = []
    for city in dict.fromkeys(cities or sorted(known)):
        days = policy.for_city(city).city_baseline.days
        if days not in shares:
            shares[days] = _shares(connection, after=at - days * DAY, until=at)
        if cities or any(each.city == city for each in shares[days]):
            found.append(_computed(register, policy, city, shares[days], at))
    if not found:
        raise Refused("no_figures", f"no mission was accepted in the days before {to_text(at)}; {_INSTEAD}")
    return {"at": to_text(at), "policy": policy.name, "cities": found}


_INSTEAD = "name a later --at, or give the bounds with city publish"


def _computed(register: Register, policy: Policy, city: str, shares: Sequence[Share], at: int) -> Document:
    terms = policy.for_city(city)
    own, national = pooled(each for each in shares if each.city == city), pooled(shares)
    enough = own.pros >= terms.city_baseline.min_pros
    pool = own if enough else national
    after = at - terms.city_baseline.days * DAY
    if not pool.accepted:
        when = f"between {to_text(after)} and {to_text(at)}"
        raise Refused("no_figures", f"no mission was accepted in any city {when}; {_INSTEAD}", city=city)
    average, maximum = bounds(pool, terms.city_baseline)
    before = register.baseline(city)
    minimum = before.minimum_rating if before else Fraction(terms.rating.minimum)
    return {
        "city": city,
        "average_cancellation_rate": ratio_text(average),
        "maximum_cancellation_rate": ratio_text(maximum),
        "minimum_rating": ratio_text(minimum),
        "minimum_rating_from": "baseline" if before else "policy",
        "source": "city" if enough else "national",
        "pros": pool.pros,
        "counted": pool.counted,
        "accepted": pool.accepted,
        "period": f"{_short(after)}/{_short(at)}{'' if enough else ' national'}",
        "own": own._asdict(),
        "min_pros": terms.city_baseline.min_pros,
    }


def event_data(baseline: Document) -> Document:
    """The data of the `city.baseline_published` that records a computed baseline."""
    kept = ("average_cancellation_rate", "maximum_cancellation_rate", "minimum_rating", "pros", "period")
    return {name: baseline[name] for name in (*kept, "counted", "accepted")} | {"computed_from": baseline["source"]}


def _shares(connection: Connection, *, after: int, until: int) -> list[Share]:
    with translated(), connection.cursor(binary=True) as cursor:
        rows = cursor.execute(sql("accepted_between"), {"after": after, "until": until}).fetchall()
        declared = {row[0] for row in cursor.execute(sql("declared_unavailable")).fetchall()}
    excused = _excused(connection, declared.intersection(person for _, person, _, adverse in rows if adverse))
    return [
        Share(city, person, accepted, [Adverse(*each) for each in adverse if each[0] not in excused.get(person, ())])
        for city, person, accepted, adverse in rows
    ]


def _excused(connection: Connection, persons: Collection[str]) -> dict[str, Collection[str]]:
    """The missions of each person that a declared unavailability excuses; few declare any, so each is asked.

    What a projection row says of a mission is what the mission says; only the pro knows when it was not available.
    """
    if not persons:
        return {}
    book = fresh_book(connection, LAST)
    book.open_batch((), persons)
    return {person: book.pro(person).excused.keys() for person in persons}


def _cities(connection: Connection) -> set[str]:
    """Every city that a pro was ever offered a mission in."""
    with translated():
        return {row[0] for row in connection.execute(sql("cities")).fetchall()}


def _refuse_unknown(cities: Sequence[str], known: set[str]) -> None:
    for city in cities:
        if city not in known:
            text = f"no pro was offered a mission in {city}, and no baseline names it; city list shows the cities known"
            raise Refused("unknown_city", text, city=city)


def _short(at: int) -> str:
    """A midnight as its date, which is what a date means everywhere on the command line."""
    text = to_text(at)
    return text.removesuffix("T00:00:00Z")
