"""A series that ended: calling off several missions of one recurring order counts once, where the reason says so."""

from __future__ import annotations

from itertools import permutations

import pytest
from missions.kit import Document, Story, accepted, cancelled, policy, requested, voided

from .career import agreed, called_off, day

ENDED = "series_ended"
RESTRICTED = [("suspension_proposed", "p-1", "cancellation.late"), ("suspended", "p-1", "cancellation.late")]


def weekly(pro: str, count: int, *, series: str = "s-1", first: float = 1, city: str = "lyon") -> list[Document]:
    """A recurring order: a mission a week from day `first` on, all accepted by the pro."""
    documents: list[Document] = []
    for week in range(count):
        mission, start = f"{series}-{pro}-{week}", day(first + 7 * week)
        documents += [
            requested(mission, day(-9), city=city, series=f"{series}-{pro}", starts_at=start),
            accepted(mission, pro, day(-8, seconds=week)),
        ]
    return documents


def ends(pro: str, *weeks: int, at: float = 0, series: str = "s-1", reason: str = ENDED) -> list[Document]:
    """The pro cancels these missions of the series, a second apart."""
    return [
        cancelled(f"{series}-{pro}-{week}", day(at, seconds=number), reason=reason) for number, week in enumerate(weeks)
    ]


def test_ten_weekly_missions_ended_are_one_cancellation() -> None:
    story = Story(*weekly("p-1", 10), *weekly("p-2", 10), *ends("p-1", *range(10)))

    assert (story.rate("p-1"), story.rate("p-2")) == ((10, 1, 0), (10, 0, 0))


@pytest.mark.parametrize("reason", ["sick", "series ended", ""])
def test_with_another_reason_each_counts(reason: str) -> None:
    story = Story(*weekly("p-1", 4), *weekly("p-2", 4), *ends("p-1", 0, 1, 2, reason=reason), *ends("p-2", 0, 1, 2))

    assert (story.rate("p-1"), story.rate("p-2")) == ((4, 3, 0), (4, 1, 0))


def test_the_reason_without_a_series_is_only_a_reason() -> None:
    story = Story(*agreed("p-1", 3), *agreed("p-2", 3))
    story.given(*(called_off("p-1", n, day(n)) | {"data": {"by": "pro", "reason": ENDED}} for n in range(3)))

    assert (story.rate("p-1"), story.rate("p-2")) == ((3, 3, 0), (3, 0, 0))


def test_two_series_are_two() -> None:
    story = Story(*weekly("p-1", 3), *weekly("p-1", 3, series="s-2"), *weekly("p-2", 3))
    story.given(*ends("p-1", 0, 1, 2), *ends("p-1", 0, 1, 2, series="s-2", at=0.5), *ends("p-2", 0, 1))

    assert (story.rate("p-1"), story.rate("p-2")) == ((6, 2, 0), (3, 1, 0))


def test_one_cancelled_for_another_reason_counts_beside_the_series() -> None:
    story = Story(*weekly("p-1", 5), *weekly("p-2", 5))
    story.given(*ends("p-1", 0, reason="sick", at=-1), *ends("p-1", 1, 2, 3, 4), *ends("p-2", 0, 1))

    assert (story.rate("p-1"), story.rate("p-2")) == ((5, 2, 0), (5, 1, 0))


def test_only_the_first_asks_about_the_rate() -> None:
    story = Story(*weekly("p-1", 10), *agreed("p-1", 10), *weekly("p-2", 10))

    found = [story.when(each).found for each in ends("p-1", *range(10))]

    assert found == [[("warned", "p-1", "cancellation.rate")], *[[]] * 9]
    warning = next(each for each in story.entries if each.by_engine)
    assert warning.data["figures"]["rate"] == "1/20"
    assert story.findings("p-2") == []


def test_the_evidence_names_the_first_of_a_series_alone() -> None:
    story = Story(*weekly("p-1", 3), *agreed("p-1", 20), *weekly("p-2", 3), *ends("p-1", 0, 1, 2))

    (warning,) = story.when(called_off("p-1", 0, day(20))).findings

    cancellations = [each for each in story.ids(warning.data["evidence"]) if "cancelled" in each]
    assert cancellations == [ends("p-1", 0)[0]["id"], called_off("p-1", 0, day(20))["id"]]
    assert warning.data["figures"]["cancelled"] == 2
    assert story.findings("p-2") == []


def test_after_a_void_of_the_first_the_next_counts() -> None:
    story = Story(*weekly("p-1", 3), *weekly("p-2", 3), *ends("p-1", 0, 1, 2), *ends("p-2", 0))
    first, second, third = ends("p-1", 0, 1, 2)

    story.given(voided(first))
    assert (story.rate("p-1"), story.rate("p-2")) == ((3, 1, 0), (3, 1, 0))
    story.given(voided(second))
    assert story.rate("p-1") == (3, 1, 0)
    story.given(voided(third))
    assert (story.rate("p-1"), story.rate("p-2")) == ((3, 0, 0), (3, 1, 0))


@pytest.mark.parametrize("order", list(permutations(range(3))))
def test_in_any_order_of_arrival_the_same_figures(order: tuple[int, ...]) -> None:
    ending = ends("p-1", 0, 1, 2)
    story = Story(*weekly("p-1", 3), *weekly("p-2", 3), *(ending[each] for each in order), *ends("p-2", 2, 1))

    assert (story.rate("p-1"), story.rate("p-2")) == ((3, 1, 0), (3, 1, 0))
    figures = story.pro("p-1").cities["lyon"]
    assert [each.mission for each in figures.above_the_line(figures.accepted_positions)] == ["s-1-p-1-0"]


def test_a_no_show_of_the_series_is_a_no_show_of_its_own() -> None:
    """At or after the start it is no cancellation any more, whatever reason is given."""
    story = Story(*weekly("p-1", 4), *weekly("p-2", 4), *ends("p-2", 1, 2))

    late = cancelled("s-1-p-1-0", day(1, seconds=60), reason=ENDED)
    assert story.when(late).found == [("warned", "p-1", "no_show")]
    story.given(*ends("p-1", 1, 2, 3, at=1.5))
    assert (story.rate("p-1"), story.rate("p-2")) == ((4, 1, 1), (4, 1, 0))


def test_late_ones_of_a_series_count_once_too() -> None:
    """Three missions on three days, all called off less than a day before the first: one late cancellation."""
    daily = [
        each
        for pro in ("p-1", "p-2")
        for n in range(3)
        for each in (
            requested(f"t-{pro}-{n}", day(-9), series=f"t-{pro}", starts_at=day(1, seconds=3_600 * n)),
            accepted(f"t-{pro}-{n}", pro, day(-8)),
        )
    ]
    story = Story(*daily)
    for n in range(3):
        assert story.when(cancelled(f"t-p-1-{n}", day(0.9, seconds=n), reason=ENDED)).found == []
    figures = story.pro("p-1").cities["lyon"]
    terms = story.book.chronicle.latest.parameters(story.entries[-1].at, "lyon")
    assert figures.late_figures(terms, story.entries[-1].at, -1).late == 1

    for n in range(2):
        assert story.when(cancelled(f"t-p-2-{n}", day(0.9, seconds=n), reason="sick")).found == []
    assert story.when(cancelled("t-p-2-2", day(0.9, seconds=2), reason="sick")).found[-1][0] == "suspended"
    assert (story.access("p-1", day(1)), story.access("p-2", day(1))) == ("active", "restricted")


@pytest.mark.parametrize("order", [(0, 1), (1, 0)], ids=["the late one last", "the late one first"])
def test_of_a_series_the_late_one_is_judged_in_whatever_order_they_are_called_off(order: tuple[int, int]) -> None:
    """The rate counts the series once, and so do late cancellations – but neither hides the other."""
    pair = [
        each
        for pro in ("p-1", "p-2")
        for n, start in enumerate((day(50), day(0.5)))  # the second starts twelve hours from now
        for each in (
            requested(f"u-{pro}-{n}", day(-9), series=f"u-{pro}", starts_at=start),
            accepted(f"u-{pro}-{n}", pro, day(-8)),
        )
    ]
    story = Story(
        policy("2", "2025-02-01 00:00", "2025-01-01 00:00", late_cancellation={"count": 1}),
        *pair,
    )

    found = [story.when(cancelled(f"u-p-1-{n}", day(0, seconds=s), reason=ENDED)).found for s, n in enumerate(order)]

    assert found == ([[], RESTRICTED] if order == (0, 1) else [RESTRICTED, []])
    assert (story.rate("p-1"), story.rate("p-2"), story.findings("p-2")) == ((2, 1, 0), (2, 0, 0), [])


@pytest.mark.parametrize(
    ("window", "rate"),
    [
        ({"kind": "all"}, "1/13"),
        ({"kind": "last_accepted", "n": 12}, "1/12"),  # the first acceptance of the series has left: the next counts
        ({"kind": "last_accepted", "n": 10}, "0/10"),  # all three have left
        ({"kind": "days", "days": 30}, "1/13"),
    ],
    ids=str,
)
def test_within_a_window_the_first_of_the_series_that_is_in_it(window: dict[str, object], rate: str) -> None:
    terms = policy("2", "2025-02-01 00:00", "2025-01-01 00:00", cancellation={"window": window})
    story = Story(terms, *weekly("p-1", 3), *weekly("p-2", 3), *agreed("p-1", 10), *ends("p-1", 0, 1, 2))

    at = story.entries[-1].at
    policy_now = story.book.chronicle.latest.parameters(at, "lyon")
    assert story.pro("p-1").cities["lyon"].rate(policy_now, at).shown()["rate"] == rate
    assert story.pro("p-2").cities["lyon"].rate(policy_now, at).cancelled == 0


def test_in_each_city_for_itself() -> None:
    story = Story(*weekly("p-1", 3), *weekly("p-2", 2))
    there = [
        requested("s-1-p-1-9", day(-9), city="paris", series="s-1-p-1", starts_at=day(30)),
        accepted("s-1-p-1-9", "p-1", day(-8)),
    ]
    story.given(*there, *ends("p-1", 0, 1, 2, 9), *ends("p-2", 0))

    assert (story.rate("p-1"), story.rate("p-1", "paris"), story.rate("p-2")) == ((3, 1, 0), (1, 1, 0), (2, 1, 0))
