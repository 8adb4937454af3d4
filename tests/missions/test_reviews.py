"""What rests on facts that no longer stand waits for a person; nothing is rewritten, nobody reinstated by itself."""

from __future__ import annotations

import pytest

from ledger.reviews import PROCEDURAL, Grounds, doubts

from .kit import (
    Document,
    Story,
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
from .test_decisions import HUMAN, decision, suspended

EARLY = {"cancellation": {"min_accepted": 2, "average": "0.10", "maximum": "0.20"}}
ONE_WARNING = policy("2", "2026-02-01 00:00", warnings={"max": 1, "cooldown_days": 0}, **EARLY)


def missions(*names: str, pro: str = "p-1", **changed: str) -> list[Document]:
    return [each for name in names for each in (requested(name, **changed), accepted(name, pro))]


MISSED_TWICE = (
    *missions("m-1"),
    *missions("m-2", starts_at="2026-03-12 09:00"),
    *missions("m-3", pro="p-2"),
    no_show("m-1"),
    no_show("m-3"),
    no_show("m-2", "2026-03-12 09:30"),
)


def reviews(story: Story, pro: str = "p-1") -> list[tuple[str, str, str]]:
    """(kind, the fact's id, what made it fall) of every doubt that no person has settled."""
    causes = {fact: entry.position for entry in story.entries for fact in entry.reconsidered}
    found = []
    for each in doubts(story.pro(pro), story.book.chronicle, story.book.voided, story.book.positions_of):
        cause = each.cause or causes.get(each.fact, 0)
        if not each.confirmed or cause > each.confirmed:
            found.append((each.kind, *story.ids([each.fact, cause])))
    return found


def excluded(*more: Document) -> Story:
    """Two no-shows of p-1 exclude it; p-2 missed one mission."""
    return Story(*more, *MISSED_TWICE)


REJECTED = event("mission.no_show_rejected", "m-1", "2026-03-15 09:00", by="ines", reason="she was there")
CONFIRMED = event("mission.no_show_confirmed", "m-1", "2026-03-16 09:00", by="omar")


def test_nothing_to_review_while_all_stands() -> None:
    story = excluded()
    assert (story.access("p-1"), story.access("p-2")) == ("excluded", "active")
    assert reviews(story) == reviews(story, "p-2") == []


@pytest.mark.parametrize("fell", [REJECTED, voided(no_show("m-1"), "2026-03-15 09:00")], ids=["rejected", "voided"])
def test_a_no_show_that_falls_after_the_exclusion(fell: Document) -> None:
    story = excluded().given(fell)

    assert story.access("p-1") == "excluded"
    assert reviews(story) == [
        ("warning", no_show("m-1")["id"], fell["id"]),
        ("decision", no_show("m-1")["id"], fell["id"]),
    ]
    assert reviews(story, "p-2") == []


def test_a_cancellation_in_time_that_arrives_late() -> None:
    late = cancelled("m-2", "2026-03-01 18:00")
    story = excluded().given(late)

    assert story.rate("p-1") == (2, 1, 1)
    assert reviews(story) == [("decision", no_show("m-2", "2026-03-12 09:30")["id"], late["id"])]


def test_a_fact_that_stands_again_closes_the_review() -> None:
    story = excluded().given(REJECTED, CONFIRMED)
    assert reviews(story) == []

    story = excluded().given(REJECTED, voided(REJECTED))
    assert reviews(story) == []


@pytest.mark.parametrize(
    "ending",
    [decision("reinstated", "2026-03-18 09:00"), voided({"id": "suspended-13", "source": "mission-ledger/engine"})],
)
def test_a_decision_that_ends_is_not_reviewed(ending: Document) -> None:
    story = excluded()
    assert story.entries[-1].id == "suspended-13"
    story.given(REJECTED, ending)

    assert [kind for kind, _, _ in reviews(story) if kind == "decision"] == []


def test_a_person_keeps_the_decision_until_the_next_fact_falls() -> None:
    kept = suspended("exclusion", "2026-03-18 09:00", rule="no_show")
    elsewhere = suspended("exclusion", "2026-03-18 09:00", rule="rating.minimum")
    story = excluded().given(REJECTED)

    story.given(elsewhere)
    assert len(reviews(story)) == 2  # another rule says nothing about this one
    story.given(kept | {"id": "kept"})
    assert reviews(story) == []
    story.given(voided(no_show("m-2", "2026-03-12 09:30")))
    assert [(kind, fact) for kind, fact, _ in reviews(story)] == [
        ("decision", no_show("m-2", "2026-03-12 09:30")["id"])
    ]


def test_an_open_proposal_is_reviewed_and_a_person_who_followed_it_has_seen_what_fell_before() -> None:
    story = excluded(HUMAN).given(REJECTED)
    assert [kind for kind, _, _ in reviews(story)] == ["warning", "proposal"]

    proposal = story.pro().proposals[0].id
    story.given(suspended("exclusion", "2026-03-18 09:00", rule="no_show", proposal=proposal))
    assert reviews(story) == []
    story.given(voided(no_show("m-2", "2026-03-12 09:30")))
    assert [kind for kind, _, _ in reviews(story)] == ["decision"]


def test_a_dismissed_proposal_is_not_reviewed() -> None:
    story = excluded(HUMAN).given(decision("suspension_dismissed", "2026-03-14 09:00"), REJECTED)

    assert [kind for kind, _, _ in reviews(story)] == ["warning"]


def test_a_withdrawn_warning_shakes_the_removal_that_followed_it() -> None:
    story = Story(ONE_WARNING, *missions("m-1", "m-2", "m-3"), *missions("m-4", pro="p-2"))
    story.given(cancelled("m-1", "2026-03-05 09:00"), cancelled("m-2", "2026-03-06 09:00"))
    assert [kind for kind, _, _ in story.findings()] == ["warned", "suspension_proposed", "suspended"]
    warning = next(each for each in story.entries if each.type == "pro.warned")
    withdrawn = voided({"id": warning.id, "source": warning.source})

    story.given(withdrawn)

    assert reviews(story) == [("decision", warning.id, withdrawn["id"])]


def test_a_voided_acceptance_is_a_fact_of_the_rate() -> None:
    story = Story(ONE_WARNING, *missions("m-1", "m-2", "m-3"), *missions("m-4", pro="p-2"))
    story.given(cancelled("m-1", "2026-03-05 09:00"), cancelled("m-2", "2026-03-06 09:00"))
    gone = accepted("m-3")

    story.given(voided(gone), voided(accepted("m-4", "p-2")))

    assert reviews(story) == [(kind, gone["id"], voided(gone)["id"]) for kind in ("warning", "decision")]
    assert reviews(story, "p-2") == []


def test_a_rating_that_no_longer_counts() -> None:
    low = policy("2", "2026-02-01 00:00", rating={"min_ratings": 2, "minimum": "4.20"})
    story = Story(low, *missions("m-1", "m-2"), *missions("m-3", pro="p-2"))
    for name, stars in (("m-1", 5), ("m-2", 1), ("m-3", 1)):
        story.given(completed(name), rated(name, stars))
    assert story.findings() == [("warned", "rating.minimum", "2026-03-10T18:00:00Z")]

    story.given(voided(rated("m-2", 1)))
    assert reviews(story) == [("warning", rated("m-2", 1)["id"], voided(rated("m-2", 1))["id"])]

    story.given(voided(completed("m-1")))  # its rating waits for a completion again
    assert ("warning", rated("m-1", 5)["id"], voided(completed("m-1"))["id"]) in reviews(story)
    story.given(completed("m-1", minutes=60))
    assert [fact for _, fact, _ in reviews(story)] == [rated("m-2", 1)["id"]]


def test_what_a_person_named_as_proof() -> None:
    proof = event("mission.damage_declared", "m-1", "2026-03-11 09:00", description="a vase")
    story = Story(*missions("m-1"), *missions("m-2", pro="p-2"), proof)
    story.given(suspended("termination", notice_exception="imperative_reason", evidence=[proof["id"]]))
    story.given(suspended("suspension", pro="p-2"))
    assert reviews(story) == []

    story.given(voided(proof))

    assert reviews(story) == [("decision", proof["id"], voided(proof)["id"])]
    assert reviews(story, "p-2") == []


def test_a_defect_of_procedure_is_a_reason() -> None:
    story = excluded(HUMAN)
    proposal = story.pro().proposals[0]
    assert reviews(story) == []

    proposal.data["figures"][PROCEDURAL] = "warned_after_the_second"
    assert reviews(story) == [("proposal", proposal.id, proposal.id)]
    story.given(suspended("exclusion", "2026-03-18 09:00", rule="no_show", proposal=proposal.id))
    assert reviews(story) == []


def test_a_past_decision_still_says_which_of_its_facts_fell() -> None:
    story = excluded().given(decision("reinstated", "2026-03-14 09:00"), REJECTED)
    pro = story.pro("p-1")
    decided = next(each for each in pro.events if each.type == "pro.suspended")

    grounds = Grounds(pro, story.book.chronicle, story.book.voided, story.book.positions_of)
    assert [story.ids([fact]) for fact, _ in grounds.fallen(decided)] == [[no_show("m-1")["id"]]]


def test_a_no_show_that_turns_out_a_cancellation_is_no_no_show() -> None:
    """Cancelled at the start; a person then finds that it was no missed appointment: one position, another weight."""
    at_start = cancelled("m-2", "2026-03-12 09:00")
    story = Story(*MISSED_TWICE[:-1], at_start)
    assert story.access("p-1") == "excluded"
    ruled = event("mission.no_show_rejected", "m-2", "2026-03-15 09:00", by="ines")

    story.given(ruled)

    assert story.rate("p-1") == (2, 1, 1)
    assert reviews(story) == [("decision", at_start["id"], ruled["id"])]


def test_a_late_cancellation_that_was_not_late_is_still_a_cancellation() -> None:
    few = {"count": 2}
    twice = policy("3", "2026-02-01 00:00", late_cancellation=few, **EARLY)
    story = Story(twice, *missions("m-1", "m-2"), *missions("m-3", pro="p-2"))
    story.given(cancelled("m-1", "2026-03-09 18:00"), cancelled("m-2", "2026-03-09 19:00"))
    assert ("suspended", "cancellation.late", "2026-03-09T19:00:00Z") in story.findings()
    moved = event("mission.rescheduled", "m-2", "2026-03-02 09:00", by="client", starts_at="2026-03-14T09:00:00Z")

    story.given(moved)

    found = [each for each in reviews(story) if each[0] == "decision"]
    assert found == [("decision", cancelled("m-2", "2026-03-09 19:00")["id"], moved["id"])]


def test_an_unavailability_that_arrives_late_excuses() -> None:
    span = {"starts_at": "2026-03-10T08:00:00Z", "ends_at": "2026-03-10T12:00:00Z"}
    early, again = (event("pro.unavailable", "p-1", f"2026-02-2{day} 09:00", **span) for day in (7, 8))
    story = Story(ONE_WARNING, *missions("m-1", "m-2", "m-3"), *missions("m-4", pro="p-2"))
    story.given(cancelled("m-1", "2026-03-05 09:00"), cancelled("m-4", "2026-03-05 09:00"))
    assert reviews(story) == []

    story.given(
        early,
        again,
        early | {"subject": "p-2", "id": "other", "data": {**early["data"], "starts_at": "2026-03-10T11:30:00Z"}},
    )

    assert reviews(story) == [("warning", cancelled("m-1", "2026-03-05 09:00")["id"], early["id"])]
    story.given(voided(again))
    assert len(reviews(story)) == 1
    story.given(voided(early))
    assert reviews(story) == []


def test_a_dismissed_report_beside_one_that_stands() -> None:
    def reported(name: str, pro: str = "p-1") -> Document:
        return event("pro.conduct_reported", pro, "2026-03-12 09:00", id=name, ground="violence", by="client-1")

    dismissed = decision("conduct_dismissed", "2026-03-13 09:00", report="r-1")
    story = Story(*both(), reported("r-1"), reported("r-2"), reported("r-3", "p-2"))
    assert (story.access("p-1"), story.access("p-2")) == ("suspended", "suspended")

    story.given(dismissed)

    assert story.access("p-1") == "suspended"  # the other report stands
    assert ("decision", "r-1", dismissed["id"]) in reviews(story)
    assert {fact for _, fact, _ in reviews(story)} == {"r-1"}
    assert reviews(story, "p-2") == []


def test_a_fact_of_one_account_shakes_a_decision_about_another() -> None:
    linked = event("pro.accounts_linked", "p-1", "2026-03-11 09:00", accounts=["p-9"], by="ines")
    story = Story(
        *missions("m-1"), *missions("m-2", pro="p-9", starts_at="2026-03-12 09:00"), *missions("m-3", pro="p-2")
    )
    story.given(no_show("m-1"), linked, no_show("m-2", "2026-03-12 09:30"))
    assert (story.access("p-1"), story.access("p-9"), story.access("p-2")) == ("excluded", "excluded", "active")

    story.given(REJECTED)
    assert [(kind, fact) for kind, fact, _ in reviews(story)] == [
        (kind, no_show("m-1")["id"]) for kind in ("warning", "decision")
    ]
    assert reviews(story, "p-9") == reviews(story)
    assert reviews(story, "p-2") == []


def test_a_warning_that_came_only_after_the_second_no_show() -> None:
    unwarned = [*missions("m-1", "m-2"), no_show("m-1", "2026-03-10 10:00"), no_show("m-2", "2026-03-10 10:00")]
    story = Story(*unwarned, *missions("m-3", pro="p-2"))
    assert story.access("p-1") == "excluded"

    proposal = next(each for each in story.pro().events if each.type == "pro.suspension_proposed")
    assert reviews(story) == [("decision", proposal.id, proposal.id)]
    story.given(suspended("exclusion", "2026-03-18 09:00", rule="no_show"))
    assert reviews(story) == []


def judged_by(*published: Document) -> Story:
    """p-1 cancels one of three missions in Lyon, p-3 one of three in Nice, after something was published."""
    few = {"cancellation": EARLY["cancellation"] | {"maximum": "0.90"}}
    story = Story(policy("1", "2026-01-15 00:00", **few), *missions("m-1", "m-2", "m-3"), *published)
    story.given(*missions("m-7", "m-8", "m-9", pro="p-3", city="nice"))
    return story.given(cancelled("m-1", "2026-03-05 09:00"), cancelled("m-7", "2026-03-05 09:00"))


def test_a_voided_baseline_shakes_what_was_judged_by_it_in_that_city() -> None:
    wrong = baseline("lyon", "2026-02-10 09:00", "0.05", "0.90")
    story = judged_by(wrong)
    assert [each[0] for each in story.findings("p-1")] == ["warned"] == [each[0] for each in story.findings("p-3")]
    assert reviews(story) == []

    story.given(voided(wrong))

    assert reviews(story) == [("warning", wrong["id"], voided(wrong)["id"])]
    assert reviews(story, "p-3") == []
    assert (story.access("p-1"), len(story.pro("p-1").warnings)) == ("active", 1)


def test_a_voided_policy_shakes_what_it_said_otherwise() -> None:
    """Only where the rule read a number that the version before does not have; its commission is no reason."""
    rates = EARLY["cancellation"] | {"maximum": "0.90"}
    strict = policy("2", "2026-02-01 00:00", cancellation=rates | {"average": "0.05"})
    dear = policy("2", "2026-02-01 00:00", cancellation=rates, billing={"commission": "0.30"})
    for published, shaken in ((strict, True), (dear, False)):
        story = judged_by(published)
        warned = [each for each in story.entries if each.type == "pro.warned"]
        assert [each.data["policy"] for each in warned] == ["test@2", "test@2"]

        story.given(voided(published))

        expected = [("warning", published["id"], voided(published)["id"])] if shaken else []
        assert reviews(story) == reviews(story, "p-3") == expected


def test_what_the_engine_decided_rests_on_a_policy_that_let_it() -> None:
    before, automatic = policy("1", "2026-01-15 00:00", decision="human"), policy("2", "2026-02-01 00:00")
    story = Story(before, automatic, *missions("m-1"), *missions("m-2", pro="p-2"))
    story.given(event("pro.conduct_reported", "p-1", "2026-03-12 09:00", id="r-1", ground="violence", by="client-1"))
    assert (story.access("p-1"), story.access("p-2")) == ("suspended", "active")

    story.given(voided(automatic))

    assert reviews(story) == [("decision", automatic["id"], voided(automatic)["id"])]
    assert (story.access("p-1"), reviews(story, "p-2")) == ("suspended", [])
    story.given(suspended("suspension", "2026-06-02 09:00", rule="conduct.violence"))
    assert reviews(story) == []
