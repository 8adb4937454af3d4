"""`city compute` on a real ledger: whose missions count, since when, and what a published baseline then does."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

import pytest

from ledger.errors import Refused
from ledger.instants import parse_us, to_us
from ledger.policies.shipped import preset
from ledger.store.database import Database
from projections.city_baselines import event_data
from projections.live import LiveLedger
from tests.importing.histories import START, Document, accepted, event, requested
from tests.importing.ledgers import opened, verified

PARIS, LYON = 0, 1
AT = to_us(START + timedelta(days=10))


def missions(pro: str, number: int, *, adverse: int = 0, city: int = LYON, at: datetime = START) -> Iterable[Document]:
    """Missions requested for and accepted by a pro; the first `adverse` of them it cancels."""
    for each in range(number):
        mission = f"{pro}-{city}-{at:%m%d}-{each}"
        yield requested(mission, at, city=city)
        yield accepted(mission, pro, at + timedelta(hours=1))
        if each < adverse:
            cancelled = at + timedelta(hours=2)
            yield event("mission.cancelled", mission, cancelled, {"by": "pro"}, id=f"{mission}-cancelled")


def terms(**city_baseline: Any) -> Document:
    """A policy in force before everything, with these numbers in [city_baseline]."""
    document = preset("mila-2018-06").document()
    document |= {"version": "cities", "effective_from": "2025-06-01T00:00:00Z"}
    document["city_baseline"] = document["city_baseline"] | city_baseline
    data = {"version": "cities", "effective_from": "2025-06-01T00:00:00Z", "forced": True, "document": document}
    return event("policy.published", "mila", START - timedelta(days=200), data, id="policy-cities")


def record(ledger: LiveLedger, *documents: Document) -> list[dict[str, Any]]:
    """Record them all; the findings."""
    outcomes = ledger.record(documents, live=False)
    assert [each.error for each in outcomes if each.error] == []
    return [finding for each in outcomes for finding in each.findings]


def publish(ledger: LiveLedger, computed: dict[str, Any], id: str) -> Document:
    when = START + timedelta(days=20)
    return event("city.baseline_published", computed["city"], when, event_data(computed), id=id)


def test_a_city_with_enough_pros_has_figures_of_its_own(database: Database) -> None:
    with opened(database) as ledger:
        record(ledger, terms(min_pros=2), *missions("A", 2, adverse=1), *missions("B", 98))
        record(ledger, *missions("C", 40, adverse=40, city=PARIS))
        answer = ledger.computed_baselines(["lyon"], at=AT)
        assert verified(ledger)["ok"]
    assert answer["policy"] == "mila@cities"
    assert answer["at"] == "2026-01-15T08:00:00Z"
    (lyon,) = answer["cities"]
    assert (lyon["counted"], lyon["accepted"], lyon["pros"], lyon["source"]) == (1, 100, 2, "city")
    assert (lyon["average_cancellation_rate"], lyon["maximum_cancellation_rate"]) == ("0.01", "0.05")
    assert (lyon["minimum_rating"], lyon["minimum_rating_from"]) == ("4.20", "policy")
    assert lyon["period"] == "2025-10-17T08:00:00Z/2026-01-15T08:00:00Z"


def test_with_too_few_pros_the_national_figure_serves_and_says_so(database: Database) -> None:
    with opened(database) as ledger:
        record(ledger, terms(min_pros=2), *missions("A", 2, adverse=1), *missions("B", 98))
        record(ledger, *missions("C", 100, adverse=9, city=PARIS))
        answer = ledger.computed_baselines([], at=parse_us("2026-04-01T00:00:00Z"))
    lyon, paris = answer["cities"]
    assert (lyon["city"], lyon["source"]) == ("lyon", "city")
    assert (paris["city"], paris["source"], paris["own"]["pros"], paris["min_pros"]) == ("paris", "national", 1, 2)
    assert (paris["counted"], paris["accepted"], paris["pros"]) == (10, 200, 3)
    assert (paris["average_cancellation_rate"], paris["maximum_cancellation_rate"]) == ("0.05", "0.075")
    assert paris["period"] == "2026-01-01/2026-04-01 national"


def test_only_missions_accepted_in_the_time_count_the_first_instant_not_included(database: Database) -> None:
    accepted_at = START + timedelta(hours=1)
    with opened(database) as ledger:
        record(ledger, terms(min_pros=1, days=30), *missions("A", 3, adverse=3), *missions("B", 1))
        record(ledger, *missions("B", 5, at=START + timedelta(days=1)))
        last = to_us(accepted_at)

        def pool(at: int) -> tuple[int, int]:
            (lyon,) = ledger.computed_baselines(["lyon"], at=at)["cities"]
            return lyon["counted"], lyon["accepted"]

        assert pool(last) == (3, 4)
        assert pool(last + 1) == (3, 4)
        assert pool(last + 30 * 86_400_000_000 - 1) == (3, 9)
        assert pool(last + 30 * 86_400_000_000) == (0, 5)
        with pytest.raises(Refused, match="no mission was accepted in any city between") as caught:
            pool(last - 1)
        assert caught.value.code == "no_figures"


def test_what_never_counts_is_in_no_average(database: Database) -> None:
    never = [
        requested("m-refused", city=LYON),
        event("mission.refused", "m-refused", START, {"pro": "A"}, id="refused"),
        requested("m-client", city=LYON),
        accepted("m-client", "A"),
        event("mission.cancelled", "m-client", START + timedelta(hours=2), {"by": "client"}, id="by-client"),
        requested("m-excused", city=LYON),
        accepted("m-excused", "B"),
        event(
            "mission.cancelled", "m-excused", START + timedelta(hours=2), {"by": "pro", "excused": True}, id="excused"
        ),
        requested("m-missed", city=LYON),
        accepted("m-missed", "B"),
        event("mission.no_show", "m-missed", START + timedelta(days=3, hours=1), {"reported_by": "client"}, id="no"),
    ]
    with opened(database) as ledger:
        record(ledger, terms(min_pros=2), *never)
        (lyon,) = ledger.computed_baselines(["lyon"], at=AT)["cities"]
    assert (lyon["counted"], lyon["accepted"], lyon["pros"]) == (1, 3, 2)  # the no-show, of three accepted


def test_linked_accounts_are_one_pro(database: Database) -> None:
    link = event(
        "pro.accounts_linked", "A", START + timedelta(days=5), {"accounts": ["B"], "by": "A. Favre"}, id="link"
    )
    shared = [  # A gives it back, and takes it again as B: one mission of one person
        requested("m-shared", city=LYON),
        accepted("m-shared", "A"),
        event("mission.cancelled", "m-shared", START + timedelta(hours=2), {"by": "pro"}, id="shared-back"),
        accepted("m-shared", "B", START + timedelta(hours=3)),
    ]
    with opened(database) as ledger:
        record(ledger, terms(min_pros=2), *missions("A", 10, adverse=1), *missions("B", 10), *shared)
        (two,) = ledger.computed_baselines(["lyon"], at=AT)["cities"]
        record(ledger, link)
        (one,) = ledger.computed_baselines(["lyon"], at=AT)["cities"]
        standing = ledger.standing("B")["cities"]["lyon"]
        assert verified(ledger)["ok"]
    assert (two["pros"], two["source"], two["accepted"], two["counted"]) == (2, "city", 22, 2)
    assert (one["own"], one["source"]) == ({"pros": 1, "accepted": 21, "counted": 2}, "national")
    assert (standing["accepted"], standing["cancelled"]) == (21, 2)


def test_a_series_called_off_counts_once_as_it_does_for_the_pro(database: Database) -> None:
    def called_off(pro: str, series: str, number: int) -> Iterable[Document]:
        for each in range(number):
            mission = f"{series}-{each}"
            yield requested(mission, city=LYON, series=series)
            yield accepted(mission, pro)
            data = {"by": "pro", "reason": "series_ended"}
            yield event("mission.cancelled", mission, START + timedelta(hours=2), data, id=f"{mission}-cancelled")

    with opened(database) as ledger:
        record(ledger, terms(min_pros=2), *missions("A", 10), *called_off("A", "s-1", 4), *missions("B", 5, adverse=1))
        record(ledger, *called_off("B", "s-2", 2))
        (lyon,) = ledger.computed_baselines(["lyon"], at=AT)["cities"]
        standings = [ledger.standing(pro)["cities"]["lyon"] for pro in ("A", "B")]
        assert verified(ledger)["ok"]
    assert (lyon["counted"], lyon["accepted"]) == (3, 21)
    assert lyon["counted"] == sum(each["cancelled"] for each in standings)
    assert lyon["accepted"] == sum(each["accepted"] for each in standings)


def test_what_a_declared_unavailability_excuses_is_in_no_average(database: Database) -> None:
    def unavailable(pro: str, at: datetime) -> Document:
        span = {"starts_at": START.isoformat(), "ends_at": (START + timedelta(days=9)).isoformat()}
        return event("pro.unavailable", pro, at, span, id=f"{pro}-unavailable")

    with opened(database) as ledger:
        record(ledger, terms(min_pros=2), unavailable("A", START - timedelta(days=1)))
        record(ledger, *missions("A", 10, adverse=3), *missions("B", 10, adverse=1), *missions("C", 10))
        record(ledger, unavailable("B", START + timedelta(days=1)))  # declared too late to excuse anything
        (lyon,) = ledger.computed_baselines(["lyon"], at=AT)["cities"]
        standings = [ledger.standing(pro)["cities"]["lyon"] for pro in ("A", "B", "C")]
        assert verified(ledger)["ok"]
    assert [each["cancelled"] for each in standings] == [0, 1, 0]
    assert (lyon["counted"], lyon["accepted"]) == (1, 30)


def test_the_minimum_rating_stays_as_last_published(database: Database) -> None:
    given = {"average_cancellation_rate": "0.1", "maximum_cancellation_rate": "0.2", "minimum_rating": "4.35"}
    with opened(database) as ledger:
        record(ledger, terms(min_pros=1), *missions("A", 4), *missions("B", 4, city=PARIS))
        record(ledger, event("city.baseline_published", "lyon", START, {**given, "pros": 3}, id="by-hand"))
        lyon, paris = ledger.computed_baselines([], at=AT)["cities"]
    assert (lyon["minimum_rating"], lyon["minimum_rating_from"]) == ("4.35", "baseline")
    assert (paris["minimum_rating"], paris["minimum_rating_from"]) == ("4.20", "policy")


def test_nothing_to_compute_from_is_refused_in_one_line(database: Database) -> None:
    with opened(database) as ledger:
        with pytest.raises(Refused, match="no mission was accepted") as caught:
            ledger.computed_baselines([], at=AT)
        assert caught.value.code == "no_figures"
        record(ledger, *missions("A", 1))
        with pytest.raises(Refused, match="in gotham") as caught:
            ledger.computed_baselines(["lyon", "gotham"], at=AT)
        assert caught.value.code == "unknown_city"


def test_a_pro_moves_anothers_bounds_only_through_a_published_baseline(database: Database) -> None:
    """B cancels 2 of 40 = 5 %: above the policy's average of 4 %. What A does next door changes nothing by itself."""
    later = START + timedelta(days=30)

    def cancels(pro: str, number: int, city: int, day: int) -> list[Document]:
        return list(missions(pro, number, adverse=number, city=city, at=START + timedelta(days=day)))

    with opened(database) as ledger:
        record(ledger, terms(min_pros=1), *missions("B", 38), *missions("P", 40, city=PARIS))
        before = ledger.standing("B")
        # when A cancels everything in B's city, nothing of B's moves, and B is judged by the policy's own average
        record(ledger, *missions("A", 40, adverse=30))
        assert ledger.standing("B") | {"position": 0} == before | {"position": 0}
        found = record(ledger, *cancels("B", 2, LYON, day=1))
        warned = [each for each in found if each["subject"] == "B"]
        assert [each["type"] for each in warned] == ["pro.warned"]  # 2 of 40 = 5 % > 4 %
        # when the pooled figure is published, what was found before stays …
        (lyon,) = ledger.computed_baselines(["lyon"], at=to_us(later))["cities"]
        assert (lyon["counted"], lyon["accepted"]) == (32, 80)
        standing = ledger.standing("B")
        record(ledger, publish(ledger, lyon, "baseline-lyon"))
        assert ledger.standing("B")["warnings"] == standing["warnings"]
        # … and what is evaluated after it is judged by it: 3 of 41 is no longer above the city's 40 %
        assert record(ledger, *cancels("B", 1, LYON, day=20)) == []
        # P, in a city without a baseline, is still judged by the policy: 2 of 42 = 4.76 % > 4 %
        found = record(ledger, *cancels("P", 2, PARIS, day=20))
        assert [(each["type"], each["subject"]) for each in found] == [("pro.warned", "P")]
        assert verified(ledger)["ok"]


def test_an_event_recorded_late_is_judged_by_the_baseline_recorded_before_it(database: Database) -> None:
    """By the order of recording, whatever the times say: the baseline lies after the cancellation it judges."""
    with opened(database) as ledger:
        record(ledger, terms(min_pros=1), *missions("A", 40, adverse=20), *missions("B", 39))
        (lyon,) = ledger.computed_baselines(["lyon"], at=AT)["cities"]
        record(ledger, publish(ledger, lyon, "baseline-lyon"))
        late = list(missions("B", 2, adverse=2, at=START + timedelta(days=1)))
        assert record(ledger, *late) == []
        assert verified(ledger)["ok"]


def test_the_bounds_in_force_say_where_they_come_from(database: Database) -> None:
    with opened(database) as ledger:
        record(
            ledger, terms(min_pros=2), *missions("A", 10), *missions("B", 10, adverse=1), *missions("C", 5, city=PARIS)
        )
        lyon, paris = ledger.computed_baselines([], at=AT)["cities"]
        record(ledger, publish(ledger, lyon, "b-1"), publish(ledger, paris, "b-2"))
        record(ledger, *missions("D", 1, city=2))
        listed = {each["city"]: each for each in ledger.baselines()["cities"]}
        assert {city: each["source"] for city, each in listed.items()} == {
            "lyon": "city",
            "paris": "national",
            "geneve": "policy",
        }
        assert (listed["lyon"]["event"], listed["lyon"]["counted"], listed["lyon"]["accepted"]) == ("b-1", 1, 20)
        assert listed["geneve"]["average_cancellation_rate"] == "0.04"
        assert listed["geneve"]["position"] is None
        record(ledger, publish(ledger, lyon | {"minimum_rating": "4.5"}, "b-3"))
        assert [each["event"] for each in ledger.baselines_of("lyon")["published"]] == ["b-1", "b-3"]
        void = {"source": "app/fr", "by": "A. Favre", "reason": "typing error"}
        record(ledger, event("ledger.event_voided", "b-3", START + timedelta(days=21), void, id="void"))
        assert ledger.baselines_of("lyon")["in_force"]["event"] == "b-1"
        with pytest.raises(Refused, match="gotham"):
            ledger.baselines_of("gotham")
        assert verified(ledger)["ok"]
