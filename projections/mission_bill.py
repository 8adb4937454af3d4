"""How the amount of a mission came about: every fact, every input and every step, each with the event that gave it."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

from ledger.billing import Exact, Workings
from ledger.book import Book
from ledger.entries import Entry
from ledger.errors import Refused
from ledger.instants import from_us, to_text, zone
from ledger.missions.history import walk
from ledger.missions.mission import STATE_NAMES, Mission
from ledger.money import EXPONENT, HALF_UP, ratio_text, to_amount
from ledger.policies.register import Register
from ledger.store.database import Connection
from projections.archive import PostgresArchive
from projections.billed_missions import Billed, read_terms, told
from projections.billing import HANDLERS
from projections.billing_reading import entry_answer, line_answer
from projections.replay.extent import last_position
from projections.snapshot import snapshot
from projections.statements import sql
from projections.summaries import summary
from projections.touched import ignore
from projections.unbilled import reason

Answer = dict[str, Any]
ROUNDINGS = ("half_up", "half_even")
DIGITS = 6


def adjusted(book: Book, document: Answer) -> Answer:
    """The envelope of an adjustment, a refund without currency given in that of its mission."""
    data = {name: value for name, value in document["data"].items() if value is not None}
    request = book.mission(document["subject"]).mission.request
    if request is None:
        raise Refused("unknown_mission", f"mission {document['subject']} was never requested; check its id")
    if "refund" in data:
        data["refund"] = {"currency": request.currency, **data["refund"]}
    return {**document, "data": data}


def mission_bill(connection: Connection, mission_id: str, *, now: int) -> Answer:
    """`billing MISSION --json`. Refuses `unknown_mission`."""
    with snapshot(connection):
        archive = PostgresArchive(connection, until=last_position(connection))
        ((_, billed),) = told(archive, (mission_id,), read_terms(archive))
        if billed is None or billed.history.mission.request is None:
            raise Refused("unknown_mission", f"mission {mission_id} was never requested; check its id")
        entries = connection.execute(sql("entries_of_mission"), {"mission": mission_id}).fetchall()
        waits = connection.execute(sql("is_pending"), {"mission": mission_id}).fetchone() is not None
    mission, line, worked = billed.history.mission, billed.line(), billed.workings()
    request = billed.history.mission.request
    assert request is not None
    return {
        "mission": mission_id,
        "state": STATE_NAMES[mission.state],
        "pro": mission.holder.pro if mission.holder else None,
        "client": request.client,
        "city": mission.city,
        "service": request.service,
        "currency": request.currency,
        "facts": _facts(billed),
        "terms": _terms(billed, worked) if worked else None,
        "calculation": _calculation(billed, worked) if worked else [],
        "line": line_answer(line, now=now) if line else None,
        "no_amount_because": _because(billed) if line is None else None,
        "closing": _closing(mission, billed.register, line.closes_at, now) if line else None,
        "entries": [entry_answer(*row) for row in entries],
        "waits_for_close": waits,
    }


# -- what happened ----------------------------------------------------------------------------------------------------


_WHETHER = frozenset({"mission.requested", "mission.cancelled", "mission.no_show"})
"""They say whether there is anything to bill, though they never write a line."""


def _facts(billed: Billed) -> list[Answer]:
    """Every event that the bill may follow from, in the order they happened; adjustments come last."""
    history = billed.history
    shown: list[Answer] = []
    minutes = 0
    counted: dict[int, tuple[bool, int, int]] = {}
    for step in walk(history.id, history.facts, set(billed.voids), billed.chronicle.at):
        counted[step.fact.position] = (step.reason == 0, minutes, step.mission.minutes)
        minutes = step.mission.minutes
    for fact in history.facts:
        entry = billed.events[fact.position]
        if HANDLERS[entry.type] is not ignore or entry.type in _WHETHER:
            counts, before, after = counted.get(fact.position, (False, 0, 0))
            shown.append({**_event(entry, billed), "counts": counts, "minutes_before": before, "minutes_after": after})
    for each in history.adjustments:
        entry = billed.events[each.position]
        stands = each.position not in billed.voids
        after = each.minutes if stands and each.minutes else minutes
        parts = [to_amount(part, each.currency) for part in each.amounts()] if each.refund else []
        shown.append(
            {
                **_event(entry, billed),
                "counts": stands,
                "minutes_before": minutes,
                "minutes_after": after,
                "refund": to_amount(each.refund, each.currency) if each.refund else None,
                "parts": parts,
            }
        )
        minutes = after
    return shown


def _event(entry: Entry, billed: Billed) -> Answer:
    data = entry.data
    return {
        "type": entry.type,
        "event": entry.id,
        "source": entry.source,
        "position": entry.position,
        "time": to_text(entry.at),
        "summary": summary(entry.type, data),
        "by": data.get("by"),
        "reason": data.get("reason"),
        "voided_by": billed.voids.get(entry.position),
    }


def _because(billed: Billed) -> Answer:
    """Why there is no line, and the event that took it away, with what declared it wrong."""
    code, position = reason(billed)
    named = _named(billed, position)
    return {"code": code, "event": {**named, "voided_by": billed.voids.get(position)} if named else None}


def _named(billed: Billed, position: int) -> Answer | None:
    """The event that gave an input, in short."""
    entry = billed.events.get(position)
    if entry is None:
        return None
    return {"type": entry.type, "event": entry.id, "position": position, "time": to_text(entry.at)}


# -- what follows -----------------------------------------------------------------------------------------------------


def _terms(billed: Billed, worked: Workings) -> Answer:
    """The policy version that gave rates and rounding, and what chose it."""
    mission, policy = billed.history.mission, worked.policy
    assert mission.holder is not None
    assert mission.request is not None
    absent = worked.fee is not None
    chosen_by = mission.holder.accepted_position if not absent else _absence(billed)
    publication = billed.register.publication_in_force(worked.judged_at)
    return {
        "policy": policy.name,
        "policy_document_sha256": policy.sha256,
        "published": publication.position if publication else None,
        "in_force_at": to_text(worked.judged_at),
        "chosen_by": _named(billed, chosen_by),
        "rounding": ROUNDINGS[worked.rounding],
        "city_overrides": sorted(policy.city.get(mission.city, {})),
    }


def _absence(billed: Billed) -> int:
    found = (each for each in billed.events.values() if each.type == "mission.client_absent")
    return max((each.position for each in found if each.position not in billed.voids), default=0)


def _calculation(billed: Billed, worked: Workings) -> list[Answer]:
    """The steps in order; each `result` is rounded once, and is what the next one starts from."""
    mission = billed.history.mission
    request = mission.request
    assert request is not None
    currency = request.currency
    steps = [
        {
            "step": "session",
            "price": to_amount(request.price_minor, currency),
            "per": "hour" if request.per_hour else "mission",
            "minutes": worked.minutes,
            **_exact(worked.session, currency, worked.rounding),
            "from": _named(billed, billed.history.facts[0].position if billed.history.facts else 0),
            "minutes_from": _named(billed, _minutes_from(billed)),
        }
    ]
    if mission.added:
        items = [{"label": label, "amount": to_amount(minor, currency)} for label, minor, _ in mission.added]
        steps.append({"step": "added_services", "items": items, "result": to_amount(worked.added, currency)})
    if worked.fee is not None:
        terms = billed.register.parameters(worked.judged_at, mission.city)
        percent = Fraction(terms.client_absent_fee_percent_numerator, terms.client_absent_fee_percent_denominator)
        cap = to_amount(worked.cap, currency) if worked.cap is not None else None
        fee = _exact(worked.fee, currency, worked.rounding)
        due = worked.fee.minor if worked.cap is None else min(worked.fee.minor, worked.cap)
        steps.append(
            {"step": "fee", "percent": ratio_text(percent), **fee, "cap": cap, "result": to_amount(due, currency)}
        )
    if worked.refunded:
        steps.append({"step": "refunded", "result": to_amount(-worked.refunded, currency)})
    steps.append({"step": "gross", "result": to_amount(worked.gross, currency)})
    steps.append(
        {
            "step": "commission",
            "rate": ratio_text(worked.rate),
            "rate_from": _rate_from(mission, worked),
            "of": to_amount(worked.gross, currency),
            **_exact(worked.commission, currency, worked.rounding),
        }
    )
    vat = worked.policy.for_city(mission.city).billing.vat
    steps.append(
        {
            "step": "vat",
            "rate": format(vat, "f"),
            "of": to_amount(worked.commission.minor, currency),
            **_exact(worked.vat, currency, worked.rounding),
        }
    )
    net = worked.gross - worked.commission.minor - worked.vat.minor
    return [*steps, {"step": "net", "result": to_amount(net, currency)}]


def _minutes_from(billed: Billed) -> int:
    """The event that gave the minutes billed: an adjustment, a change of duration, the completion, or the request."""
    mission = billed.history.mission
    adjustments = [each.position for each in mission.adjustments if each.minutes]
    if adjustments:
        return adjustments[-1]
    if mission.duration_position:
        return mission.duration_position
    moved = [each for each in billed.history.facts if each.minutes and each.position not in billed.voids]
    return moved[-1].position if moved else billed.history.facts[0].position


def _rate_from(mission: Mission, worked: Workings) -> str:
    """Which value of the policy gave the commission's rate."""
    request = mission.request
    assert request is not None
    if worked.fee is not None:
        return "none: a client's absence bears no commission"
    by_service = worked.policy.for_city(mission.city).billing.commission_by_service
    name = f"commission_by_service.{request.service}" if request.service in by_service else "commission"
    override = worked.policy.city.get(mission.city, {}).get("billing", {})
    place = f"city.{mission.city}." if name.partition(".")[0] in override else ""
    return f"{place}billing.{name}"


def _exact(amount: Exact, currency: str, rounding: int) -> Answer:
    """The amount before rounding, as a fraction of the currency's main unit and as a decimal, and after it."""
    unit = 10 ** EXPONENT[currency]
    value = Fraction(amount.numerator, amount.denominator * unit)
    scaled = value * 10**DIGITS
    whole, rest = divmod(scaled.numerator // scaled.denominator, 10**DIGITS)
    decimal = f"{whole}.{rest:0{DIGITS}d}".rstrip("0").rstrip(".")
    return {
        "fraction": f"{amount.numerator}/{amount.denominator * unit}",
        "exact": decimal if scaled.denominator == 1 else f"{whole}.{rest:0{DIGITS}d}…",
        "rounding": ROUNDINGS[rounding],
        "result": to_amount(amount.minor, currency),
    }


def _closing(mission: Mission, register: Register, closes_at: int, now: int) -> Answer:
    """When the bill closed or closes, in the mission's zone, and by which rule."""
    policy = register.in_force(mission.state_at)
    return {
        "ended_at": to_text(mission.state_at),
        "timezone": mission.timezone,
        "rule": policy.for_city(mission.city).billing.closes,
        "policy": policy.name,
        "closes_at": to_text(closes_at),
        "closes_at_local": from_us(closes_at).astimezone(zone(mission.timezone)).isoformat(),
        "status": "closed" if now >= closes_at else "open",
    }


assert ROUNDINGS[HALF_UP] == "half_up"
