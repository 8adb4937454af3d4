"""`conduct.*`: reports of how a pro behaved. A person judges each; grounds without a ladder suspend meanwhile."""

from __future__ import annotations

from typing import get_args

import pytest
from missions.kit import RECORDED, Document, Story, event, no_show, policy, voided

from ledger.events.fields import Ground
from ledger.rulebook.conduct import ZERO_TOLERANCE

from .career import by_desk, day, missed

HUMAN = policy("2", "2025-02-01 00:00", "2025-01-01 00:00", decision="human")
STRICT = sorted(ZERO_TOLERANCE)
WITH_A_LADDER = sorted(set(get_args(Ground)) - ZERO_TOLERANCE)

Found = list[tuple[str, str, str]]


def reported(ground: str, at: float, pro: str = "p-1", *, id: str = "") -> Document:
    name = id or f"report-{pro}-{ground}-{at}"
    return event("pro.conduct_reported", pro, day(at), id=name, ground=ground, by="a client", description="what I saw")


def confirmed(report: Document, at: float, **data: str) -> Document:
    return by_desk("pro.conduct_confirmed", report["subject"], day(at), report=report["id"], **data)


def dismissed(report: Document, at: float, **data: str) -> Document:
    return by_desk("pro.conduct_dismissed", report["subject"], day(at), report=report["id"], **data)


def proposes(ground: str, pro: str = "p-1") -> Found:
    return [("suspension_proposed", pro, f"conduct.{ground}")]


def suspends(ground: str, pro: str = "p-1") -> Found:
    return [*proposes(ground, pro), ("suspended", pro, f"conduct.{ground}")]


# -- zero tolerance ---------------------------------------------------------------------------------------------------


def test_which_grounds_have_no_ladder() -> None:
    assert STRICT == ["discrimination", "lawbreaking", "sexual_advance", "violence"]
    assert len(WITH_A_LADDER) == 10


@pytest.mark.parametrize("ground", STRICT)
def test_a_report_suspends_at_once_where_the_policy_decides(ground: str) -> None:
    report = reported(ground, 1)
    story = Story(reported("profanity", 0, "p-2"))

    proposal, decision = story.when(report).findings

    assert [(each.type, each.data["rule"], each.data["kind"]) for each in (proposal, decision)] == [
        ("pro.suspension_proposed", f"conduct.{ground}", "suspension"),
        ("pro.suspended", f"conduct.{ground}", "suspension"),
    ]
    assert (decision.data["by"], "until" in decision.data) == ("engine", False)
    assert story.ids(proposal.data["evidence"]) == [report["id"]]
    assert proposal.data["figures"] == {"reports": 1, "confirmed": 0}
    assert (story.access("p-1"), story.access("p-2"), story.findings("p-2")) == ("suspended", "active", [])


@pytest.mark.parametrize("ground", STRICT)
def test_a_report_is_a_proposal_where_a_person_decides(ground: str) -> None:
    story = Story(HUMAN, reported("profanity", 0, "p-2"))

    assert story.when(reported(ground, 1)).found == proposes(ground)

    assert (story.access("p-1"), len(story.pro("p-1").proposals)) == ("active", 1)
    assert (story.access("p-2"), story.pro("p-2").proposals) == ("active", [])


@pytest.mark.parametrize("terms", [[], [HUMAN]], ids=["automatic", "human"])
@pytest.mark.parametrize("ground", STRICT)
def test_a_persons_confirmation_excludes_in_that_persons_name(ground: str, terms: list[Document]) -> None:
    report, other = reported(ground, 1), reported(ground, 1, "p-2")
    story = Story(*terms, report, other)
    ruling = confirmed(report, 2, by="Inès Favre", reason="heard both")

    (decision,) = story.when(ruling).findings

    data = decision.data
    assert (data["kind"], data["rule"], data["by"], data["reason"]) == (
        "exclusion",
        f"conduct.{ground}",
        "Inès Favre",
        "heard both",
    )
    assert story.ids(data["evidence"]) == [report["id"], ruling["id"]]
    assert (decision.at, decision.doc["causationid"]) == (story.entries[-2].at, ruling["id"])
    assert (story.access("p-1"), story.pro("p-1").proposals) == ("excluded", [])
    assert story.access("p-2") == ("active" if terms else "suspended")


def test_a_dismissal_lifts_what_the_report_caused() -> None:
    report, other = reported("violence", 1), reported("violence", 1, "p-2")
    story = Story(report, other)
    assert (story.access("p-1"), story.access("p-2")) == ("suspended", "suspended")

    assert story.when(dismissed(report, 2)).found == []

    assert (story.access("p-1"), story.access("p-2")) == ("active", "suspended")


def test_a_dismissal_takes_the_proposal_back() -> None:
    report, other = reported("violence", 1), reported("violence", 1, "p-2")
    story = Story(HUMAN, report, other).given(dismissed(report, 2))

    assert (story.pro("p-1").proposals, len(story.pro("p-2").proposals)) == ([], 1)
    assert story.when(by_desk("pro.suspension_dismissed", "p-1", day(3))).code == "invalid_transition"


def test_a_dismissal_lifts_a_persons_decision_on_the_reports_proposal_too() -> None:
    report = reported("violence", 1)
    story = Story(HUMAN, report, reported("violence", 1, "p-2"))
    proposal = story.pro("p-1").proposals[0]
    data = {"kind": "suspension", "rule": "conduct.violence", "proposal": proposal.id}
    story.given(by_desk("pro.suspended", "p-1", day(1.5), **data))
    assert story.access("p-1") == "suspended"

    story.given(dismissed(report, 2))

    assert story.access("p-1") == "active"


@pytest.mark.parametrize("rule", [{}, {"rule": "conduct.violence"}, {"rule": "cancellation.rate"}], ids=str)
def test_a_dismissal_leaves_every_other_suspension(rule: dict[str, str]) -> None:
    """Also one that a person decided under the same rule without resting it on the report."""
    report = reported("violence", 1)
    other = by_desk("pro.suspended", "p-1", day(0), kind="suspension", **rule)
    story = Story(other, report, reported("violence", 1, "p-2"))

    story.given(dismissed(report, 2))

    assert story.access("p-1") == "suspended"
    assert story.pro("p-1").decision_at(story.entries[-1].at).event.id == other["id"]  # type: ignore[union-attr]


def test_another_open_report_of_the_same_ground_keeps_the_suspension() -> None:
    first, second = reported("violence", 1), reported("violence", 1.5)
    story = Story(first, reported("violence", 1, "p-2"))
    assert story.when(second).found == []  # a suspension on this ground is in force already

    story.given(dismissed(first, 2))
    assert story.access("p-1") == "suspended"
    story.given(dismissed(second, 3))
    assert (story.access("p-1"), story.access("p-2")) == ("active", "suspended")


def test_an_open_report_of_another_ground_keeps_its_own_suspension() -> None:
    first = reported("violence", 1)
    story = Story(first, reported("violence", 1, "p-2"))
    assert story.when(reported("discrimination", 1.5)).found == suspends("discrimination")

    story.given(dismissed(first, 2))

    assert story.access("p-1") == "suspended"
    rules = [each.event.data["rule"] for each in story.pro("p-1").decisions]
    assert rules == ["conduct.discrimination"]


def test_a_dismissal_does_not_lift_the_exclusion_that_another_report_brought() -> None:
    first, second = reported("violence", 1), reported("violence", 1.5)
    story = Story(first, second, reported("violence", 1, "p-2"), confirmed(first, 2))

    story.given(dismissed(second, 3))

    assert (story.access("p-1"), story.access("p-2")) == ("excluded", "suspended")


def test_after_a_reinstatement_an_old_confirmation_keeps_nothing_in_force() -> None:
    """What a new report causes is lifted by its dismissal, although an older one was confirmed long ago."""
    first, second = reported("violence", 1), reported("violence", 10)
    story = Story(first, confirmed(first, 2), by_desk("pro.reinstated", "p-1", day(5)), reported("violence", 1, "p-2"))
    assert story.when(second).found == suspends("violence")

    story.given(dismissed(second, 11))

    assert (story.access("p-1"), story.access("p-2")) == ("active", "suspended")


def test_a_report_about_an_excluded_pro_finds_nothing_and_its_confirmation_is_still_a_decision() -> None:
    report = reported("violence", 2)
    story = Story(*missed("p-1", 1), *missed("p-1", 2), reported("violence", 1, "p-2"))
    assert story.access("p-1") == "excluded"

    assert story.when(reported("violence", 80, id="late")).found == []
    assert story.when(report).found == []
    assert story.when(confirmed(report, 81)).found == [("suspended", "p-1", "conduct.violence")]
    story.given(by_desk("pro.reinstated", "p-1", day(90)))
    assert (story.access("p-1"), story.access("p-2")) == ("active", "suspended")


def test_a_suspended_pro_is_suspended_for_the_report_as_well() -> None:
    """Another decision in force may end; what the report calls for does not depend on it."""
    story = Story(by_desk("pro.suspended", "p-1", day(0), kind="suspension"), reported("violence", 0, "p-2"))

    assert story.when(reported("violence", 1)).found == suspends("violence")


# -- grounds with a ladder --------------------------------------------------------------------------------------------


@pytest.mark.parametrize("ground", WITH_A_LADDER)
def test_a_report_alone_is_nothing_and_its_confirmation_warns(ground: str) -> None:
    report = reported(ground, 1)
    story = Story()
    assert story.when(reported(ground, 1, "p-2")).found == []
    assert story.when(report).found == []

    ruling = confirmed(report, 2)
    (warning,) = story.when(ruling).findings

    assert (warning.type, warning.data["rule"], warning.data["ladder"]) == (
        "pro.warned",
        f"conduct.{ground}",
        f"conduct.{ground}",
    )
    assert story.ids(warning.data["evidence"]) == [report["id"], ruling["id"]]
    assert (story.access("p-1"), story.findings("p-2")) == ("active", [])


def _ladder(story: Story, ground: str, *days: float) -> list[Found]:
    """Reports on these days, each confirmed an hour later; what each confirmation found."""
    found = []
    for at in days:
        report = reported(ground, at)
        found.append(story.given(report).when(confirmed(report, at + 1 / 24)).found)
    return found


WARNED: Found = [("warned", "p-1", "conduct.disrespect")]


@pytest.mark.parametrize("terms", [[], [HUMAN]], ids=["automatic", "human"])
def test_three_warnings_without_a_cooldown_then_the_next_removes(terms: list[Document]) -> None:
    story = Story(*terms, reported("disrespect", 0, "p-2"))

    found = _ladder(story, "disrespect", 1, 1.1, 1.2, 1.3, 1.4)

    removal = proposes("disrespect") if terms else suspends("disrespect")
    assert found == [WARNED, WARNED, WARNED, removal, []]
    assert (story.access("p-1"), story.access("p-2")) == ("active" if terms else "suspended", "active")
    assert story.findings("p-2") == []


@pytest.mark.parametrize(("seconds", "found"), [(-1, suspends("disrespect")), (0, WARNED)])
def test_a_warning_expires_after_exactly_180_days(seconds: int, found: Found) -> None:
    story = Story(reported("disrespect", 0, "p-2"))
    for at in (0.5, 1, 2):
        story.given(reported("disrespect", at - 0.2), confirmed(reported("disrespect", at - 0.2), at))
    last = reported("disrespect", 100)

    ruling = confirmed(last, 180) | {"time": day(180.5, seconds=seconds)}
    assert story.given(last).when(ruling).found == found
    assert story.findings("p-2") == []


def test_each_ground_has_its_own_ladder() -> None:
    story = Story(reported("disrespect", 0, "p-2"))
    assert _ladder(story, "disrespect", 1, 2, 3) == [WARNED] * 3

    assert _ladder(story, "profanity", 4) == [[("warned", "p-1", "conduct.profanity")]]
    assert _ladder(story, "disrespect", 5) == [suspends("disrespect")]
    assert story.findings("p-2") == []


def test_a_dismissed_report_warns_nobody_and_lifts_nothing() -> None:
    report = reported("disrespect", 1)
    other = by_desk("pro.suspended", "p-1", day(0), kind="suspension", rule="conduct.disrespect")
    story = Story(report, other, reported("disrespect", 1, "p-2"))

    assert story.when(dismissed(report, 2)).found == []

    assert (story.access("p-1"), story.pro("p-1").warnings) == ("suspended", [])


def test_after_a_reinstatement_the_ladder_starts_anew() -> None:
    story = Story(reported("disrespect", 0, "p-2"))
    _ladder(story, "disrespect", 1, 2, 3, 4)
    assert story.access("p-1") == "suspended"
    story.given(by_desk("pro.reinstated", "p-1", day(5)))

    assert _ladder(story, "disrespect", 6) == [WARNED]
    assert (story.access("p-1"), story.findings("p-2")) == ("active", [])


def test_a_voided_confirmation_leaves_the_report_open() -> None:
    report = reported("disrespect", 1)
    ruling = confirmed(report, 2)
    story = Story(report, ruling, voided(ruling, day(3)), reported("disrespect", 1, "p-2"))

    assert [each.ruling for each in story.pro("p-1").reports.values()] == [None]
    assert story.when(dismissed(report, 4)).code == RECORDED


def test_conduct_moves_no_figure_of_missions() -> None:
    story = Story(*missed("p-1", 1)[:2], *missed("p-2", 1)[:2], reported("violence", 1), reported("disrespect", 2))

    assert (story.rate("p-1"), story.rate("p-2")) == ((1, 0, 0), (1, 0, 0))
    assert story.when(no_show("missed-p-2-1")).found == [("warned", "p-2", "no_show")]


# -- the ruling -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("ground", ["violence", "disrespect"])
@pytest.mark.parametrize("first", [confirmed, dismissed])
@pytest.mark.parametrize("second", [confirmed, dismissed])
def test_a_report_is_ruled_on_once(ground: str, first: object, second: object) -> None:
    report = reported(ground, 1)
    story = Story(report, reported(ground, 1, "p-2"), first(report, 2))  # type: ignore[operator]
    before = (story.trace(), story.access("p-1"))

    outcome = story.when(second(report, 3))  # type: ignore[operator]

    assert outcome.code == "invalid_transition"
    assert report["id"] in outcome.message
    assert (story.trace(), story.access("p-1")) == before


@pytest.mark.parametrize("ruling", [confirmed, dismissed])
@pytest.mark.parametrize(("reason", "code"), [("", "no_statement"), ("  ", "no_statement"), ("heard", RECORDED)])
def test_without_a_ladder_a_ruling_needs_its_reason(ruling: object, reason: str, code: str) -> None:
    report = reported("violence", 1)
    story = Story(report, reported("violence", 1, "p-2"))

    assert story.when(ruling(report, 2, reason=reason)).code == code  # type: ignore[operator]
    assert story.access("p-2") == "suspended"


def test_with_a_ladder_it_may_do_without() -> None:
    report = reported("disrespect", 1)
    story = Story(report, reported("disrespect", 1, "p-2"))
    ruling = confirmed(report, 2)
    del ruling["data"]["reason"]

    assert story.when(ruling).found == WARNED


def test_two_sources_may_give_two_reports_one_id() -> None:
    """A report is named by source and id, as every event is; a ruling says whose, where the id alone leaves it open."""

    def of(source: str, ruling: Document) -> Document:
        return ruling | {"data": ruling["data"] | {"source": source}}

    apps, desks = reported("violence", 1), reported("disrespect", 1) | {"source": "desk/2"}
    apps["id"] = desks["id"] = "r-1"
    story = Story(apps, desks, reported("violence", 1, "p-2"))
    before = (story.trace(), story.access("p-1"))

    refused = story.when(dismissed(apps, 2))
    assert (refused.code, refused.message) == (
        "invalid_transition",
        "several reports of p-1 are called r-1: say source=… (app/fr, desk/2)",
    )
    assert story.when(of("elsewhere", dismissed(apps, 2))).code == "invalid_transition"
    assert (story.trace(), story.access("p-1")) == before

    assert story.when(of("desk/2", confirmed(apps, 3))).found == WARNED
    assert story.when(of("app/fr", dismissed(apps, 4))).code == RECORDED
    assert (story.access("p-1"), story.access("p-2")) == ("active", "suspended")
    assert story.when(of("desk/2", dismissed(apps, 5))).code == "invalid_transition"  # ruled on already


def test_a_report_of_another_pro_is_not_ruled_on() -> None:
    report = reported("violence", 1)
    story = Story(report, reported("violence", 1, "p-2"))

    assert story.when(confirmed(report, 2) | {"subject": "p-2"}).code == "invalid_transition"
    assert (story.access("p-1"), story.access("p-2")) == ("suspended", "suspended")


def test_the_engine_does_not_confirm() -> None:
    report = reported("violence", 1)
    story = Story(report, reported("violence", 1, "p-2"))

    assert story.when(confirmed(report, 2, by="engine")).code == "human_required"
    assert story.access("p-1") == "suspended"
