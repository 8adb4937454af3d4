"""The diff names the event that made the difference, also where the finding does not rest on it; at either speed."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from importing.ledgers import opened, record
from missions.kit import (
    Document,
    accepted,
    baseline,
    both,
    cancelled,
    completed,
    event,
    no_show,
    policy,
    rated,
    requested,
    voided,
)

from ledger.store.database import Database
from projections.live import LiveLedger

STRICT = policy("strict", "2026-01-02 00:00", cancellation={"min_accepted": 2, "average": "0.4", "maximum": "0.9"})
LINK = event("pro.accounts_linked", "p-1", "2026-03-01 10:00", id="lk2", accounts=["p-2"], by="ines")


@pytest.fixture
def ledger(database: Database) -> Iterator[LiveLedger]:
    with opened(database) as live:
        yield live


def told(ledger: LiveLedger, side: str, **asked: Any) -> list[tuple[str, str, list[tuple[str, str, str]]]]:
    """(type, pro, [(event, role, because)]) of what is missing or extra, the same at both speeds."""
    plain, compiled = (ledger.replay(speed=speed, **asked) for speed in ("plain", "compiled"))
    assert {**plain, "seconds": 0} == {**compiled, "seconds": 0}
    return [
        (
            each["type"].partition(".")[2],
            each["pro"],
            [(why["event"], why["role"], why["because"]) for why in each["why"]],
        )
        for each in plain["findings"][side]
    ]


def position(ledger: LiveLedger, document: Document) -> int:
    return ledger.locate(document["id"])[2]


def cancelling(pro: str, first: str, second: str, **request: Any) -> list[Document]:
    agreed = [document for each in (first, second) for document in (requested(each, **request), accepted(each, pro))]
    return [*agreed, cancelled(first)]


def test_a_policy(ledger: LiveLedger) -> None:
    record(ledger, STRICT, *cancelling("p-1", "m-1", "m-2"), *cancelling("p-2", "m-3", "m-4"))
    gone = [("warned", pro, [(STRICT["id"], "policy", "taken_away")]) for pro in ("p-1", "p-2")]
    assert told(ledger, "missing", without=[position(ledger, STRICT)]) == gone
    record(ledger, voided(STRICT))
    assert told(ledger, "missing") == [(*each[:2], [(STRICT["id"], "policy", "voided")]) for each in gone]


def test_a_policy_that_kept_a_finding_away(ledger: LiveLedger) -> None:
    mild = policy("mild", "2026-02-01 00:00", cancellation={"min_accepted": 200})
    record(ledger, STRICT, mild, *cancelling("p-1", "m-1", "m-2"), *cancelling("p-2", "m-3", "m-4"), voided(mild))
    assert told(ledger, "extra") == [("warned", pro, [(mild["id"], "policy", "voided")]) for pro in ("p-1", "p-2")]


def test_a_baseline_of_the_city_and_of_no_other(ledger: LiveLedger) -> None:
    lyon, nice = (baseline(city, "2026-02-01 00:00", "0.90", "0.95") for city in ("lyon", "nice"))
    history = [*cancelling("p-1", "m-1", "m-2"), *cancelling("p-2", "m-3", "m-4", city="nice")]
    record(ledger, STRICT, lyon, nice, *history, voided(lyon), voided(nice))
    assert told(ledger, "extra") == [
        ("warned", "p-1", [(lyon["id"], "baseline", "voided")]),
        ("warned", "p-2", [(nice["id"], "baseline", "voided")]),
    ]


def test_a_link(ledger: LiveLedger) -> None:
    second = requested("m-2", starts_at="2026-03-12 09:00"), accepted("m-2", "p-2")
    record(ledger, LINK, *both("m-1", "m-3", pros=("p-1", "p-3")), *second)
    record(ledger, no_show("m-1"), no_show("m-3"), no_show("m-2", "2026-03-12 09:30"))
    taken = [("lk2", "link", "taken_away")]
    assert told(ledger, "missing", without=[position(ledger, LINK)])[0] == ("suspension_proposed", "p-2", taken)
    assert told(ledger, "extra", without=[position(ledger, LINK)]) == [("warned", "p-2", taken)]
    record(ledger, voided(LINK))
    assert told(ledger, "extra") == [("warned", "p-2", [("lk2", "link", "voided")])]


def test_an_acceptance_under_a_no_show(ledger: LiveLedger) -> None:
    record(ledger, *both(), no_show("m-1"), no_show("m-2"), voided(accepted("m-1", "p-1")))
    (gone,) = told(ledger, "missing")
    assert gone == ("warned", "p-1", [(accepted("m-1", "p-1")["id"], "mission", "voided")])


def test_what_was_recorded_later(ledger: LiveLedger) -> None:
    """p-2 had one mission when its cancellation arrived; p-1's missed appointment had been called off in time."""
    known = [requested("m-2"), accepted("m-2", "p-2"), cancelled("m-2")]
    late = [requested("m-4"), accepted("m-4", "p-2")]
    in_time = cancelled("m-1", "2026-03-01 18:00")
    record(ledger, STRICT, requested("m-1"), accepted("m-1", "p-1"), no_show("m-1"), *known, *late, in_time)

    assert told(ledger, "extra", order="occurred") == [("warned", "p-2", [(late[1]["id"], "late", "recorded_later")])]
    assert told(ledger, "missing", order="occurred") == [
        (
            "warned",
            "p-1",
            [(no_show("m-1")["id"], "evidence", "left_out"), (in_time["id"], "late", "recorded_later")],
        )
    ]


def reasons(ledger: LiveLedger, side: str, **asked: Any) -> dict[tuple[str, str, str], list[tuple[str, str]]]:
    """(type, pro, rule) → [(event, because)], the same at both speeds."""
    plain, compiled = (ledger.replay(speed=speed, **asked) for speed in ("plain", "compiled"))
    assert {**plain, "seconds": 0} == {**compiled, "seconds": 0}
    return {
        (each["type"].partition(".")[2], each["pro"], each["rule"]): [
            (why["event"], why["because"]) for why in each["why"]
        ]
        for each in plain["findings"][side]
    }


def test_a_rating_is_no_reason_for_a_cancellation_rate(ledger: LiveLedger) -> None:
    """A rating of a mission that counts as accepted is voided: the baseline that came late made the difference."""
    bad = rated("m-2", 1, "2026-03-03 18:00")
    asked = requested("m-1"), requested("m-2", starts_at="2026-03-03 09:00")
    record(ledger, STRICT, *asked, accepted("m-1"), accepted("m-2"), completed("m-2", "2026-03-03 11:00"), bad)
    late = baseline("lyon", "2026-02-01 00:00", "0.90", "0.95")
    record(ledger, cancelled("m-1"), late, voided(bad))
    warned = "warned", "p-1", "cancellation.rate"

    assert reasons(ledger, "missing", order="occurred") == {warned: [(late["id"], "recorded_later")]}
    without = reasons(ledger, "missing", without=[position(ledger, cancelled("m-1"))])
    assert without == {warned: [(cancelled("m-1")["id"], "taken_away")]}


def test_what_happened_only_later_is_named_in_the_order_things_happened(ledger: LiveLedger) -> None:
    """m-1 was missed first, and reported after m-2 had been."""
    missions = [requested("m-1"), accepted("m-1"), requested("m-2", starts_at="2026-03-20 09:00"), accepted("m-2")]
    first, second = no_show("m-1"), no_show("m-2", "2026-03-20 09:30")
    record(ledger, *missions, second, first)

    gone, come = (reasons(ledger, side, order="occurred") for side in ("missing", "extra"))

    exclusion = "suspension_proposed", "p-1", "no_show"
    assert gone[exclusion] == [(second["id"], "happened_later")]
    assert come[exclusion] == [(first["id"], "recorded_later")]
    assert come["warned", "p-1", "no_show"] == [(second["id"], "happened_later")]  # a warning in place of the exclusion


def test_what_was_late_itself_is_the_reason_of_what_it_leads_to(ledger: LiveLedger) -> None:
    """The warning was given for m-1; in time it would have been given for m-2, and m-1 falls into its cooldown."""
    first, second = cancelled("m-1", "2026-03-09 08:00"), cancelled("m-2", "2026-03-05 08:00")
    record(ledger, STRICT, requested("m-1"), accepted("m-1"), requested("m-2"), accepted("m-2"), first, second)
    late = {("warned", "p-1", "cancellation.rate"): [(second["id"], "recorded_later")]}

    assert reasons(ledger, "missing", order="occurred") == late
    assert reasons(ledger, "extra", order="occurred") == late


def test_an_event_of_a_linked_account_is_named(ledger: LiveLedger) -> None:
    """The warning of p-2 in nice starts a cooldown of the person; without what made it, p-1 is warned in lyon."""
    record(ledger, STRICT, LINK, *cancelling("p-2", "m-1", "m-2", city="nice"))
    record(ledger, *cancelling("p-1", "m-3", "m-4")[:-1], cancelled("m-3", "2026-03-06 09:00"))

    found = reasons(ledger, "extra", without=[position(ledger, cancelled("m-1"))])

    assert found == {("warned", "p-1", "cancellation.rate"): [(cancelled("m-1")["id"], "taken_away")]}


def test_what_ended_a_suspension_is_the_reason_of_what_it_had_kept_away(ledger: LiveLedger) -> None:
    """The baseline of nice alone suspended p-1, who was therefore not warned in lyon."""
    swift = policy(
        "swift",
        "2026-01-02 00:00",
        warnings={"max": 1, "cooldown_days": 1},
        cancellation={"min_accepted": 2, "average": "0.4", "maximum": "1"},
    )
    nice = baseline("nice", "2026-02-01 00:00", "0.10", "0.20")
    record(ledger, swift, nice, *cancelling("p-1", "m-1", "m-2", city="nice"), cancelled("m-2", "2026-03-07 09:00"))
    record(ledger, *cancelling("p-1", "m-3", "m-4")[:-1], cancelled("m-3", "2026-03-09 09:00"))

    come = ledger.replay(without=[position(ledger, nice)])["findings"]["extra"]

    (in_lyon,) = (each for each in come if each["figures"]["city"] == "lyon")
    assert [(why["event"], why["because"]) for why in in_lyon["why"]] == [(nice["id"], "taken_away")]


def test_where_the_ladder_alone_differs_the_reason_is_that_of_the_earlier_warning(ledger: LiveLedger) -> None:
    """Without m-1 nobody is warned in nice; that the client called m-5 off moves no figure, and is no reason."""
    swift = policy(
        "swift",
        "2026-01-02 00:00",
        warnings={"cooldown_days": 1},
        cancellation={"min_accepted": 2, "average": "0.4", "maximum": "1"},
    )
    by_client = cancelled("m-5", "2026-03-04 09:00", by="client")
    record(ledger, swift, *cancelling("p-1", "m-1", "m-2", city="nice"), requested("m-5"), accepted("m-5"), by_client)
    called_off = (cancelled(each, "2026-03-09 09:00") for each in ("m-3", "m-4"))
    record(ledger, *cancelling("p-1", "m-3", "m-4")[:-1], *called_off)
    away = [position(ledger, each) for each in (cancelled("m-1"), by_client)]

    last = ledger.replay(without=away)["findings"]["missing"][-1]

    assert (last["figures"]["rate"], last["figures"]["last_warning_at"]) == ("2/3", "2026-03-05T09:00:00Z")
    assert [(why["event"], why["because"]) for why in last["why"]] == [(cancelled("m-1")["id"], "taken_away")]


def test_as_of_an_instant_what_happened_only_after_it_is_named(ledger: LiveLedger) -> None:
    """m-1 was reported after m-2 had been missed, so that the second of the two found was the one of 10 March."""
    missions = [requested("m-1"), accepted("m-1"), requested("m-2", starts_at="2026-03-20 09:00"), accepted("m-2")]
    first, second = no_show("m-1"), no_show("m-2", "2026-03-20 09:30")
    record(ledger, *missions, second, first)

    gone, come = (reasons(ledger, side, as_of="2026-03-15T00:00:00Z") for side in ("missing", "extra"))

    assert gone["suspension_proposed", "p-1", "no_show"] == [(second["id"], "happened_later")]
    assert come == {("warned", "p-1", "no_show"): [(second["id"], "happened_later")]}


def test_a_policy_recorded_before_it_was_published_is_named(ledger: LiveLedger) -> None:
    """`early` was recorded first, and happened after the cancellation that it was no reason to warn for."""
    early = policy("early", "2026-01-01 00:00", "2026-04-01 00:00", cancellation={"min_accepted": 200})
    strict = policy("strict", "2025-12-01 00:00", cancellation={"min_accepted": 2, "average": "0.4", "maximum": "0.9"})
    record(ledger, strict, early, *cancelling("p-1", "m-1", "m-2"))
    warned = {("warned", "p-1", "cancellation.rate"): [(early["id"], "happened_later")]}

    assert reasons(ledger, "extra", order="occurred") == warned
    assert reasons(ledger, "extra", as_of="2026-03-15T00:00:00Z") == warned
    assumed = ledger.policy("test@strict")
    (found,) = reasons(ledger, "extra", order="occurred", policy=assumed).values()
    assert found == []  # the policy that is assumed makes the difference, whatever was published


def test_a_decision_has_the_reason_of_its_proposal(ledger: LiveLedger) -> None:
    """That m-0 was voided as well is no reason of a decision whose proposal rests on m-1."""
    bad = [rated(each, 1, f"2026-03-{day} 18:00") for day, each in ((10, "m-1"), (11, "m-2"), (12, "m-3"))]
    done = [completed(each, f"2026-03-{day} 11:00") for day, each in ((10, "m-1"), (11, "m-2"), (12, "m-3"))]
    asked = [requested(f"m-{number}", starts_at=f"2026-03-{9 + number} 09:00") for number in (1, 2, 3)]
    idle = requested("m-0"), accepted("m-0"), completed("m-0", "2026-03-10 11:00")
    record(ledger, *idle, *asked, *(accepted(f"m-{number}") for number in (1, 2, 3)), *done, *bad)
    record(ledger, voided(completed("m-0", "2026-03-10 11:00")), voided(bad[0]))

    assert reasons(ledger, "missing")["suspended", "p-1", "rating.negative"] == [(bad[0]["id"], "voided")]


def test_a_removal_that_came_late_is_the_reason_of_what_it_keeps_away_in_time(ledger: LiveLedger) -> None:
    """The exclusion follows either way; in time it comes before the warning in lyon, which then is not given."""
    missions = [requested(each, starts_at="2026-03-02 09:00", city="nice") for each in ("m-1", "m-2")]
    missed = [no_show(each, f"2026-03-02 {hour}:00") for each, hour in (("m-1", "10"), ("m-2", "11"))]
    record(ledger, STRICT, *missions, accepted("m-1"), accepted("m-2"))
    record(ledger, *cancelling("p-1", "m-3", "m-4"), *missed)

    found = reasons(ledger, "missing", order="occurred")

    assert found[("warned", "p-1", "cancellation.rate")] == [(missed[1]["id"], "recorded_later")]


def test_an_earlier_difference_is_earlier_in_the_order_told(ledger: LiveLedger) -> None:
    """Recorded after the warning of 9 March, what happened on the 5th fell into its cooldown, and no longer does."""
    first = cancelled("m-1", "2026-03-09 08:00")
    nice = requested("m-3", city="nice"), accepted("m-3"), requested("m-4", city="nice"), accepted("m-4")
    record(ledger, STRICT, requested("m-1"), accepted("m-1"), requested("m-2"), accepted("m-2"), *nice, first)
    record(ledger, cancelled("m-3", "2026-03-05 08:00"), voided(first))

    assert reasons(ledger, "extra") == {("warned", "p-1", "cancellation.rate"): [(first["id"], "voided")]}
