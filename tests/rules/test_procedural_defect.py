"""An exclusion whose first warning came too late says so in its figures, for the person who looks at it.

Mila: « Nous ne vous avertirons qu'une seule fois »: who missed the second appointment before having been warned of the
first was not warned once. Whether that excuses is for a person to say; the proposal is made all the same.
"""

from __future__ import annotations

import pytest
from missions.kit import Document, Story, accepted, event, no_show, policy, requested, voided

from .career import by_desk, missed

LATE_WARNING = "warning_after_second_no_show"
NEVER_WARNED = "never_warned"


def held(mission: str, pro: str, starts_at: str) -> list[Document]:
    return [requested(mission, starts_at=starts_at), accepted(mission, pro)]


def two(first: str, second: str) -> Story:
    """Missions m-1 and m-2 of p-1 that start then; p-2 has missed one as well."""
    return Story(*held("m-1", "p-1", first), *held("m-2", "p-1", second), *missed("p-2", 1))


def defect(story: Story, report: Document) -> str | None:
    """What the proposal of an exclusion says about how it came about."""
    findings = story.when(report).findings
    assert [each.type for each in findings] == ["pro.suspension_proposed", "pro.suspended"]
    assert story.findings("p-2") == [("warned", "no_show", "2026-03-10T09:30:00Z")]
    found: str | None = findings[0].data["figures"].get("procedural_defect")
    return found


def test_warned_and_then_missed_again_is_in_order() -> None:
    story = two("2026-03-10 09:00", "2026-03-12 09:00").given(no_show("m-1", "2026-03-10 09:30"))

    assert defect(story, no_show("m-2", "2026-03-12 09:30")) is None


@pytest.mark.parametrize(
    ("second", "expected"),
    [
        ("2026-03-10T09:15:00Z", LATE_WARNING),  # it started a quarter of an hour before the warning
        ("2026-03-10T09:29:59Z", LATE_WARNING),
        ("2026-03-10T09:30:00Z", LATE_WARNING),  # as the warning was given: no earlier
        ("2026-03-10T09:30:01Z", None),
        ("2026-03-10T14:00:00Z", None),  # the same day, later
    ],
)
def test_both_on_one_day(second: str, expected: str | None) -> None:
    story = two("2026-03-10 09:00", second).given(no_show("m-1", "2026-03-10 09:30"))

    assert defect(story, no_show("m-2", "2026-03-10 15:00")) == expected


def test_the_first_reported_only_after_the_second_was_missed() -> None:
    story = two("2026-03-10 09:00", "2026-03-12 09:00").given(no_show("m-1", "2026-03-13 09:00"))

    assert defect(story, no_show("m-2", "2026-03-13 10:00")) == LATE_WARNING


def test_an_earlier_one_that_arrives_late_makes_the_warned_one_the_second() -> None:
    story = two("2026-03-10 09:00", "2026-03-12 09:00").given(no_show("m-2", "2026-03-12 09:30"))

    assert defect(story, no_show("m-1", "2026-03-10 09:30")) == LATE_WARNING


def test_confirmations_that_come_late() -> None:
    """The warning is given by the confirmation; both missions were long missed by then."""
    terms = policy("2", "2026-02-01 00:00", no_show={"confirmation": "required"})
    story = Story(terms, *held("m-1", "p-1", "2026-03-10 09:00"), *held("m-2", "p-1", "2026-03-12 09:00"))
    story.given(*missed("p-2", 1), event("mission.no_show_confirmed", "missed-p-2-1", "2026-03-10 09:30", by="ines"))
    story.given(no_show("m-1"), no_show("m-2", "2026-03-12 09:30"))
    story.given(event("mission.no_show_confirmed", "m-1", "2026-03-14 09:00", by="ines"))

    assert defect(story, event("mission.no_show_confirmed", "m-2", "2026-03-14 10:00", by="ines")) == LATE_WARNING


def test_a_confirmation_in_time_is_in_order() -> None:
    terms = policy("2", "2026-02-01 00:00", no_show={"confirmation": "required"})
    story = Story(terms, *held("m-1", "p-1", "2026-03-10 09:00"), *held("m-2", "p-1", "2026-03-12 09:00"))
    story.given(*missed("p-2", 1), event("mission.no_show_confirmed", "missed-p-2-1", "2026-03-10 09:30", by="ines"))
    story.given(no_show("m-1"), event("mission.no_show_confirmed", "m-1", "2026-03-11 09:00", by="ines"))
    story.given(no_show("m-2", "2026-03-12 09:30"))

    assert defect(story, event("mission.no_show_confirmed", "m-2", "2026-03-14 10:00", by="ines")) is None


def test_a_warning_that_was_voided_was_never_given() -> None:
    story = two("2026-03-10 09:00", "2026-03-12 09:00").given(no_show("m-1"))
    warning = story.pro("p-1").warnings[0].event
    story.given(voided({"id": warning.id, "source": "mission-ledger/engine"}, "2026-03-11 09:00"))

    assert defect(story, no_show("m-2", "2026-03-12 09:30")) == NEVER_WARNED


def test_who_missed_the_first_while_excluded_was_never_warned() -> None:
    story = two("2026-03-10 09:00", "2026-03-12 09:00")
    story.given(by_desk("pro.suspended", "p-1", "2026-03-09 09:00", kind="exclusion"))
    assert story.when(no_show("m-1")).found == []
    story.given(by_desk("pro.reinstated", "p-1", "2026-03-11 09:00"))

    assert defect(story, no_show("m-2", "2026-03-12 09:30")) == NEVER_WARNED


def test_where_the_policy_warns_at_the_second_and_excludes_at_the_third() -> None:
    """The warning belongs before the one that excludes; that it came at the second is what the policy says."""
    terms = policy("2", "2026-02-01 00:00", no_show={"warn_at": 2, "exclude_at": 3})
    story = Story(
        terms, *missed("p-2", 1), *(each for n in (1, 2, 3) for each in held(f"m-{n}", "p-1", f"2026-03-1{n} 09:00"))
    )
    story.given(no_show("m-1", "2026-03-11 09:30"), no_show("m-2", "2026-03-12 09:30"))

    findings = story.when(no_show("m-3", "2026-03-13 09:30")).findings
    assert "procedural_defect" not in findings[0].data["figures"]
    assert story.findings("p-2") == []


def test_a_warning_of_before_a_reinstatement_was_given() -> None:
    """It is off the ladder, but the pro was told once."""
    story = two("2026-03-10 09:00", "2026-03-20 09:00").given(no_show("m-1"))
    story.given(by_desk("pro.suspended", "p-1", "2026-03-11 09:00", kind="suspension"))
    story.given(by_desk("pro.reinstated", "p-1", "2026-03-12 09:00"))

    assert defect(story, no_show("m-2", "2026-03-20 09:30")) is None
