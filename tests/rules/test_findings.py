"""What the engine writes: the trigger's time and id, the figures, and exactly the events that made them."""

from __future__ import annotations

from missions.kit import Story, accepted, cancelled, completed, event, no_show, rated, requested, voided

from .career import agreed, called_off, day, fives_and_fours, given_stars, missed, name


def test_a_finding_takes_the_time_of_its_cause_and_names_it() -> None:
    cause = {**called_off("p-1", 0, "2026-03-02T10:00:00.250000+01:00"), "correlationid": "story-7"}
    story = Story(*agreed("p-1", 20), *agreed("p-2", 20))

    (warning,) = story.when(cause).findings

    assert warning.doc["time"] == "2026-03-02T09:00:00.250000Z"
    assert warning.doc["causationid"] == cause["id"]
    assert warning.doc["correlationid"] == "story-7"
    assert warning.doc["source"] == "mission-ledger/engine"
    assert (warning.subject, warning.position) == ("p-1", story.entries[-2].position + 1)


def test_the_evidence_of_a_rate_is_every_acceptance_and_what_is_above_the_line() -> None:
    story = Story(
        *agreed("p-2", 20),
        *agreed("p-1", 18),
        *agreed("p-1", 5, first=100, city="paris"),
        *missed("p-1", 1),  # a no-show in the same city
        requested("m-2"),
        accepted("m-2", "p-2"),
        cancelled("m-2", "2026-03-05 09:00"),
        called_off("p-1", 100, day(2)),  # another city
        cancelled(name("p-1", 1), day(3), by="client"),
        cancelled(name("p-1", 2), day(4), excused=True),
        event("mission.refused", name("p-2", 1), day(5), pro="p-1"),
        *agreed("p-1", 1, first=50),
    )

    (warning,) = story.when(called_off("p-1", 0, day(80))).findings

    accepted_in_lyon = {name("p-1", number) for number in (*range(18), 50)} | {"missed-p-1-1"}
    expected = {
        each.id for each in story.entries if each.type == "mission.accepted" and each.subject in accepted_in_lyon
    }
    expected |= {called_off("p-1", 0, day(80))["id"], missed("p-1", 1)[2]["id"]}
    evidence = warning.data["evidence"]
    assert evidence == sorted(evidence)
    assert set(story.ids(evidence)) == expected
    assert len(evidence) == len(expected) == 22
    figures = warning.data["figures"]
    assert (figures["accepted"], figures["cancelled"], figures["no_shows"]) == (20, 1, 1)
    assert (figures["rate"], figures["percent"], figures["city"]) == ("2/20", "10.00", "lyon")
    assert (warning.data["ladder"], warning.data["rule"]) == ("cancellation.rate", "cancellation.rate")


def test_the_evidence_of_an_exclusion_is_both_missed_missions() -> None:
    story = Story(*missed("p-2", 1), *missed("p-1", 1), *missed("p-1", 2, city="paris")[:2])

    proposal, decision = story.when(missed("p-1", 2, city="paris")[2]).findings

    assert story.ids(proposal.data["evidence"]) == [missed("p-1", 1)[2]["id"], missed("p-1", 2)[2]["id"]]
    assert proposal.data["kind"] == decision.data["kind"] == "exclusion"
    assert (decision.data["by"], decision.data["proposal"]) == ("engine", proposal.id)
    assert decision.data["reason"]
    assert decision.doc["causationid"] == missed("p-1", 2)[2]["id"]


def test_a_confirmed_no_show_brings_its_confirmation() -> None:
    story = Story(requested(), accepted(), *missed("p-2", 1))
    story.given(event("mission.checked_in", "m-1", "2026-03-10 09:00"), no_show("m-1"))
    confirmed = event("mission.no_show_confirmed", "m-1", "2026-03-11 09:00", by="ines")

    (warning,) = story.when(confirmed).findings

    assert story.ids(warning.data["evidence"]) == [no_show("m-1")["id"], confirmed["id"]]


def test_the_evidence_of_a_mean_is_the_ratings_of_the_window() -> None:
    story = Story(*given_stars("p-1", [1, *fives_and_fours(49, 210)]), *given_stars("p-2", [5] * 3))
    story.given(*given_stars("p-1", [5, 5], first=100, city="paris"))
    *before, last = given_stars("p-1", [1], first=60, at=70)

    (warning,) = story.given(*before).when(last).findings

    rated_missions = {f"r-p-1-{number}" for number in (*range(1, 50), 60)}
    expected = {each.id for each in story.entries if each.type == "mission.rated" and each.subject in rated_missions}
    assert set(story.ids(warning.data["evidence"])) == expected
    assert len(expected) == 50
    figures = warning.data["figures"]
    assert (figures["rated"], figures["stars"], figures["mean"]) == (50, 211, "4.22")
    assert warning.data["rule"] == "rating.approaching"


def test_what_was_voided_is_no_evidence() -> None:
    story = Story(*agreed("p-1", 21), *agreed("p-2", 21))
    first = called_off("p-1", 0, day(0))
    story.given(first, voided(first, day(1)))

    (warning,) = story.when(called_off("p-1", 1, day(20))).findings

    assert first["id"] not in story.ids(warning.data["evidence"])
    assert warning.data["figures"]["rate"] == "1/21"


def test_a_finding_is_not_rewritten_by_what_arrives_later() -> None:
    story = Story(requested(), accepted(), *missed("p-2", 1), no_show())
    (warning,) = [each for each in story.entries if each.type == "pro.warned" and each.subject == "p-1"]
    before = warning.state

    story.given(cancelled("m-1", "2026-03-05 09:00", by="client"))

    assert story.rate("p-1") == (1, 0, 0)
    assert warning.state == before
    assert len(story.pro("p-1").warnings) == 1


def test_facts_that_change_nothing_find_nothing() -> None:
    story = Story(*agreed("p-1", 20), *agreed("p-2", 20), called_off("p-1", 0, day(0)))
    quiet = [
        requested("m-1"),
        accepted("m-1", "p-1"),
        completed("m-1"),
        rated("m-1", 5),
        rated("m-1", 1, by="pro"),
        event("mission.damage_declared", "m-1", "2026-03-10 12:00", description="a vase"),
        event("pro.registered", "p-1", "2026-03-10 12:00", name="Zoë"),
        event("pro.unavailable", "p-1", "2026-03-10 12:00", starts_at=day(200), ends_at=day(201)),
    ]

    assert [story.when(document).found for document in quiet] == [[]] * len(quiet)
