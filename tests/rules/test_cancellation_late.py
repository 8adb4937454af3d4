"""`cancellation.late`: three cancellations close to the start, in one city within thirty days, restrict for 48 h."""

from __future__ import annotations

import pytest
from missions.kit import Document, Story, accepted, cancelled, event, policy, requested, voided

from .career import by_desk, day, dropped

RESTRICTED = [("suspension_proposed", "p-1", "cancellation.late"), ("suspended", "p-1", "cancellation.late")]
PROPOSED = RESTRICTED[:1]
HUMAN = policy("2", "2025-02-01 00:00", "2025-01-01 00:00", decision="human")


def dropping(*days: float, pro: str = "p-1", first: int = 0, **more: object) -> list[Document]:
    """One late cancellation on each of these days."""
    return [each for number, at in enumerate(days, first) for each in dropped(pro, number, at, **more)]  # type: ignore[arg-type]


def last_of(story: Story, documents: list[Document]) -> list[tuple[str, str, str]]:
    """Tell all of them; what the last one found. The others must find nothing."""
    for each in documents[:-1]:
        assert story.when(each).found == []
    return story.when(documents[-1]).found


@pytest.mark.parametrize(
    ("hours", "seconds", "found"),
    [(24, 0, []), (24, -1, []), (24, 1, RESTRICTED), (1, 0, RESTRICTED)],
    ids=["exactly 24 h", "a second earlier", "23:59:59 before", "an hour before"],
)
def test_late_is_less_than_24_hours(hours: float, seconds: int, found: list[tuple[str, str, str]]) -> None:
    """The start stays where it is: `seconds` moves the cancellation alone."""
    story = Story(*dropping(0, 1), *dropping(0, 1, 2, pro="p-2", hours=30))
    asked, taken, _ = dropped("p-1", 2, 2, hours=hours)

    assert last_of(story, [asked, taken, cancelled("d-p-1-2", day(2, seconds=seconds))]) == found

    assert len(story.late("p-1")) == (3 if found else 2)
    assert (story.late("p-2"), story.findings("p-2")) == ([], [])


@pytest.mark.parametrize(
    ("start", "time", "late"),
    [
        # Europe/Paris: 29 March 2026 has 23 hours, 25 October 2026 has 25.
        ("2026-03-29T12:00:00+02:00", "2026-03-28T12:00:00+01:00", True),  # the same wall clock: 23 hours
        ("2026-03-29T12:00:00+02:00", "2026-03-28T11:00:00+01:00", False),  # 24 hours elapsed
        ("2026-03-29T12:00:00+02:00", "2026-03-28T11:00:01+01:00", True),
        ("2026-10-25T12:00:00+01:00", "2026-10-24T12:00:01+02:00", False),  # 24:59:59 elapsed
        ("2026-10-25T12:00:00+01:00", "2026-10-24T13:00:00+02:00", False),  # 24 hours elapsed
        ("2026-10-25T12:00:00+01:00", "2026-10-24T13:00:01+02:00", True),
    ],
)
def test_hours_that_elapsed_not_the_wall_clock(start: str, time: str, late: bool) -> None:
    story = Story(
        *(
            each
            for mission, pro in (("m-1", "p-1"), ("m-2", "p-2"))
            for each in (requested(mission, starts_at=start), accepted(mission, pro))
        ),
    )

    story.given(cancelled("m-1", time))

    assert story.late("p-1") == (["m-1"] if late else [])
    assert (story.rate("p-1"), story.rate("p-2"), story.late("p-2")) == ((1, 1, 0), (1, 0, 0), [])


def test_the_start_before_the_pro_moved_it_inside_the_window_counts() -> None:
    asked, taken, _ = dropped("p-1", 2, 2)
    late_move = event("mission.rescheduled", "d-p-1-2", day(1.5), by="pro", starts_at=day(20))
    story = Story(*dropping(0, 1), asked, taken, *dropping(0, 1, pro="p-2"))
    other = [each | {"subject": "d-p-2-2", "id": f"other/{each['id']}"} for each in (asked, late_move)]
    story.given(late_move, other[0], accepted("d-p-2-2", "p-2", day(-6)))
    story.given(other[1] | {"time": day(-2)})  # p-2 moves in good time

    assert story.when(cancelled("d-p-1-2", day(3))).found == RESTRICTED
    assert story.when(cancelled("d-p-2-2", day(3))).found == []
    assert (len(story.late("p-1")), len(story.late("p-2"))) == (3, 2)


def test_the_third_within_thirty_days_restricts_for_48_hours_and_then_it_is_over() -> None:
    story = Story(*dropping(0, 10), *dropping(0, 10, pro="p-2"))
    *before, last = dropped("p-1", 2, 20)

    proposal, decision = story.given(*before).when(last).findings

    assert (proposal.data["kind"], decision.data["kind"]) == ("restriction", "restriction")
    assert decision.data["until"] == day(22).replace("+00:00", "Z")
    assert decision.data["proposal"] == proposal.id
    assert proposal.data["figures"] == {"city": "lyon", "late": 3}
    assert story.ids(proposal.data["evidence"]) == [dropped("p-1", n, 10 * n)[2]["id"] for n in range(3)]
    assert [story.access("p-1", day(at)) for at in (20, 21.99, 22)] == ["restricted", "restricted", "active"]
    assert (story.access("p-2", day(20)), story.findings("p-2")) == ("active", [])


def test_a_fourth_while_restricted_finds_nothing_and_a_fifth_afterwards_restricts_again() -> None:
    story = Story(*dropping(0, 1, 2), *dropping(0, 1, pro="p-2"))

    assert last_of(story, dropped("p-1", 3, 3.9)) == []
    assert story.access("p-1", day(4)) == "active"
    assert last_of(story, dropped("p-1", 4, 4)) == RESTRICTED  # the restriction ended on the dot
    assert story.pro("p-1").in_force(0)[-1].until > story.pro("p-1").in_force(0)[0].until
    assert story.findings("p-2") == []


@pytest.mark.parametrize(("seconds", "found"), [(-1, RESTRICTED), (0, [])])
def test_the_window_is_exactly_thirty_days(seconds: int, found: list[tuple[str, str, str]]) -> None:
    """The window is open at its far end: exactly thirty days ago is outside."""
    story = Story(*dropping(0, 15), *dropping(0, 15, pro="p-2"))

    assert last_of(story, dropped("p-1", 2, 30, seconds=seconds)) == found
    assert story.findings("p-2") == []


@pytest.mark.parametrize(
    "how", [{"excused": True}, {"by": "client"}, {"by": "platform"}], ids=["excused", "client", "platform"]
)
def test_what_is_not_the_pros_fault_does_not_count(how: dict[str, object]) -> None:
    story = Story(*dropping(0, 1), *dropping(0, 1, pro="p-2"))

    assert last_of(story, dropped("p-1", 2, 2, **how)) == []  # type: ignore[arg-type]
    assert (len(story.late("p-1")), story.access("p-1", day(2))) == (2, "active")
    assert last_of(story, dropped("p-1", 3, 3)) == RESTRICTED
    assert story.findings("p-2") == []


def test_each_city_for_itself() -> None:
    story = Story(*dropping(0, 1), *dropping(0, 1, pro="p-2"))

    assert last_of(story, dropped("p-1", 2, 2, city="paris")) == []
    assert (len(story.late("p-1")), len(story.late("p-1", "paris"))) == (2, 1)
    assert last_of(story, dropped("p-1", 3, 3)) == RESTRICTED
    assert story.findings("p-2") == []


def test_each_citys_own_numbers() -> None:
    lenient = policy(
        "2",
        "2025-02-01 00:00",
        "2025-01-01 00:00",
        city={"paris": {"late_cancellation": {"count": 2, "restrict_hours": 5, "threshold_hours": 3}}},
    )
    story = Story(lenient, *dropping(0, 1), *dropping(0, pro="p-2", city="paris"))

    assert last_of(story, dropped("p-2", 1, 1, hours=3, city="paris")) == []  # exactly three hours: in time there
    *before, last = dropped("p-2", 2, 2, hours=2, city="paris")
    decision = story.given(*before).when(last).findings[1]
    assert decision.data["until"] == day(2, seconds=5 * 3_600)
    assert (story.access("p-1", day(2)), story.access("p-2", day(2))) == ("active", "restricted")


def test_after_a_reinstatement_they_are_counted_anew() -> None:
    story = Story(*dropping(0, 1, 2), *dropping(0, 1, pro="p-2"))
    story.given(by_desk("pro.reinstated", "p-1", day(2.5)))
    assert story.access("p-1", day(2.5)) == "active"

    for number in (3, 4):
        assert last_of(story, dropped("p-1", number, number)) == []
    assert last_of(story, dropped("p-1", 5, 5)) == RESTRICTED
    assert last_of(story, dropped("p-2", 5, 5)) != []  # the other pro's third


def test_where_a_person_decides_there_is_only_a_proposal() -> None:
    story = Story(HUMAN, *dropping(0, 1), *dropping(0, 1, pro="p-2"))

    assert last_of(story, dropped("p-1", 2, 2)) == PROPOSED
    assert last_of(story, dropped("p-1", 3, 3)) == []  # it waits already
    assert (story.access("p-1", day(3)), len(story.pro("p-1").proposals)) == ("active", 1)
    assert story.pro("p-2").proposals == []


def test_a_voided_one_does_not_count() -> None:
    story = Story(*dropping(0, 1), *dropping(0, 1, pro="p-2"))
    story.given(voided(dropped("p-1", 0, 0)[2], day(1.5)))

    assert last_of(story, dropped("p-1", 2, 2)) == []
    assert last_of(story, dropped("p-1", 3, 3)) == RESTRICTED


def test_a_suspended_pro_is_not_restricted_as_well() -> None:
    story = Story(*dropping(0, 1), *dropping(0, 1, pro="p-2"))
    story.given(by_desk("pro.suspended", "p-1", day(1.5), kind="suspension"))

    assert last_of(story, dropped("p-1", 2, 2)) == []
    assert last_of(story, dropped("p-2", 2, 2)) != []


def test_one_cancelled_at_the_start_is_a_no_show_and_not_late() -> None:
    story = Story(*dropping(0, 1), *dropping(0, 1, pro="p-2"))

    assert last_of(story, dropped("p-1", 2, 2, hours=0)) == [("warned", "p-1", "no_show")]
    assert (len(story.late("p-1")), story.rate("p-1")) == (2, (3, 2, 1))


def test_taken_again_and_cancelled_late_is_late() -> None:
    """A mission counts once in the rate; that it was first given up in good time does not make the second one so."""
    asked, taken, _ = dropped("p-1", 2, 2)
    story = Story(*dropping(0, 1), *dropping(0, 1, pro="p-2"), asked, taken)
    story.given(cancelled("d-p-1-2", day(-5)), accepted("d-p-1-2", "p-1", day(-4)))

    assert story.when(cancelled("d-p-1-2", day(2))).found == RESTRICTED
    assert (story.rate("p-1"), len(story.late("p-1"))) == ((3, 3, 0), 3)
    assert story.findings("p-2") == []
