"""What a person's decision needs: a name, a reason, and thirty days before a termination; and what it changes."""

from __future__ import annotations

from typing import Any

import pytest

from .kit import (
    RECORDED,
    Document,
    Story,
    accepted,
    both,
    cancelled,
    event,
    no_show,
    policy,
    requested,
    voided,
)

HUMAN = policy("2", "2026-02-01 00:00", decision="human")


def decision(type: str, time: str = "2026-03-20 09:00", pro: str = "p-1", **data: Any) -> Document:
    data.setdefault("by", "ines")
    data.setdefault("reason", "read the file")
    return event(f"pro.{type}", pro, time, source="desk", **{key: each for key, each in data.items() if each})


def suspended(kind: str = "suspension", time: str = "2026-03-20 09:00", **data: Any) -> Document:
    return decision("suspended", time, kind=kind, **data)


@pytest.mark.parametrize(
    ("kind", "access"),
    [("restriction", "restricted"), ("suspension", "suspended"), ("exclusion", "excluded")],
)
def test_access_follows_the_decision(kind: str, access: str) -> None:
    story = Story(*both(), suspended(kind))
    assert (story.access("p-1"), story.access("p-2")) == (access, "active")

    story.given(decision("reinstated", "2026-03-21 09:00"))
    assert (story.access("p-1"), story.access("p-2")) == ("active", "active")


def test_a_restriction_with_an_end_lifts_by_itself() -> None:
    story = Story(*both(), suspended("restriction", until="2026-03-22T09:00:00Z"))

    assert story.access("p-1", "2026-03-22T08:59:59Z") == "restricted"
    assert story.access("p-1", "2026-03-22T09:00:00Z") == "active"


@pytest.mark.parametrize("missing", ["by", "reason"])
def test_no_statement(missing: str) -> None:
    story = Story(*both())
    document = suspended()
    del document["data"][missing]
    before = story.trace()

    assert story.when(document).code == "no_statement"
    assert story.trace() == before


@pytest.mark.parametrize("blank", ["", "   "])
def test_a_blank_statement_is_none(blank: str) -> None:
    story = Story(*both())
    unexplained, unsigned = suspended(), suspended()
    unexplained["data"]["reason"] = unsigned["data"]["by"] = blank

    assert story.when(unexplained).code == "no_statement"
    assert story.when(unsigned).code in ("no_statement", "invalid_event")  # the schema asks for a name first


@pytest.mark.parametrize("type", ["reinstated", "suspension_dismissed"])
def test_other_decisions_need_a_statement_too(type: str) -> None:
    story = Story(HUMAN, *both(), cancelled("m-1"), suspended())
    document = decision(type)
    del document["data"]["reason"]

    assert story.when(document).code == "no_statement"


@pytest.mark.parametrize(
    ("notified_at", "time", "code"),
    [
        ("2026-03-01T09:00:00Z", "2026-03-31T09:00:00Z", RECORDED),  # exactly thirty days
        ("2026-03-01T09:00:00Z", "2026-03-31T08:59:59Z", "notice_too_short"),
        ("2026-03-01T10:00:00+01:00", "2026-03-31T09:00:00Z", RECORDED),
        ("2026-03-31T09:00:00Z", "2026-03-31T09:00:00Z", "notice_too_short"),
        (None, "2026-03-31T09:00:00Z", "notice_too_short"),
    ],
)
def test_a_termination_needs_thirty_days(notified_at: str | None, time: str, code: str) -> None:
    story = Story(*both())

    assert story.when(suspended("termination", time, notified_at=notified_at)).code == code
    assert story.access("p-1") == ("excluded" if code == RECORDED else "active")
    assert story.access("p-2") == "active"


@pytest.mark.parametrize("exception", ["legal_obligation", "imperative_reason"])
def test_an_exception_to_the_notice_needs_evidence(exception: str) -> None:
    story = Story(*both(), no_show())

    assert story.when(suspended("termination", notice_exception=exception)).code == "notice_too_short"
    proven = suspended("termination", notice_exception=exception, evidence=[no_show()["id"]])
    assert story.when(proven).code == RECORDED
    assert (story.access("p-1"), story.access("p-2")) == ("excluded", "active")


def test_a_repeated_infringement_is_proven_by_two_events() -> None:
    again = (requested("m-3"), accepted("m-3", "p-1"), cancelled("m-3"))
    story = Story(*both(), no_show(), *again)
    first, second = no_show()["id"], cancelled("m-3")["id"]

    def termination(*evidence: str | int) -> Document:
        return suspended("termination", notice_exception="repeated_infringement", evidence=list(evidence))

    assert story.when(termination(first)).code == "notice_too_short"
    assert story.when(termination(first, first)).code == "notice_too_short"
    assert story.when(termination(first, story.archive.positions_of(first)[0])).code == "notice_too_short"
    assert story.when(termination(first, second)).code == RECORDED
    assert (story.access("p-1"), story.access("p-2")) == ("excluded", "active")


@pytest.mark.parametrize("unknown", ["e-unknown", 99, 0, -1])
def test_evidence_is_of_recorded_events(unknown: str | int) -> None:
    story = Story(*both(), no_show())
    before = story.trace()
    document = suspended("termination", notice_exception="imperative_reason", evidence=[no_show()["id"], unknown])

    assert story.when(document).code == "unknown_event"
    assert story.trace() == before


REPORT = event("pro.conduct_reported", "p-2", "2026-03-12 09:00", id="r-2", ground="disrespect", by="client-2")


def termination(*evidence: str | int, pro: str = "p-1", **data: Any) -> Document:
    return suspended("termination", pro=pro, notice_exception="imperative_reason", evidence=list(evidence), **data)


@pytest.mark.parametrize("named", ["id", "position"])
@pytest.mark.parametrize(
    "proof",
    [cancelled("m-2"), accepted("m-2", "p-2"), REPORT, HUMAN, voided(cancelled("m-2"))],
    ids=lambda each: each["type"],
)
def test_evidence_is_about_the_person(proof: Document, named: str) -> None:
    """What is named as proof is shown to the pro as its own: nothing of another pro's, and nothing about nobody."""
    story = Story(HUMAN, *both(), no_show(), cancelled("m-2"), REPORT, voided(cancelled("m-2")))
    (position,) = story.archive.positions_of(proof["id"])
    before = story.trace()

    refused = story.when(termination(no_show()["id"], proof["id"] if named == "id" else position))
    assert (refused.code, "p-2" in refused.message.replace(proof["id"], "")) == ("unknown_event", False)
    assert story.trace() == before
    of_p_2 = proof["type"].startswith(("mission.", "pro."))
    assert story.when(termination(position, pro="p-2")).code == (RECORDED if of_p_2 else "unknown_event")


def test_evidence_of_a_mission_that_the_pro_was_only_named_in_or_held_in_error() -> None:
    declined = event("mission.refused", "m-3", "2026-03-01 08:30", pro="p-1")
    wrongly = accepted("m-4", "p-1")
    story = Story(
        *both(), requested("m-3"), declined, requested("m-4"), wrongly, voided(wrongly), accepted("m-4", "p-2")
    )

    assert story.when(termination(accepted("m-4", "p-2")["id"])).code == "unknown_event"
    assert story.when(termination(declined["id"])).code == RECORDED


def test_evidence_about_another_account_of_the_person() -> None:
    linked = event("pro.accounts_linked", "p-1", "2026-03-11 09:00", accounts=["p-2"], by="ines")
    story = Story(*both(), cancelled("m-2"))
    assert story.when(termination(cancelled("m-2")["id"])).code == "unknown_event"
    story.given(linked)
    assert story.when(termination(cancelled("m-2")["id"])).code == RECORDED


def test_a_decision_follows_a_proposal_about_the_person() -> None:
    human = policy("2", "2026-02-01 00:00", decision="human", no_show={"exclude_at": 1})
    story = Story(human, *both(), no_show("m-2"))
    (proposal,) = story.pro("p-2").proposals
    before = story.trace()

    assert story.when(suspended("exclusion", proposal=proposal.id)).code == "unknown_event"
    assert story.when(suspended("exclusion", proposal="suspension_proposed-99")).code == "unknown_event"
    assert story.trace() == before
    assert story.when(suspended("exclusion", pro="p-2", proposal=proposal.id)).code == RECORDED


def test_nothing_is_recorded_ahead_of_the_clock() -> None:
    story = Story(*both(), clock="2026-03-20T09:00:00Z")
    ahead = story.when(suspended("termination", "2026-04-20 09:00", notified_at="2026-03-01T09:00:00Z"))
    assert ahead.code == "future_event"
    assert "record it on that day" in ahead.message
    assert "record it on that day" not in story.when(suspended("suspension", "2026-04-20 09:00")).message

    assert story.when(suspended(notified_at="2026-03-20T09:05:01Z")).code == "future_event"
    assert story.when(suspended(notified_at="2026-03-20T09:05:00Z")).code == RECORDED
    assert (story.access("p-1"), story.access("p-2")) == ("suspended", "active")


def test_a_policy_cannot_be_notified_ahead_of_the_clock() -> None:
    document = policy("2", "2026-06-01 00:00", time="2026-03-20 09:00")
    ahead = document | {"data": document["data"] | {"notified_at": "2026-04-01T09:00:00Z"}}
    given = document | {"data": document["data"] | {"notified_at": "2026-03-19T09:00:00Z"}}
    story = Story(clock="2026-03-20T09:00:00Z")

    assert story.when(ahead).code == "future_event"
    assert story.when(given).code == RECORDED


def test_one_name_has_one_text() -> None:
    first = policy("2", "2026-02-01 00:00", decision="human")
    other = policy("2", "2026-02-01 00:00", decision="automatic") | {"id": "other"}
    again = first | {"id": "again"}
    story = Story(*both(), first)
    assert [story.when(each).code for each in (again, other)] == ["invalid_transition"] * 2
    story.given(voided(first))

    before = story.trace()
    assert story.when(other).code == "invalid_transition"
    assert (story.trace(), story.book.chronicle.latest.publications) == (before, ())
    assert story.when(policy("3", "2026-02-01 00:00", decision="automatic")).code == RECORDED
    assert story.when(again).code == RECORDED


def test_an_unknown_exception_is_refused() -> None:
    assert Story(*both()).when(suspended("termination", notice_exception="haste")).code == "invalid_event"


def test_nothing_to_dismiss_and_nothing_to_reinstate() -> None:
    story = Story(*both())

    assert story.when(decision("suspension_dismissed")).code == "invalid_transition"
    assert story.when(decision("reinstated")).code == "invalid_transition"


def test_two_decisions_the_stricter_holds() -> None:
    story = Story(*both(), suspended("exclusion"), suspended("restriction", "2026-03-21 09:00"))

    assert (story.access("p-1"), story.access("p-2")) == ("excluded", "active")


def test_a_voided_decision_never_was() -> None:
    story = Story(*both(), suspended())

    story.given(voided(suspended()))

    assert (story.access("p-1"), story.access("p-2")) == ("active", "active")


def test_a_void_needs_a_statement_and_happens_once() -> None:
    story = Story(*both(), cancelled("m-1"))
    nameless = voided(cancelled("m-1"))
    del nameless["data"]["reason"]

    assert story.when(nameless).code == "no_statement"
    story.given(voided(cancelled("m-1")))
    assert (story.rate("p-1"), story.rate("p-2")) == ((1, 0, 0), (1, 0, 0))
    assert story.when(voided(cancelled("m-1"), "2026-06-02 09:00")).code == "invalid_transition"


@pytest.mark.parametrize("type", ["conduct_confirmed", "conduct_dismissed"])
def test_a_ruling_names_a_report_that_is_known(type: str) -> None:
    report = event("pro.conduct_reported", "p-1", "2026-03-12 09:00", id="r-1", ground="disrespect", by="client-1")
    story = Story(*both(), report)

    assert story.when(decision(type, report="r-2")).code == "invalid_transition"
    assert story.when(decision(type, pro="p-2", report="r-1")).code == "invalid_transition"
    assert story.when(decision(type, report="r-1")).code == RECORDED
