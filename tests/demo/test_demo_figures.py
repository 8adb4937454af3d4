"""The month's figures and bills, counted a second time straight from the wire documents."""

from __future__ import annotations

from collections import defaultdict
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

import pytest

from commands.demo.month import EXPECTED_REFUSALS, events
from commands.demo.people import PROS
from ledger.instants import parse_us, to_text

from .playing import Played

CENT = Decimal("0.01")


def standing_events() -> list[dict[str, Any]]:
    """What counts, in the order it happened: without what is refused, sent again, or voided."""
    voided = {each["subject"] for each in events() if each["type"] == "ledger.event_voided"}
    seen: set[str] = set()
    kept: list[dict[str, Any]] = []
    for each in events():
        refused = EXPECTED_REFUSALS.get(each["id"]) not in (None, "idempotency_conflict")
        if not refused and each["id"] not in voided | seen:
            kept.append(each)
        seen.add(each["id"])
    return sorted(kept, key=lambda each: parse_us(each["time"]))


def by_mission() -> dict[str, list[dict[str, Any]]]:
    found: dict[str, list[dict[str, Any]]] = defaultdict(list)
    for each in standing_events():
        if each["type"].startswith("mission."):
            found[each["subject"]].append(each)
    return found


def test_figures_of_every_pro_and_city(played: Played) -> None:
    expected: dict[tuple[str, str], list[int]] = defaultdict(lambda: [0, 0, 0, 0, 0])
    for mission in by_mission().values():
        city = mission[0]["data"]["city"]
        cleared = any(each["type"] == "mission.no_show_rejected" for each in mission)
        holder, missed = "", False
        for each in mission:
            data = each["data"]
            match each["type"]:
                case "mission.accepted":
                    holder = data["pro"]
                    expected[holder, city][0] += 1
                case "mission.cancelled" if data["by"] == "pro" and not data.get("excused"):
                    expected[holder, city][1] += 1
                case "mission.no_show" if not cleared and not missed:
                    expected[holder, city][2] += 1
                    missed = True
                case "mission.rated" if data["by"] == "client":
                    expected[holder, city][3] += 1
                    expected[holder, city][4] += data["stars"]
    found = {
        (pro, city): [*played.rate(pro, city), *played.rating(pro, city)]
        for pro in PROS
        for city in played.pro(pro).cities
    }
    assert found == dict(expected)


def _line(mission: list[dict[str, Any]]) -> tuple[str, Decimal, Decimal, Decimal] | None:
    """(currency, gross, commission, VAT) of a mission by the contract's sentence on billing."""
    asked = mission[0]["data"]
    price, currency = Decimal(asked["price"]["amount"]), asked["price"]["currency"]
    minutes, added, kind = asked["duration_minutes"], Decimal(0), ""
    for each in mission:
        if each["type"] in ("mission.completed", "mission.duration_modified"):
            minutes, kind = each["data"]["duration_minutes"], "completed"
            added += sum(Decimal(service["price"]["amount"]) for service in each["data"].get("added", ()))
        elif each["type"] == "mission.client_absent":
            kind = "absent"
    if not kind:
        return None
    hours = Decimal(minutes) / 60 if asked["price"]["per"] == "hour" else Decimal(1)
    gross = (price * hours).quantize(CENT, ROUND_HALF_UP) + added
    if kind == "absent":
        return currency, min(gross, Decimal("40.00")), Decimal(0), Decimal(0)
    share = Decimal("0.18") if asked["service"] == "cleaning" else Decimal("0.15")
    commission = (gross * share).quantize(CENT, ROUND_HALF_UP)
    return currency, gross, commission, (commission * Decimal("0.20")).quantize(CENT, ROUND_HALF_UP)


def test_every_bill(played: Played) -> None:
    bills: dict[str, int] = defaultdict(int)
    for mission, course in by_mission().items():
        expected, line = _line(course), played.line(mission)
        if expected is None:
            assert line is None, mission
            continue
        assert line is not None, mission
        amounts = [Decimal(minor) / 100 for minor in (line.gross, line.commission, line.vat)]
        assert (line.currency, *amounts) == expected, mission
        bills[line.currency] += 1
    assert bills == {"EUR": 91, "CHF": 37}


@pytest.mark.parametrize(
    ("mission", "minutes", "gross", "commission", "vat", "currency"),
    [
        ("m-paris-0301", 150, 7475, 1346, 269, "EUR"),  # changed in time: 13.455 → 13.46
        ("m-paris-0302", 120, 5980, 1076, 215, "EUR"),  # too late: unchanged
        ("m-paris-0303", 75, 7490, 1124, 225, "EUR"),  # 59.90 + 15.00: 11.235 → 11.24
        ("m-paris-0311", 225, 24000, 3600, 720, "EUR"),  # the short night
        ("m-paris-0221", 60, 4000, 0, 0, "EUR"),  # client absent: 59.90 capped
        ("m-lyon-0221", 75, 3738, 0, 0, "EUR"),  # client absent: 37.375 → 37.38, below the cap
        ("m-lyon-0301", 100, 10667, 1600, 320, "EUR"),  # Hugo's, after Gaëlle's cancellation
        ("m-paris-0502", 60, 6400, 960, 192, "EUR"),  # the changed resend was refused
        ("m-paris-0321", 45, 4800, 720, 144, "EUR"),  # Félix in Paris
        ("m-geneve-0321", 50, 7667, 1150, 230, "CHF"),  # Félix in Geneva: 76.666… → 76.67
    ],
)
def test_bills(
    played: Played, mission: str, minutes: int, gross: int, commission: int, vat: int, currency: str
) -> None:
    assert played.amounts(mission) == (minutes, gross, commission, vat, currency)


@pytest.mark.parametrize(
    ("mission", "ended", "closes"),
    [
        ("m-paris-0311", "2026-03-29T02:00:00Z", "2026-03-30T22:00:00Z"),  # four hours, and closed in summer time
        ("m-paris-0301", "2026-03-09T15:00:00Z", "2026-03-10T23:00:00Z"),
    ],
)
def test_when_bills_close(played: Played, mission: str, ended: str, closes: str) -> None:
    line = played.line(mission)
    assert line is not None
    assert (to_text(line.ended_at), to_text(line.closes_at)) == (ended, closes)


def test_figures_do_not_depend_on_the_order_of_arrival(played: Played) -> None:
    in_order = Played(sorted(events(), key=lambda each: parse_us(each["time"])))
    assert sorted(in_order.refused) == sorted(played.refused)
    for pro in PROS:
        assert in_order.access(pro) == played.access(pro)
        assert in_order.warnings(pro) == played.warnings(pro)
        for city in played.pro(pro).cities:
            assert in_order.rate(pro, city) == played.rate(pro, city)
            assert in_order.rating(pro, city) == played.rating(pro, city)
