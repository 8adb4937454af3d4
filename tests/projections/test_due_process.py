"""Complaints and reviews as a ledger shows them: written in the commit of the fact, the same however they arrived."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from missions.kit import Document, baseline, cancelled, event, no_show, policy, voided
from missions.test_complaints import decided, opened
from missions.test_decisions import decision, suspended
from missions.test_reviews import MISSED_TWICE, REJECTED, missions

from ledger.instants import parse_us
from ledger.store.database import Database
from projections.complaints_reading import days_text
from projections.live import LiveLedger, open_ledger

NOW = "2027-06-01T00:00:00Z"


@contextmanager
def at(database: Database, now: str = NOW) -> Iterator[LiveLedger]:
    with open_ledger(database.url, clock=lambda: parse_us(now)) as ledger:
        yield ledger


def recorded(ledger: LiveLedger, *documents: Document) -> None:
    """All of them in one commit."""
    for outcome in ledger.record(list(documents), live=False):
        assert outcome.status == "recorded", outcome.error


def sound(ledger: LiveLedger) -> None:
    assert ledger.verify(progress=lambda done, of: None)["first_difference"] is None


HISTORY = (
    opened("2026-03-12 09:00", "p-2", id="c-0"),
    *MISSED_TWICE,
    opened("2026-03-13 09:00", id="c-1", text="I was there"),
    voided(opened("2026-03-12 09:00", "p-2", id="c-0"), "2026-03-12 10:00"),
    opened("2026-03-13 09:00", "p-2", id="c-2"),
    REJECTED,
    decided("2026-03-16 21:00", complaint="c-1"),
    decided("2026-03-14 10:00", "p-2", outcome="rejected"),
    opened("2027-01-05 09:00", id="c-3"),
    cancelled("m-3", "2026-03-01 18:00"),
    suspended("exclusion", "2026-04-01 09:00", rule="no_show"),
    voided(no_show("m-2", "2026-03-12 09:30")),
    suspended("restriction", "2027-01-01 09:00", pro="p-2", until="2027-02-01T00:00:00Z"),
    voided(opened("2027-01-05 09:00", id="c-3"), "2027-01-06 09:00"),
)


def told(ledger: LiveLedger) -> dict[str, Any]:
    pros = [{key: ledger.why(pro)[key] for key in ("reviews", "decisions")} for pro in ("p-1", "p-2")]
    return {"complaints": ledger.complaints(), "reviews": ledger.reviews(), "pros": pros}


def test_however_the_facts_arrive_the_tables_are_the_same(new_database: Callable[..., Database]) -> None:
    answers = []
    for size in (1, 4, len(HISTORY)):
        with at(new_database()) as ledger:
            for first in range(0, len(HISTORY), size):
                recorded(ledger, *HISTORY[first : first + size])
                if size == 1:
                    sound(ledger)
            sound(ledger)
            answers.append(told(ledger))
    assert answers[0]["reviews"]["reviews"]
    assert answers[0] == answers[1] == answers[2]


def test_a_review_says_what_fell_and_why(database: Database) -> None:
    with at(database) as ledger:
        recorded(ledger, *MISSED_TWICE)
        assert ledger.reviews()["reviews"] == []
        recorded(ledger, REJECTED)
        warning, excluded = ledger.reviews("p-1")["reviews"]

        assert (warning["kind"], warning["rule"], excluded["kind"], excluded["rule"]) == (
            "warning",
            "no_show",
            "decision",
            "no_show",
        )
        assert excluded["reason"] == "no_show_rejected"
        assert (excluded["fact"]["event"], excluded["fact"]["mission"]) == (no_show("m-1")["id"], "m-1")
        assert (excluded["cause"]["event"], excluded["cause"]["by"]) == (REJECTED["id"], "ines")
        assert excluded["cause"]["reason"] == "she was there"
        assert ledger.why("p-1")["reviews"] == ledger.standing("p-1")["reviews"] == [warning, excluded]
        assert ledger.why("p-1")["access"] == "excluded"
        assert ledger.why("p-2")["reviews"] == ledger.reviews("p-2")["reviews"] == []

        recorded(ledger, decision("reinstated", "2026-03-16 09:00"))
        assert ledger.reviews()["reviews"] == []
        sound(ledger)


@pytest.mark.parametrize(
    ("fell", "reason"),
    [
        (voided(no_show("m-2", "2026-03-12 09:30")), "fact_voided"),
        (cancelled("m-2", "2026-03-01 18:00"), "cancelled_in_time"),
        (voided(missions("m-2")[1]), "rests_on_a_voided_event"),  # its acceptance
        (voided({"id": "warned-8", "source": "mission-ledger/engine"}), "warning_voided"),
    ],
)
def test_each_reason_has_a_name(database: Database, fell: Document, reason: str) -> None:
    with at(database) as ledger:
        recorded(ledger, *MISSED_TWICE, fell)
        assert [(each["kind"], each["reason"]) for each in ledger.reviews()["reviews"]] == [("decision", reason)]
        sound(ledger)


def test_a_withdrawn_policy_or_baseline_shakes_what_was_judged_by_it(new_database: Callable[..., Database]) -> None:
    """One event at a time, in batches and all at once: every pro that was judged by it is looked at again."""
    wrong = baseline("lyon", "2026-02-10 09:00", "0.05", "0.90")
    rates = {"min_accepted": 2, "maximum": "0.90"}
    mild = policy("1", "2026-01-15 00:00", cancellation=rates | {"average": "0.40"})
    harsh = policy("2", "2026-02-01 00:00", cancellation=rates | {"average": "0.10"})
    history = [mild, harsh, wrong]
    for pro, city in (("p-1", "lyon"), ("p-2", "nice"), ("p-3", "lyon")):
        history += missions(f"{pro}-1", f"{pro}-2", f"{pro}-3", pro=pro, city=city)
        history.append(cancelled(f"{pro}-1", "2026-03-05 09:00"))
    history += [voided(wrong), voided(harsh)]
    answers = []
    for size in (1, 5, len(history)):
        with at(new_database(), "2026-06-15T00:00:00Z") as ledger:
            for first in range(0, len(history), size):
                recorded(ledger, *history[first : first + size])
            sound(ledger)
            answers.append(ledger.reviews())
    assert [(each["pro"], each["reason"], each["cause"]["event"]) for each in answers[0]["reviews"]] == [
        ("p-1", "baseline_withdrawn", voided(wrong)["id"]),
        ("p-2", "policy_withdrawn", voided(harsh)["id"]),
        ("p-3", "baseline_withdrawn", voided(wrong)["id"]),
    ]
    assert answers[0] == answers[1] == answers[2]


def test_a_voided_link_is_named_as_the_cause(new_database: Callable[..., Database]) -> None:
    """p-1 was excluded, by a person, for a no-show of p-2, which is somebody else after all; p-2's warning stands."""
    human = policy("2", "2026-02-01 00:00", decision="human")
    linked = event("pro.accounts_linked", "p-2", "2026-03-01 10:00", id="lk2", accounts=["p-1"], by="ines")
    still = event("pro.accounts_linked", "p-3", "2026-03-01 10:00", id="lk3", accounts=["p-4"], by="ines")
    history = [human, linked, still, *missions("m-2", pro="p-2"), *missions("m-1", starts_at="2026-03-12 09:00")]
    history += [no_show("m-2"), no_show("m-1", "2026-03-12 09:30")]
    history += [*missions("m-3", pro="p-3"), *missions("m-4", pro="p-4", starts_at="2026-03-12 09:00")]
    history += [no_show("m-3"), no_show("m-4", "2026-03-12 09:30")]
    proposal = "suspension_proposed-11"
    history += [suspended("exclusion", "2026-03-14 09:00", rule="no_show", proposal=proposal)]
    history += [voided(linked, "2026-03-15 09:00")]
    answers = []
    for size in (1, 5, len(history)):
        with at(new_database()) as ledger:
            for first in range(0, len(history), size):
                recorded(ledger, *history[first : first + size])
            sound(ledger)
            answers.append(ledger.reviews())
            assert ledger.why("p-1")["reviews"] == ledger.reviews("p-1")["reviews"]
            assert ledger.reviews("p-2")["reviews"] == ledger.reviews("p-3")["reviews"] == []
    found = answers[0]["reviews"]
    assert [(each["pro"], each["kind"], each["reason"], each["cause"]["event"]) for each in found] == [
        ("p-1", "decision", "link_voided", voided(linked)["id"])
    ]
    assert found[0]["fact"]["event"] == no_show("m-2")["id"]
    assert answers[0] == answers[1] == answers[2]


def test_a_restriction_that_is_over_needs_no_review(database: Database) -> None:
    proof = no_show("m-1")
    restricted = suspended("restriction", until="2026-04-01T00:00:00Z", evidence=[proof["id"]])
    with at(database) as ledger:
        recorded(
            ledger, *missions("m-1"), *missions("m-2", pro="p-2"), proof, restricted, voided(proof, "2026-03-21 09:00")
        )
        warned = [each["kind"] for each in ledger.reviews()["reviews"]]
    with at(database, "2026-03-31T23:59:59Z") as ledger:
        before = [each["kind"] for each in ledger.reviews()["reviews"]]
    assert (before, warned) == (["warning", "decision"], ["warning"])


def test_proof_is_about_the_pro_by_the_whole_log(database: Database) -> None:
    """Asked when the decision comes, also of what an earlier commit or the same one recorded; never again."""
    proof, of_another = no_show("m-1"), cancelled("m-2", "2026-03-05 09:00")
    first, second = (
        suspended("termination", time, notice_exception="imperative_reason", evidence=[named])
        for time, named in (("2026-03-20 09:00", proof["id"]), ("2026-03-21 09:00", of_another["id"]))
    )
    with at(database) as ledger:
        recorded(ledger, *missions("m-1"), *missions("m-2", pro="p-2"), of_another)
        outcomes = ledger.record([proof, first, second], live=False)
        assert [each.error.code if each.error else each.status for each in outcomes] == [
            "recorded",
            "recorded",
            "unknown_event",
        ]
        sound(ledger)
        replayed = ledger.replay(["p-1"], progress=lambda done, of: None)
        assert (replayed["left_out"], replayed["pros_changed"]) == ([], [])


def test_what_an_older_program_took_as_proof_stays_recorded(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    of_another = cancelled("m-2", "2026-03-05 09:00")
    decided = suspended("termination", notice_exception="imperative_reason", evidence=[of_another["id"]], proposal="x")
    with at(database) as ledger:
        with monkeypatch.context() as older:
            older.setattr("ledger.arriving.CHECKS", {})
            recorded(ledger, *missions("m-1"), *missions("m-2", pro="p-2"), of_another, decided)
        assert ledger.record([decided])[0].status == "duplicate"
        sound(ledger)
        for pros in ([], ["p-1"]):
            replayed = ledger.replay(pros, progress=lambda done, of: None)
            assert (replayed["left_out"], replayed["pros_changed"]) == ([], [])


def test_decisions_of_the_past_keep_their_place_in_why(database: Database) -> None:
    late = suspended("restriction", "2026-03-18 09:00")
    with at(database) as ledger:
        recorded(ledger, *missions("m-1"), *missions("m-2", pro="p-2"), suspended(), late, voided(suspended()))
        first, second = ledger.why("p-1")["decisions"]

        assert (first["event"], first["voided"], first["dated_back"]) == (suspended()["id"], True, False)
        assert (second["event"], second["voided"], second["dated_back"]) == (late["id"], False, True)
        assert ledger.why("p-2")["decisions"] == []

        recorded(ledger, no_show("m-1"), *missions("m-4", starts_at="2026-03-12 09:00"))
        recorded(ledger, no_show("m-4", "2026-03-12 09:30"))
        recorded(ledger, decision("reinstated", "2026-03-14 09:00"), voided(no_show("m-4", "2026-03-12 09:30")))
        excluded = next(each for each in ledger.why("p-1")["decisions"] if each["summary"] == "exclusion by engine")
        assert [each["event"] for each in excluded["fallen"]] == [no_show("m-4", "2026-03-12 09:30")["id"]]
        sound(ledger)


def test_the_list_of_complaints(database: Database) -> None:
    with at(database) as ledger:
        recorded(ledger, *HISTORY[:13])  # up to both complaints
        first, second = ledger.complaints()["complaints"]

        assert (first["pro"], first["status"], first["decided"], first["late"]) == ("p-1", "open", None, False)
        assert (first["contested"]["kind"], first["contested"]["rule"]) == ("exclusion", "no_show")
        assert first["contested"]["in_force"] is True
        assert (first["deadline"], first["last_day"]) == ("2026-09-13T00:00:00Z", "2026-09-12")
        assert (second["pro"], second["contested"]["kind"]) == ("p-2", "warning")
        assert "I was there" not in str(ledger.complaints())

        recorded(ledger, *HISTORY[13:17])
        assert [each["event"] for each in ledger.complaints(only_open=True)["complaints"]] == ["c-3"]
        assert [each["event"] for each in ledger.complaints(pro="p-2")["complaints"]] == ["c-2"]
        assert [each["event"] for each in ledger.complaints(year=2027)["complaints"]] == ["c-3"]
        assert ledger.complaints(year=2027)["complaints"][0]["late"] is True


@pytest.mark.parametrize(
    ("now", "due", "overdue"),
    [("2026-03-17T21:00:00Z", True, False), ("2026-03-17T21:00:00.000001Z", True, True)],
)
def test_upheld_and_not_reinstated(database: Database, now: str, due: bool, overdue: bool) -> None:
    with at(database, now) as ledger:
        recorded(ledger, *HISTORY[:15])
        one, other = ledger.complaints()["complaints"]
        assert (one["reinstatement_due"], one["reinstatement_overdue"]) == (due, overdue)
        assert (other["reinstatement_due"], other["reinstatement_overdue"]) == (False, False)

        recorded(ledger, decision("reinstated", "2026-03-17 09:00"))
        assert ledger.complaints(pro="p-1")["complaints"][0]["reinstatement_due"] is False
        sound(ledger)


def test_a_voided_decision_is_shown_as_what_was_contested(database: Database) -> None:
    with at(database) as ledger:
        recorded(ledger, *missions("m-1"), suspended(), opened(decision=suspended()["id"]), voided(suspended()))
        (complaint,) = ledger.complaints()["complaints"]
        assert (complaint["contested"]["voided"], complaint["contested"]["in_force"]) == (True, False)
        sound(ledger)


def test_a_complaint_gets_its_decision_when_that_arrives(database: Database) -> None:
    with at(database) as ledger:
        recorded(ledger, *missions("m-1"), *missions("m-2", pro="p-2"), opened(), opened(pro="p-2"))
        assert [each["contested"] for each in ledger.complaints()["complaints"]] == [None, None]
        recorded(ledger, no_show("m-1"))
        one, other = ledger.complaints()["complaints"]
        assert (one["contested"]["kind"], one["last_day"]) == ("warning", "2026-09-10")
        assert (other["contested"], other["deadline"], other["late"]) == (None, None, False)
        assert ledger.complaint_statistics(2026)["rules"] == [
            {"rule": None, "complaints": 1},
            {"rule": "no_show", "complaints": 1},
        ]
        sound(ledger)


def test_a_year_in_numbers(database: Database) -> None:
    with at(database) as ledger:
        recorded(ledger, *HISTORY)
        third = suspended("suspension", "2026-12-31 22:00", pro="p-2", rule="cancellation.rate")
        recorded(ledger, third, opened("2026-12-31T23:59:59Z", "p-2"), opened("2027-01-01T00:00:00Z", "p-2"))
        recorded(ledger, event("pro.complaint_opened", "p-1", "2026-10-02 09:00", id="c-late"))

        year = ledger.complaint_statistics(2026)
        del year["position"]
        assert year == {
            "year": 2026,
            "complaints": 4,
            "open": 2,
            "decided": 2,
            "late": 1,
            "rules": [{"rule": "no_show", "complaints": 3}, {"rule": "cancellation.rate", "complaints": 1}],
            "outcomes": {"upheld": 1, "partly_upheld": 0, "rejected": 1},
            "average_days": "2.3",  # 3.5 and 1 1/24 days
        }
        assert ledger.complaint_statistics(2025)["complaints"] == 0
        assert ledger.complaint_statistics(2025)["average_days"] is None
        assert ledger.complaint_statistics(2027)["complaints"] == 1


@pytest.mark.parametrize(("hours", "number", "text"), [(36, 1, "1.5"), (6, 5, "0.1"), (1, 1, "0.0"), (2400, 3, "33.3")])
def test_days_are_exact(hours: int, number: int, text: str) -> None:
    assert days_text(hours * 3_600_000_000, number) == text


LINKED = event("pro.accounts_linked", "p-1", "2026-03-11 09:00", accounts=["p-9"], by="ines")
ACCOUNTS = (
    *missions("m-1"),
    *missions("m-2", pro="p-9", starts_at="2026-03-12 09:00"),
    no_show("m-1"),
    LINKED,
    no_show("m-2", "2026-03-12 09:30"),
    opened("2026-03-13 09:00", "p-9", id="c-9"),
    REJECTED,
    decided("2026-03-16 09:00", "p-1"),
)


def test_accounts_of_one_person_share_what_is_reviewed(new_database: Callable[..., Database]) -> None:
    answers = []
    for size in (1, len(ACCOUNTS)):
        with at(new_database()) as ledger:
            for first in range(0, len(ACCOUNTS), size):
                recorded(ledger, *ACCOUNTS[first : first + size])
            sound(ledger)
            answers.append([ledger.reviews(), ledger.complaints(), ledger.reviews("p-9"), ledger.complaints(pro="p-1")])
            assert ledger.why("p-9")["reviews"] == ledger.standing("p-1")["reviews"]

            recorded(ledger, voided(LINKED))
            sound(ledger)
    assert answers[0] == answers[1]
    of_all, complaints, of_one, complaints_of_one = answers[0]
    assert [(each["pro"], each["kind"]) for each in of_all["reviews"]] == [("p-1", "warning"), ("p-9", "decision")]
    assert of_all == of_one
    assert [(each["pro"], each["status"]) for each in complaints["complaints"]] == [("p-9", "decided")]
    assert complaints == complaints_of_one
