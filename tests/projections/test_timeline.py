"""The timeline of a pro and of a mission: what each event changed when it was recorded, and what is not told."""

from __future__ import annotations

import time
from collections.abc import Iterator
from typing import Any

import orjson
import pytest
from billing.closes import adjustment, two_pros
from importing.ledgers import opened, record, verified
from missions.kit import accepted, both, cancelled, completed, event, no_show, policy, rated, requested, voided
from rules.career import agreed, called_off, day

from ledger.errors import Misused, Refused
from ledger.store.database import Database
from projections.live import LiveLedger

Entry = dict[str, Any]
EAGER = policy(
    "eager",
    "2026-01-15 00:00",
    cancellation={"min_accepted": 2, "average": "0.05", "maximum": "0.10"},
    warnings={"max": 1, "cooldown_days": 1},
)


@pytest.fixture
def ledger(database: Database) -> Iterator[LiveLedger]:
    with opened(database) as live:
        yield live
        assert verified(live)["first_difference"] is None


def entries(ledger: LiveLedger, subject: str, **asked: str) -> list[Entry]:
    found: list[Entry] = ledger.timeline(subject, **asked)["entries"]
    return found


def told(entry: Entry) -> dict[str, tuple[Any, Any]]:
    """What an entry changed: `accepted in lyon` → (before, after)."""
    return {
        each["what"] + (f" in {each['city']}" if each["city"] else ""): (each["before"], each["after"])
        for each in entry["changes"]
    }


def of_type(found: list[Entry], event_type: str) -> list[Entry]:
    return [each for each in found if each["type"] == event_type]


def test_a_mission_from_its_request_to_its_bill(ledger: LiveLedger) -> None:
    record(ledger, *both(), completed("m-1", minutes=90), completed("m-2"), rated("m-1", 4), rated("m-2", 1))
    document = ledger.timeline("m-1")
    assert (document["subject"], document["kind"], document["position"]) == ("m-1", "mission", 8)
    asked, held, done, given = document["entries"]
    assert told(asked) == {
        "state": (None, "open"),
        "starts_at": (None, "2026-03-10T09:00:00Z"),
        "minutes": (None, 120),
    }
    assert told(held) == {
        "state": ("open", "held"),
        "holder": (None, "p-1"),
        "counts in lyon": (None, ["accepted"]),
    }
    assert told(done) == {
        "state": ("held", "completed"),
        "minutes": (120, 90),
        "gross": (None, {"amount": "45.00", "currency": "EUR"}),
        "commission": (None, {"amount": "6.75", "currency": "EUR"}),
        "vat": (None, {"amount": "1.35", "currency": "EUR"}),
        "closes_at": (None, "2026-03-11T23:00:00Z"),
    }
    assert told(given) == {"counts in lyon": (["accepted"], ["accepted", "rated_4"])}
    assert [each["pro"] for each in document["entries"]] == [None, "p-1", "p-1", "p-1"]


def test_the_shape_of_an_entry(ledger: LiveLedger) -> None:
    record(ledger, *both())
    (asked, held) = entries(ledger, "m-2")
    assert list(held) == [
        "position", "event", "source", "type", "mission", "pro", "time", "recorded", "late", "voided", "void",
        "summary", "reason", "figures", "changes", "cause",
    ]  # fmt: skip
    assert (held["position"], held["event"], held["source"]) == (4, accepted("m-2", "p-2")["id"], "app/fr")
    assert (held["time"], held["mission"], held["summary"]) == ("2026-03-01T09:00:00Z", "m-2", "accepted by p-2")
    assert held["recorded"] == next(each["recordedtime"] for each in ledger.events(after=3))
    assert list(held["changes"][0]) == ["what", "city", "pro", "about", "before", "after"]
    assert asked["cause"] is None


def test_a_pros_figures_move_with_its_own_missions_only(ledger: LiveLedger) -> None:
    record(ledger, *both("m-1", "m-2"), *both("m-3", pros=("p-1",)), cancelled("m-1", "2026-03-09 10:00"))
    record(ledger, completed("m-3"), rated("m-3", 5), completed("m-2"), rated("m-2", 2))
    mine = entries(ledger, "p-1")
    assert {each["mission"] for each in mine} == {"m-1", "m-3"}
    (called_off,) = of_type(mine, "mission.cancelled")
    assert told(called_off) == {
        "state": ("held", "open"),
        "holder": ("p-1", None),
        "cancelled in lyon": (0, 1),
        "cancellation_rate in lyon": ("0/2", "1/2"),
        "cancellation_percent in lyon": ("0.00", "50.00"),
        "late_cancellations in lyon": (0, 1),
    }
    (stars,) = of_type(mine, "mission.rated")
    assert told(stars) == {"rated in lyon": (0, 1), "stars in lyon": (0, 5), "rating in lyon": (None, "5.00")}
    (other,) = of_type(entries(ledger, "p-2"), "mission.rated")
    assert told(other)["rating in lyon"] == (None, "2.00")


def test_what_counts_for_nothing_says_why(ledger: LiveLedger) -> None:
    """A refusal, a lapsed proposal, a delay, a reschedule, a client's cancellation, the pro's own rating, and voids."""
    moved = event("mission.rescheduled", "m-1", "2026-03-04 09:00", by="pro", starts_at="2026-03-11T09:00:00Z")
    record(
        ledger,
        *both(),
        event("mission.refused", "m-2", "2026-02-28 09:00", pro="p-1") | {"time": "2026-03-01T08:30:00Z"},
    )
    record(ledger, event("mission.expired", "m-2", "2026-03-01 08:40", pro="p-1"), moved)
    record(ledger, event("mission.delayed", "m-1", "2026-03-11 08:00", minutes=10))
    record(ledger, cancelled("m-1", "2026-03-11 08:30", by="client"))
    record(ledger, completed("m-2"), rated("m-2", 5, by="pro"))
    found = {each["type"]: each for each in entries(ledger, "p-1") + entries(ledger, "p-2")}
    for name, reason in (
        ("mission.refused", "refusal_never_counts"),
        ("mission.expired", "lapsed_proposal_never_counts"),
        ("mission.delayed", None),
        ("mission.rated", "rating_of_the_client_never_counts"),
    ):
        assert (found[name]["changes"], found[name]["reason"]) == ([], reason), name
    assert told(found["mission.rescheduled"]) == {"starts_at": ("2026-03-10T09:00:00Z", "2026-03-11T09:00:00Z")}
    assert found["mission.rescheduled"]["reason"] == "reschedule_never_counts"
    assert told(found["mission.cancelled"]) == {"state": ("held", "cancelled")}
    assert found["mission.cancelled"]["reason"] == "client_cancellation_never_counts"


def test_a_pro_sees_its_check_in_which_may_dispute_a_no_show(ledger: LiveLedger) -> None:
    there = event("mission.checked_in", "m-1", "2026-03-10 09:00")
    record(ledger, requested("m-1"), accepted("m-1"), there)
    (mine,) = of_type(entries(ledger, "p-1"), "mission.checked_in")
    assert told(mine) == {"checked_in_at": (None, "2026-03-10T09:00:00Z")}
    record(ledger, voided(there))
    assert told(entries(ledger, "p-1")[-1]) == {"checked_in_at": ("2026-03-10T09:00:00Z", None)}


def test_a_pro_who_refused_does_not_see_what_another_did_then(ledger: LiveLedger) -> None:
    refused = event("mission.refused", "m-2", "2026-03-01 08:30", pro="p-1")
    record(ledger, requested("m-2"), refused, accepted("m-2", "p-2"), completed("m-2"))
    record(ledger, *both("m-1", pros=("p-1",)), cancelled("m-1"), accepted("m-1", "p-2", "2026-03-06 09:00"))
    mine = [(each["type"], each["mission"]) for each in entries(ledger, "p-1")]
    assert mine == [
        ("mission.requested", "m-2"),
        ("mission.refused", "m-2"),
        ("mission.requested", "m-1"),
        ("mission.accepted", "m-1"),
        ("mission.cancelled", "m-1"),
    ]
    assert len(entries(ledger, "m-1")) == 4  # the mission's own timeline has everything


def test_a_late_arrival_is_marked_and_heals_what_waited(ledger: LiveLedger) -> None:
    record(ledger, requested("m-1"), completed("m-1"), accepted("m-1", "p-1"), *both("m-2", pros=("p-2",)))
    asked, done, held = entries(ledger, "m-1")
    assert [each["late"] for each in (asked, done, held)] == [False, False, True]
    assert told(done)["anomaly"] == (None, "completed_without_acceptance")
    assert told(held)["anomaly"] == ("completed_without_acceptance", None)
    assert {each["about"] for each in held["changes"]} == {None, done["position"]}
    assert told(held)["holder"] == (None, "p-1")
    assert not any(each["late"] for each in entries(ledger, "p-2"))
    occurred = entries(ledger, "m-1", order="occurred")
    assert [each["type"] for each in occurred] == ["mission.requested", "mission.accepted", "mission.completed"]
    assert occurred[1] == held  # what it changed remains what the ledger saw then


def test_an_event_that_a_late_one_sets_aside(ledger: LiveLedger) -> None:
    record(ledger, *both(), no_show("m-1"), no_show("m-2"), cancelled("m-1", "2026-03-05 09:00"))
    found = entries(ledger, "m-1")
    (reported,) = of_type(found, "mission.no_show")
    (called_off,) = of_type(found, "mission.cancelled")
    assert told(called_off)["set_aside"] == (None, "invalid_transition")
    assert [each["about"] for each in called_off["changes"] if each["what"] == "set_aside"] == [reported["position"]]
    assert told(called_off)["counts in lyon"] == (["accepted", "no_show"], ["accepted", "cancelled"])
    (mine,) = of_type(entries(ledger, "p-1"), "mission.cancelled")
    assert told(mine)["no_shows"] == told(mine)["no_shows in lyon"] == (1, 0)
    (other,) = of_type(entries(ledger, "p-2"), "mission.no_show")
    assert told(other)["no_shows"] == (0, 1)


def test_a_voided_event_stays_and_the_void_takes_back_what_it_changed(ledger: LiveLedger) -> None:
    wrong = cancelled("m-1", "2026-03-05 09:00")
    record(ledger, *both(), wrong, voided(wrong), completed("m-1"))
    for subject in ("m-1", "p-1"):
        found = entries(ledger, subject)
        (cancelling,) = of_type(found, "mission.cancelled")
        (voiding,) = of_type(found, "ledger.event_voided")
        assert cancelling["voided"] is True
        assert cancelling["void"] == {
            "position": voiding["position"], "by": "ines", "reason": "recorded in error",
        }  # fmt: skip
        assert {what: (after, before) for what, (before, after) in told(cancelling).items()} == told(voiding)
        assert voiding["mission"] == "m-1"
        assert not any(each["voided"] for each in found if each is not cancelling)
    assert of_type(entries(ledger, "p-2"), "ledger.event_voided") == []


def test_findings_and_decisions_are_placed_once_and_name_their_cause(ledger: LiveLedger) -> None:
    both_missed = [*both("m-1", "m-2", pros=("p-1", "p-1")), no_show("m-1"), no_show("m-2", "2026-03-10 09:40")]
    record(ledger, EAGER, *both_missed, *both("m-3", pros=("p-2",)), no_show("m-3"))
    record(ledger, event("pro.complaint_opened", "p-1", "2026-03-12 09:00", text="not fair"))
    record(ledger, event("pro.reinstated", "p-1", "2026-03-14 09:00", by="ines", reason="papers seen"))
    found = entries(ledger, "p-1")
    own = [each["sequence"] for each in ledger.events(pro="p-1") if each["type"].startswith("pro.")]
    assert [each["position"] for each in found if each["type"].startswith("pro.")] == own
    warned = of_type(found, "pro.warned")[0]
    first, second = of_type(found, "mission.no_show")
    assert (warned["cause"], warned["position"]) == (first["event"], first["position"] + 1)
    assert told(warned) == {"warnings.no_show": (None, 1)}
    assert warned["figures"]["no_shows"] == 1
    (decided,) = of_type(found, "pro.suspended")
    assert decided["cause"] == second["event"]
    assert told(decided) == {
        "access": ("active", "excluded"),
        "proposals": (["exclusion under no_show"], []),
        "decisions": ([], ["exclusion by engine"]),
    }
    (complained,) = of_type(found, "pro.complaint_opened")
    assert told(complained) == {"complaints_open": (0, 1)}
    (back,) = of_type(found, "pro.reinstated")
    assert told(back)["access"] == ("excluded", "active")
    assert told(back)["warnings.no_show"] == (1, None)
    assert told(of_type(entries(ledger, "p-2"), "pro.warned")[0]) == {"warnings.no_show": (None, 1)}


def test_a_missions_timeline_has_what_the_engine_found_because_of_it(ledger: LiveLedger) -> None:
    record(
        ledger, *both("m-1", "m-2", "m-3", pros=("p-1", "p-1", "p-2")), no_show("m-1"), no_show("m-2"), no_show("m-3")
    )
    found = entries(ledger, "m-2")
    assert [(each["type"], each["pro"]) for each in found[2:]] == [
        ("mission.no_show", "p-1"),
        ("pro.suspension_proposed", "p-1"),
        ("pro.suspended", "p-1"),
    ]
    assert [each["changes"] for each in found[3:]] == [[], []]
    assert [each["type"] for each in entries(ledger, "m-3")[3:]] == ["pro.warned"]


def test_what_was_known_then_is_not_judged_by_what_was_published_later(ledger: LiveLedger) -> None:
    """A policy recorded later, in force earlier: the bill of the timeline is the one the ledger showed."""
    record(ledger, *both(), completed("m-1"), completed("m-2"))
    dearer = policy("dear", "2026-02-01 00:00", billing={"commission": "0.50", "commission_by_service": {}})
    record(
        ledger,
        dearer,
        event("mission.duration_modified", "m-1", "2026-03-10 12:00", duration_minutes=60, reason="shorter"),
    )
    done, changed = entries(ledger, "m-1")[2:4]
    assert told(done)["commission"] == (None, {"amount": "9.00", "currency": "EUR"})
    now = next(each for each in ledger.billing()["lines"] if each["mission"] == "m-1")
    assert told(changed)["commission"][1] == {"amount": now["commission"], "currency": "EUR"}
    assert told(entries(ledger, "m-2")[-1])["commission"][1]["amount"] == "9.00"


def test_the_bill_goes_on_with_its_adjustments(ledger: LiveLedger) -> None:
    """The last amount that a timeline tells is the one that is billed, also once an adjustment was voided."""
    record(ledger, *two_pros())
    adjusted = [ledger.adjust(adjustment(mission, duration_minutes=60)).event for mission in ("m-1", "m-2")]
    again = ledger.adjust(adjustment("m-1", id="again", refund={"amount": "30.00", "currency": "EUR"})).event
    assert again is not None
    record(ledger, voided(again, "2027-05-02 09:00"))
    whole, half, none = [{"amount": each, "currency": "EUR"} for each in ("60.00", "30.00", "0.00")]
    for subject in ("m-1", "p-1"):
        told_of = [each for each in entries(ledger, subject) if each["mission"] in ("m-1", None)]
        bill = [(each["type"], told(each)["gross"]) for each in told_of if "gross" in told(each)]
        assert bill == [
            ("mission.completed", (None, whole)),
            ("billing.adjusted", (whole, half)),
            ("billing.adjusted", (half, none)),
            ("ledger.event_voided", (none, half)),
        ]
        assert [each["voided"] for each in of_type(told_of, "billing.adjusted")] == [False, True]
        assert of_type(told_of, "billing.adjusted")[0]["summary"] == "billed for 60 minutes by C. Roux"
    billed = {each["mission"]: each["gross"] for each in ledger.billing()["lines"]}
    assert (billed["m-1"], billed["m-2"]) == ("30.00", "40.00")
    assert [each["event"] for each in of_type(entries(ledger, "p-2"), "billing.adjusted")] == [adjusted[1]["id"]]


def test_a_voided_policy_is_no_entry_of_anybodys_timeline(ledger: LiveLedger) -> None:
    record(ledger, EAGER, *both(), voided(EAGER), completed("m-1"), completed("m-2"))
    for subject in ("m-1", "p-1", "m-2", "p-2"):
        assert {each["type"].partition(".")[0] for each in entries(ledger, subject)} == {"mission"}


def test_no_personal_text_is_told(ledger: LiveLedger) -> None:
    secret = "rue Secrète"
    record(ledger, requested("m-1", address=f"7 {secret}", comment=secret), accepted("m-1", "p-1"), completed("m-1"))
    record(ledger, {**rated("m-1", 4), "data": {"by": "client", "stars": 4, "comment": secret}})
    record(ledger, event("mission.damage_declared", "m-1", "2026-03-11 09:00", description=secret))
    record(ledger, event("pro.registered", "p-1", "2026-01-01 09:00", name=secret, email="x@secret.example"))
    record(ledger, event("pro.complaint_opened", "p-1", "2026-03-12 09:00", text=secret))
    report = event(
        "pro.conduct_reported", "p-1", "2026-03-12 10:00", ground="profanity", by=secret, description=secret, id="r-1"
    )
    record(ledger, report, *both("m-2", pros=("p-2",)))
    assert str(list(ledger.events())).count(secret) == 8  # it is kept, and readable where it is asked for
    for subject in ("m-1", "p-1"):
        said = orjson.dumps(ledger.timeline(subject)).decode()
        assert secret not in said
        assert "secret.example" not in said
    assert len(entries(ledger, "p-1")) == 8


def test_accounts_that_are_linked_have_one_timeline_from_then_on(ledger: LiveLedger) -> None:
    record(ledger, *both("m-1", "m-2", pros=("p-1", "p-9")), *both("m-3", pros=("p-2",)), no_show("m-2"))
    linked = event("pro.accounts_linked", "p-9", "2026-03-11 09:00", accounts=["p-1"], by="ines")
    record(ledger, linked, *both("m-4", pros=("p-9",)))
    mine = entries(ledger, "p-1")
    (link,) = of_type(mine, "pro.accounts_linked")
    assert told(link)["accounts"] == (["p-1"], ["p-1", "p-9"])
    assert told(link)["accepted in lyon"] == (1, 2)
    assert told(link)["no_shows"] == (0, 1)
    assert told(link)["warnings.no_show"] == (None, 1)
    after = [(each["mission"], each["pro"]) for each in mine if each["position"] > link["position"]]
    assert after == [("m-4", None), ("m-4", "p-9")]
    assert not any(each["mission"] == "m-2" for each in of_type(mine, "mission.accepted"))

    record(ledger, voided(linked))
    (unlink,) = of_type(entries(ledger, "p-1"), "ledger.event_voided")
    assert told(unlink)["accounts"] == (["p-1", "p-9"], ["p-1"])
    assert told(unlink)["accepted in lyon"] == (3, 1)
    assert of_type(entries(ledger, "p-2"), "pro.accounts_linked") == []


def test_a_warning_that_expired_long_ago_comes_with_no_link(ledger: LiveLedger) -> None:
    record(ledger, *agreed("p-9", 20), called_off("p-9", 0, day(1)), *both())
    (warned,) = of_type(entries(ledger, "p-9"), "pro.warned")
    assert told(warned) == {"warnings.cancellation.rate": (None, 1)}
    # when the account is linked with another after that warning has expired
    record(ledger, event("pro.accounts_linked", "p-9", day(300), accounts=["p-1"], by="ines"))
    for pro in ("p-1", "p-9"):
        (link,) = of_type(entries(ledger, pro), "pro.accounts_linked")
        assert "warnings.cancellation.rate" not in told(link)


def test_a_cancellation_inside_an_unavailability_counts_for_nothing(ledger: LiveLedger) -> None:
    away = event(
        "pro.unavailable", "p-1", "2026-02-20 09:00", starts_at="2026-03-09T00:00:00Z", ends_at="2026-03-12T00:00:00Z"
    )
    record(ledger, away, *both(), cancelled("m-1"), cancelled("m-2"))
    for subject in ("p-1", "m-1"):
        (called_off,) = of_type(entries(ledger, subject), "mission.cancelled")
        assert called_off["reason"] == "cancelled_inside_an_unavailability"
        assert "cancelled in lyon" not in told(called_off)
    assert told(of_type(entries(ledger, "m-1"), "mission.cancelled")[0])["counts in lyon"] == (
        ["accepted"], ["accepted", "excused"],
    )  # fmt: skip
    (other,) = of_type(entries(ledger, "p-2"), "mission.cancelled")
    assert (other["reason"], told(other)["cancelled in lyon"]) == (None, (0, 1))
    assert "pro.unavailable" not in {each["type"] for each in entries(ledger, "m-1")}

    record(ledger, voided(away))
    for subject in ("p-1", "m-1"):
        voiding = entries(ledger, subject)[-1]
        assert voiding["type"] == "ledger.event_voided"
        assert {"cancelled in lyon", "counts in lyon"} & told(voiding).keys()


def test_a_series_that_ends_counts_once(ledger: LiveLedger) -> None:
    for name in ("m-1", "m-2"):
        record(ledger, requested(name, series="weekly"), accepted(name, "p-1"))
    record(
        ledger,
        *both("m-3", pros=("p-2",)),
        cancelled("m-1", reason="series_ended"),
        cancelled("m-2", reason="series_ended"),
    )
    first, second = of_type(entries(ledger, "p-1"), "mission.cancelled")
    assert (first["reason"], told(first)["cancelled in lyon"]) == (None, (0, 1))
    assert second["reason"] == "series_counted_already"
    assert "cancelled in lyon" not in told(second)
    (of_mission,) = of_type(entries(ledger, "m-2"), "mission.cancelled")
    assert told(of_mission)["counts in lyon"] == (["accepted"], ["accepted", "series_ended"])


def test_conduct_and_documents(ledger: LiveLedger) -> None:
    report = event("pro.conduct_reported", "p-1", "2026-03-10 09:00", ground="violence", by="client-9", id="r-1")
    ruled = event("pro.conduct_confirmed", "p-1", "2026-03-12 09:00", report="r-1", by="ines", reason="seen")
    expired = event("pro.document_expired", "p-2", "2026-03-10 09:00", kind="insurance")
    record(ledger, *both(), report, ruled, expired)
    record(ledger, event("pro.document_verified", "p-2", "2026-03-11 09:00", kind="insurance"))
    found = entries(ledger, "p-1")
    assert told(of_type(found, "pro.conduct_reported")[0])["reports_open"] == ([], ["violence"])
    assert told(of_type(found, "pro.conduct_confirmed")[0])["reports_confirmed"] == ([], ["violence"])
    assert [told(each)["access"] for each in of_type(found, "pro.suspended")] == [
        ("active", "suspended"), ("suspended", "excluded"),
    ]  # fmt: skip
    other = entries(ledger, "p-2")
    assert told(of_type(other, "pro.document_expired")[0])["documents_expired"] == ([], ["insurance"])
    assert told(of_type(other, "pro.suspended")[0])["access"] == ("active", "restricted")
    assert told(of_type(other, "pro.document_verified")[0])["access"] == ("restricted", "active")
    own = [each["sequence"] for each in ledger.events(pro="p-1") if each["type"].startswith("pro.")]
    assert [each["position"] for each in found if each["type"].startswith("pro.")] == own


def test_a_name_that_is_both_or_neither(ledger: LiveLedger) -> None:
    record(ledger, *both("x", "m-2", pros=("x", "p-2")))
    with pytest.raises(Misused) as ambiguous:
        ledger.timeline("x")
    assert ambiguous.value.code == "ambiguous_subject"
    assert ledger.timeline("x", "pro")["kind"] == "pro"
    assert ledger.timeline("x", "mission")["kind"] == "mission"
    for kind, code in ((None, "unknown_pro"), ("pro", "unknown_pro"), ("mission", "unknown_mission")):
        with pytest.raises(Refused) as unknown:
            ledger.timeline("nobody", kind)
        assert unknown.value.code == code


def test_a_busy_pro_is_answered_in_a_second_and_a_half(ledger: LiveLedger) -> None:
    """4,000 events of a thousand missions; processor time, so that other work on the machine does not matter."""
    for start in range(0, 1000, 250):
        documents: list[Entry] = []
        for number in range(start, start + 250):
            name = f"m-{number}"
            documents += [requested(name), accepted(name, "p-1"), completed(name), rated(name, 1 + number % 5)]
        record(ledger, *documents)
    record(ledger, *both("other", pros=("p-2",)))

    def seconds() -> float:
        started = time.process_time()
        assert len(ledger.timeline("p-1")["entries"]) >= 4000
        return time.process_time() - started

    assert min(seconds() for _ in range(2)) < 1.5
