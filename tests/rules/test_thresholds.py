"""Which numbers a rule compares with: the policy in force at the event's time, the city's, its baseline."""

from __future__ import annotations

from missions.kit import Story, baseline, event, policy

from .career import agreed, called_off, day, fives_and_fours, given_stars, missed

STRICT = {"cancellation": {"min_accepted": 5, "average": "0.01", "maximum": "0.02"}}
WARNED = [("warned", "p-1", "cancellation.rate")]


def test_the_policy_in_force_at_the_time_of_the_event() -> None:
    story = Story(policy("2", day(10), day(-60), **STRICT), *agreed("p-1", 10), *agreed("p-2", 10))

    assert story.when(called_off("p-1", 0, day(10, seconds=-1))).found == []  # ten missions are too few in mila
    outcome = story.when(called_off("p-1", 1, day(10)))
    assert outcome.found == WARNED
    assert outcome.findings[0].data["policy"] == "test@2"
    late = story.when(called_off("p-1", 2, day(9)))  # arrives later, happened before
    assert late.found == []
    assert story.findings("p-2") == []


def test_before_anything_is_published_the_charter_applies() -> None:
    story = Story(*agreed("p-1", 20), *agreed("p-2", 20))

    outcome = story.when(called_off("p-1", 0, day(0)))

    assert outcome.findings[0].data["policy"] == "mila@2018-06"


def test_a_city_may_have_its_own_numbers() -> None:
    terms = policy("2", day(-10), day(-60), city={"paris": STRICT})
    story = Story(terms, *agreed("p-1", 10, city="paris"), *agreed("p-2", 10))

    assert story.when(called_off("p-1", 0, day(0))).found == WARNED
    assert story.when(called_off("p-2", 0, day(0))).found == []


def test_a_baseline_counts_from_where_it_was_recorded() -> None:
    story = Story(*agreed("p-1", 50), *agreed("p-2", 50, city="paris"))
    assert story.when(called_off("p-1", 0, day(5))).found == []  # 2 %

    story.given(baseline("lyon", day(1), "0.03", "0.05"))
    assert story.when(called_off("p-1", 1, day(6))).found == WARNED  # 4 % > 3 %
    assert story.given(called_off("p-2", 0, day(5))).when(called_off("p-2", 1, day(6))).found == []  # 4 %, not > 4 %


def test_of_two_baselines_the_one_recorded_last() -> None:
    story = Story(*agreed("p-1", 50), *agreed("p-2", 50))

    story.given(baseline("lyon", day(2), "0.01", "0.02"), baseline("lyon", day(1), "0.05", "0.08"))

    assert story.when(called_off("p-1", 0, day(5))).found == []
    assert story.when(called_off("p-2", 0, day(5))).found == []


def test_a_withdrawn_baseline_no_longer_counts() -> None:
    published = baseline("lyon", day(1), "0.01", "0.02")
    story = Story(*agreed("p-1", 50), *agreed("p-2", 50), published)
    data = {"source": published["source"], "by": "ines", "reason": "typo"}
    story.given({**event("ledger.event_voided", published["id"], day(2), source="desk"), "data": data})

    assert story.when(called_off("p-1", 0, day(5))).found == []


def test_the_minimum_rating_is_the_citys() -> None:
    good = fives_and_fours(19, 85)  # 4.47
    story = Story(baseline("lyon", day(-1), "0.04", "0.06", "4.60"), *given_stars("p-1", good))
    story.given(*given_stars("p-2", good, city="paris"))

    *before, last = given_stars("p-1", [4], first=19, at=30)
    assert story.given(*before).when(last).found == [("warned", "p-1", "rating.minimum")]
    *before, last = given_stars("p-2", [4], first=19, at=30, city="paris")
    assert story.given(*before).when(last).found == []


def test_automatic_or_human_follows_the_events_time_and_city() -> None:
    terms = policy("2", "2026-02-01 00:00", "2026-01-01 00:00", city={"lyon": {"decision": "human"}})
    story = Story(terms, *missed("p-1", 1), *missed("p-2", 1, city="paris"), *missed("p-1", 2))
    story.given(*missed("p-2", 2, city="paris"))

    assert (story.access("p-1"), len(story.pro("p-1").proposals)) == ("active", 1)
    assert (story.access("p-2"), len(story.pro("p-2").proposals)) == ("excluded", 0)


def test_a_later_policy_never_rewrites_a_finding() -> None:
    story = Story(*agreed("p-1", 20), *agreed("p-2", 20), called_off("p-1", 0, day(0)))
    before = [each.state for each in story.entries]

    story.given(policy("2", "2018-07-01 00:00", day(20), cancellation={"average": "0.50", "maximum": "0.60"}))

    assert [each.state for each in story.entries[:-1]] == before
    assert story.findings("p-1") == [("warned", "cancellation.rate", "2026-01-05T09:00:00Z")]
