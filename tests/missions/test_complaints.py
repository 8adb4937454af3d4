"""A complaint: what it contests, until when it is in time, and what answers it."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ledger.instants import parse_us, to_text
from ledger.pros.complaints import Complaint, complaints, deadline

from .kit import RECORDED, Document, Story, both, event, no_show, policy, voided
from .test_decisions import decision, suspended


def opened(time: str = "2026-03-21 09:00", pro: str = "p-1", id: str = "", **data: str) -> Document:
    return event("pro.complaint_opened", pro, time, id=id or f"c/{pro}/{time}".replace(" ", "-"), **data)


def decided(time: str = "2026-04-02 09:00", pro: str = "p-1", outcome: str = "upheld", **data: str) -> Document:
    return decision("complaint_decided", time, pro, outcome=outcome, **data)


def of(story: Story, pro: str = "p-1") -> list[Complaint]:
    return complaints(story.pro(pro))


def contested(story: Story, pro: str = "p-1") -> list[str]:
    return [each.contested.id if each.contested else "" for each in of(story, pro)]


@pytest.mark.parametrize(
    ("decided_at", "months", "first_late"),
    [
        ("2026-08-31T10:00:00Z", 6, "2027-03-01T00:00:00Z"),  # the last of February
        ("2027-08-31T10:00:00Z", 6, "2028-03-01T00:00:00Z"),  # of a leap year: the 29th
        ("2026-08-28T23:59:59.999999Z", 6, "2027-03-01T00:00:00Z"),
        ("2026-03-01T00:00:00Z", 6, "2026-09-02T00:00:00Z"),
        ("2026-03-31T23:30:00+00:00", 1, "2026-05-01T00:00:00Z"),
        ("2026-04-01T01:30:00+02:00", 6, "2026-10-01T00:00:00Z"),  # 31 March, UTC
        ("2026-12-31T12:00:00Z", 2, "2027-03-01T00:00:00Z"),
        ("2026-01-31T12:00:00Z", 0, "2026-02-01T00:00:00Z"),
        ("2028-02-29T12:00:00Z", 12, "2029-03-01T00:00:00Z"),
    ],
)
def test_the_deadline(decided_at: str, months: int, first_late: str) -> None:
    assert to_text(deadline(parse_us(decided_at), months)) == first_late


def _by_hand(decided_at: str, months: int) -> str:
    """The calendar counted day by day, from the text of the instant alone."""
    year, month, day = (int(part) for part in decided_at[:10].split("-"))
    for _ in range(months):
        year, month = (year + 1, 1) if month == 12 else (year, month + 1)
    leap = year % 4 == 0 and (year % 100 != 0 or year % 400 == 0)
    days = 28 + leap if month == 2 else 30 if month in (4, 6, 9, 11) else 31
    if day >= days:
        year, month, day = (year + 1, 1, 1) if month == 12 else (year, month + 1, 1)
    else:
        day += 1
    return f"{year:04d}-{month:02d}-{day:02d}T00:00:00Z"


@settings(max_examples=300)
@given(
    st.integers(parse_us("1972-01-01T00:00:00Z"), parse_us("2140-01-01T00:00:00Z")),
    st.one_of(st.just(6), st.integers(0, 1200)),
)
def test_the_deadline_against_a_calendar_counted_by_hand(at: int, months: int) -> None:
    assert to_text(deadline(at, months)) == _by_hand(to_text(at), months)


@pytest.mark.parametrize(("time", "late"), [("2027-02-28T23:59:59.999999Z", False), ("2027-03-01T00:00:00Z", True)])
def test_a_late_complaint_is_kept_and_marked(time: str, late: bool) -> None:
    story = Story(*both(), suspended(time="2026-08-31 10:00"), suspended(time="2026-09-30 10:00", pro="p-2"))
    story.given(opened(time), opened(time, "p-2"))

    deadlines = [each.deadline(story.book.chronicle) for pro in ("p-1", "p-2") for each in of(story, pro)]
    assert [parse_us(time) >= each for each in deadlines if each is not None] == [late, False]


def test_the_months_are_those_of_the_policy_at_the_decision() -> None:
    year = policy("2", "2026-04-01 00:00", due_process={"complaint_months": 12})
    story = Story(year, *both(), suspended(time="2026-03-31 23:00"), suspended(time="2026-04-01 00:00", pro="p-2"))
    story.given(opened("2026-05-01 09:00"), opened("2026-05-01 09:00", "p-2"))

    found = [of(story, pro)[0].deadline(story.book.chronicle) for pro in ("p-1", "p-2")]
    assert [to_text(each) for each in found if each is not None] == ["2026-10-01T00:00:00Z", "2027-04-02T00:00:00Z"]


def test_the_latest_decision_before_it_is_contested() -> None:
    first, second, third = (suspended("restriction", f"2026-03-{day} 09:00") for day in (18, 20, 25))
    story = Story(*both(), second, first, third)  # recorded in another order

    story.given(opened("2026-03-21 09:00"), opened("2026-03-18 09:00"))

    assert contested(story) == [second["id"], first["id"]]
    assert contested(story, "p-2") == []


def test_without_a_decision_a_warning_is_contested() -> None:
    story = Story(*both(), no_show("m-1"), opened())

    assert contested(story) == ["warned-6"]


def test_a_named_decision_or_warning_is_contested() -> None:
    first, second = suspended(time="2026-03-18 09:00"), suspended(time="2026-03-20 09:00")
    story = Story(*both(), no_show("m-1"), first, second)

    story.given(opened(decision=first["id"]), opened("2026-03-22 09:00", decision="warned-6"))

    assert contested(story) == [first["id"], "warned-6"]


@pytest.mark.parametrize(
    ("document", "code"),
    [
        (opened(decision="unknown"), "unknown_event"),
        (opened(pro="p-2", decision=suspended()["id"]), "unknown_event"),  # of another pro
        (opened("2026-03-19 09:00", decision=suspended()["id"]), "invalid_transition"),
    ],
)
def test_what_is_named_must_be_there(document: Document, code: str) -> None:
    story = Story(*both(), suspended())
    before = story.trace()

    assert story.when(document).code == code
    assert story.trace() == before


def test_a_complaint_about_nothing_recorded_waits_for_a_decision_of_an_earlier_day() -> None:
    story = Story(*both(), opened(), opened(pro="p-2"))
    assert (contested(story), contested(story, "p-2")) == ([""], [""])
    assert of(story)[0].deadline(story.book.chronicle) is None

    story.given(suspended(time="2026-03-22 09:00"))  # only after it
    assert contested(story) == [""]
    story.given(
        no_show("m-1"), suspended(time="2026-03-20 09:00"), suspended(time="2026-03-19 09:00", kind="exclusion")
    )
    assert contested(story) == [suspended(time="2026-03-20 09:00")["id"]]
    assert contested(story, "p-2") == [""]
    story.given(decided())
    assert of(story)[0].decided is not None


def test_a_voided_decision_cannot_be_contested_but_stays_what_a_complaint_was_about() -> None:
    story = Story(*both(), suspended(), opened())

    story.given(voided(suspended()))

    assert contested(story) == [suspended()["id"]]
    assert story.when(opened("2026-06-02 09:00", decision=suspended()["id"])).code == "invalid_transition"


def test_an_answer_closes_one_complaint() -> None:
    story = Story(*both(), suspended(), suspended(pro="p-2"))
    story.given(opened("2026-03-21 09:00", id="c-1"), opened("2026-03-22 09:00", id="c-2"), opened(pro="p-2"))

    story.given(decided())

    assert [each.decided is not None for each in of(story)] == [True, False]  # the oldest
    assert [each.decided is not None for each in of(story, "p-2")] == [False]
    assert story.when(decided("2026-04-03 09:00", complaint="c-1")).code == "invalid_transition"
    assert story.when(decided("2026-04-03 09:00", complaint="c-3")).code == "unknown_event"
    story.given(decided("2026-04-03 09:00", complaint="c-2", outcome="rejected"))
    assert story.when(decided("2026-04-04 09:00")).code == "invalid_transition"


def test_an_answer_needs_a_statement_by_a_person_after_the_complaint() -> None:
    story = Story(*both(), suspended(), opened())
    unexplained, unsigned = decided(), decided()
    del unexplained["data"]["reason"]
    del unsigned["data"]["by"]

    assert story.when(unexplained).code == story.when(unsigned).code == "no_statement"
    assert story.when(decided(by="Engine")).code == "human_required"
    assert story.when(decided("2026-03-21 08:59")).code == "invalid_transition"
    assert story.when(decided("2026-03-21 09:00")).code == RECORDED


def test_an_upheld_complaint_gives_no_access_back() -> None:
    story = Story(*both(), suspended(), opened(), decided())
    assert (story.access("p-1"), story.access("p-2")) == ("suspended", "active")

    story.given(decision("reinstated", "2026-04-03 09:00"))
    assert (story.access("p-1"), story.access("p-2")) == ("active", "active")


def test_a_voided_answer_opens_the_complaint_again_and_a_voided_complaint_is_none() -> None:
    story = Story(*both(), suspended(), opened(), decided())

    story.given(voided(decided()))
    assert [each.decided for each in of(story)] == [None]
    story.given(voided(opened()))
    assert of(story) == []
    assert story.when(decided("2026-06-02 09:00")).code == "invalid_transition"
