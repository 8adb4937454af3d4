"""Linked accounts: one person, several accounts – figures, findings, decisions of the union; a void takes it back."""

from __future__ import annotations

import pytest
from missions.kit import Document, Story, accepted, cancelled, event, no_show, policy, requested, voided

from ledger.instants import parse_us

from .career import agreed, by_desk, called_off, day, dropped, given_stars, missed

AT = "2026-03-20 09:00"


def linked(pro: str, *accounts: str, time: str = AT, id: str = "") -> Document:
    name = id or "/".join(["linked", pro, *accounts])
    return event("pro.accounts_linked", pro, time, id=name, accounts=list(accounts), by="ines")


def test_each_account_shows_the_union() -> None:
    story = Story(*agreed("p-1", 5), *agreed("p-2", 7), *agreed("p-3", 2), called_off("p-1", 0, day(0)))
    story.given(*missed("p-2", 1), *given_stars("p-1", [5, 4]), *given_stars("p-2", [3]))

    story.given(linked("p-1", "p-2"))

    assert story.rate("p-1") == story.rate("p-2") == (16, 1, 1)
    assert story.rating("p-1") == story.rating("p-2") == (3, 12)
    assert story.pro("p-1") is story.pro("p-2")
    assert (story.rate("p-3"), story.pro("p-3").accounts) == ((2, 0, 0), ("p-3",))


def test_a_mission_that_both_accepted_counts_once_with_its_worst() -> None:
    story = Story(
        requested("m-1"),
        accepted("m-1", "p-1"),
        cancelled("m-1", "2026-03-05 09:00"),
        accepted("m-1", "p-2", "2026-03-06 09:00"),
        no_show("m-1"),
        *agreed("p-3", 2),
    )
    assert (story.rate("p-1"), story.rate("p-2")) == ((1, 1, 0), (1, 0, 1))

    story.given(linked("p-1", "p-2"))

    assert story.rate("p-1") == (1, 0, 1)
    assert (story.pro("p-1").no_shows().no_shows, story.rate("p-3")) == (1, (2, 0, 0))


def test_of_a_shared_mission_the_first_acceptance_in_time_and_the_first_of_equal_outcomes() -> None:
    """Whose half of a handover arrives last, and which account comes first by name, does not matter."""
    first_half = accepted("m-1", "p-2", "2026-03-01 09:00")
    rest = [
        cancelled("m-1", "2026-03-05 09:00"),
        accepted("m-1", "p-1", "2026-03-06 09:00"),
        cancelled("m-1", "2026-03-07 09:00"),
    ]
    told = Story(*agreed("p-3", 1), requested("m-1"), first_half, *rest, linked("p-1", "p-2"))
    heard = Story(*agreed("p-3", 1), linked("p-1", "p-2"), requested("m-1"), *rest[:2], first_half, rest[2])

    for story in (told, heard):
        figures = story.pro("p-1").cities["lyon"]
        assert list(figures.accepted_at) == [parse_us("2026-03-01T09:00:00Z")]
        assert [each.adverse_at for each in figures.adverse.values()] == [parse_us("2026-03-05T09:00:00Z")]
        assert story.rate("p-3") == (1, 0, 0)


def test_what_happens_to_a_shared_mission_after_the_link_counts_once_too() -> None:
    story = Story(requested("m-1"), accepted("m-1", "p-1"), linked("p-1", "p-2", time="2026-03-02 09:00"))
    story.given(*agreed("p-3", 1))
    story.given(cancelled("m-1", "2026-03-05 09:00"), accepted("m-1", "p-2", "2026-03-06 09:00"))
    assert story.rate("p-1") == story.rate("p-2") == (1, 1, 0)

    assert story.when(no_show("m-1")).found == [("warned", "p-1", "no_show")]
    assert story.rate("p-1") == story.rate("p-2") == (1, 0, 1)
    assert story.rate("p-3") == (1, 0, 0)


def test_findings_come_from_the_union() -> None:
    """A no-show of each account: the second of the person, whichever account it is."""
    story = Story(*missed("p-1", 1), *missed("p-2", 1)[:2], *missed("p-3", 1), linked("p-1", "p-2"))

    assert story.when(missed("p-2", 1)[2]).found == [
        ("suspension_proposed", "p-2", "no_show"),
        ("suspended", "p-2", "no_show"),
    ]
    assert (story.access("p-1"), story.access("p-2"), story.access("p-3")) == ("excluded", "excluded", "active")


def test_the_rate_and_the_ladder_are_the_persons() -> None:
    story = Story(*agreed("p-1", 10), *agreed("p-2", 10), *agreed("p-3", 10), linked("p-1", "p-2"))

    assert story.when(called_off("p-1", 0, day(100))).found == [("warned", "p-1", "cancellation.rate")]
    assert story.when(called_off("p-2", 0, day(101))).found == []  # within the cooldown of the other account's warning
    assert story.when(called_off("p-3", 0, day(101))).found == []  # one of ten, alone
    warning = next(each for each in story.entries if each.by_engine)
    assert (warning.data["figures"]["rate"], len(warning.data["evidence"])) == ("1/20", 21)
    assert len(story.pro("p-2").warnings) == 1


def test_late_cancellations_and_negative_reviews_add_up() -> None:
    late = [dropped("p-1", 1, 61), dropped("p-2", 2, 62), dropped("p-1", 3, 63), dropped("p-3", 1, 61)]
    story = Story(linked("p-1", "p-2", time=day(0)), *late[0], *late[1], *late[3])
    assert story.given(*late[2][:2]).when(late[2][2]).found[-1] == ("suspended", "p-1", "cancellation.late")

    rated = [given_stars("p-2", [1]), given_stars("p-1", [1]), given_stars("p-2", [1], first=5, at=5)]
    again = Story(linked("p-1", "p-2", time=day(-9)), *rated[0], *rated[1], *given_stars("p-3", [1, 1]))
    assert again.given(*rated[2][:3]).when(rated[2][3]).found[-1] == ("suspended", "p-2", "rating.negative")
    assert (again.access("p-1"), again.access("p-3")) == ("suspended", "active")


def test_decisions_apply_to_the_person() -> None:
    story = Story(*agreed("p-1", 1), *agreed("p-2", 1), *agreed("p-3", 1), linked("p-1", "p-2"))

    story.given(by_desk("pro.suspended", "p-1", day(80), kind="suspension"))
    assert [story.access(each) for each in ("p-1", "p-2", "p-3")] == ["suspended", "suspended", "active"]
    story.given(by_desk("pro.reinstated", "p-2", day(81)))
    assert [story.access(each) for each in ("p-1", "p-2", "p-3")] == ["active", "active", "active"]


def test_a_decision_from_before_the_link_applies_to_both() -> None:
    story = Story(*missed("p-1", 1), *missed("p-1", 2), *missed("p-2", 1), *missed("p-3", 1))
    assert (story.access("p-1"), story.access("p-2")) == ("excluded", "active")

    story.given(linked("p-2", "p-1"))

    assert [story.access(each) for each in ("p-1", "p-2", "p-3")] == ["excluded", "excluded", "active"]


def test_reports_documents_and_unavailabilities_are_the_persons() -> None:
    away = event("pro.unavailable", "p-1", day(-40), starts_at=day(499), ends_at=day(502))
    report = event("pro.conduct_reported", "p-1", day(1), id="r", ground="violence", by="a client")
    expired = event("pro.document_expired", "p-1", day(2), kind="photo")
    story = Story(away, report, expired, *agreed("p-2", 2), *agreed("p-3", 2), linked("p-1", "p-2"))
    assert story.access("p-2") == "suspended"

    story.given(called_off("p-2", 0, day(3)), called_off("p-3", 0, day(3)))
    assert (story.rate("p-2"), story.rate("p-3")) == ((2, 0, 0), (2, 1, 0))
    story.given(by_desk("pro.conduct_dismissed", "p-2", day(80), report="r"))
    assert story.access("p-1") == "restricted"
    story.given(event("pro.document_verified", "p-2", day(81), kind="photo"))
    assert [story.access(each) for each in ("p-1", "p-2", "p-3")] == ["active", "active", "active"]


@pytest.mark.parametrize(
    "links",
    [
        [linked("p-1", "p-2"), linked("p-2", "p-3")],
        [linked("p-3", "p-1"), linked("p-2", "p-1")],
        [linked("p-2", "p-1", "p-3")],
        [linked("p-1", "p-2"), linked("p-3", "p-4"), linked("p-4", "p-1")],
    ],
)
def test_links_that_share_an_account_join(links: list[Document]) -> None:
    story = Story(*agreed("p-1", 1), *agreed("p-2", 2), *agreed("p-3", 4), *agreed("p-9", 1), *links)

    assert [story.rate(each) for each in ("p-1", "p-2", "p-3", "p-9")] == [(7, 0, 0)] * 3 + [(1, 0, 0)]


def told(story: Story, pro: str) -> tuple[object, ...]:
    figures = story.pro(pro)
    return (
        figures.accounts,
        story.rate(pro),
        story.rating(pro),
        story.access(pro),
        [each.event.id for each in figures.warnings],
        [each.id for each in figures.proposals],
        figures.latest_at,
        dict(figures.versions),
    )


def test_a_void_restores_each_accounts_own_standing() -> None:
    story = Story(
        *agreed("p-1", 5), *agreed("p-2", 7), *missed("p-1", 1), *given_stars("p-2", [5, 3]), *agreed("p-3", 1)
    )
    story.given(event("pro.document_expired", "p-2", day(2), kind="photo"))
    before = [told(story, each) for each in ("p-1", "p-2", "p-3")]
    link = linked("p-1", "p-2")
    story.given(link)
    assert told(story, "p-1")[1:3] == told(story, "p-2")[1:3] == ((15, 0, 1), (2, 8))

    story.given(voided(link))

    after = [told(story, each) for each in ("p-1", "p-2", "p-3")]
    assert [each[:6] for each in after] == [each[:6] for each in before]
    assert (story.access("p-1"), story.access("p-2")) == ("active", "restricted")
    assert story.pro("p-1") is not story.pro("p-2")


def test_unlinking_one_of_two_links_leaves_the_other() -> None:
    story = Story(*agreed("p-1", 1), *agreed("p-2", 2), *agreed("p-3", 4))
    story.given(linked("p-1", "p-2"), linked("p-2", "p-3"), voided(linked("p-1", "p-2")))

    assert [story.rate(each) for each in ("p-1", "p-2", "p-3")] == [(1, 0, 0), (6, 0, 0), (6, 0, 0)]


def test_a_link_told_twice_holds_until_both_are_voided() -> None:
    first, again = linked("p-1", "p-2"), linked("p-2", "p-1", id="again")
    story = Story(*agreed("p-1", 1), *agreed("p-2", 2), *agreed("p-3", 4), first, again, voided(first))
    assert [story.rate(each) for each in ("p-1", "p-2", "p-3")] == [(3, 0, 0), (3, 0, 0), (4, 0, 0)]

    story.given(voided(again))
    assert [story.rate(each) for each in ("p-1", "p-2", "p-3")] == [(1, 0, 0), (2, 0, 0), (4, 0, 0)]


def test_what_was_found_about_the_person_stays_with_the_account_it_was_written_to() -> None:
    story = Story(*missed("p-1", 1), *missed("p-2", 1), *missed("p-3", 1), linked("p-1", "p-2"))
    story.given(*missed("p-1", 2))
    assert (story.access("p-1"), story.access("p-2")) == ("excluded", "excluded")

    story.given(voided(linked("p-1", "p-2")))

    assert [story.access(each) for each in ("p-1", "p-2", "p-3")] == ["excluded", "active", "active"]


def test_an_account_that_was_never_heard_of_becomes_known() -> None:
    story = Story(*agreed("p-1", 2), *agreed("p-3", 1), linked("p-1", "p-new"))
    assert (story.pro("p-new").known, story.rate("p-new")) == (True, (2, 0, 0))

    story.given(requested("m-1"), accepted("m-1", "p-new"))
    assert story.rate("p-1") == story.rate("p-new") == (3, 0, 0)
    assert story.rate("p-3") == (1, 0, 0)


def test_linking_an_account_to_itself_changes_nothing() -> None:
    story = Story(*agreed("p-1", 2), *agreed("p-3", 1), linked("p-1", "p-1"))

    assert (story.pro("p-1").accounts, story.rate("p-1"), story.rate("p-3")) == (("p-1",), (2, 0, 0), (1, 0, 0))
    story.given(voided(linked("p-1", "p-1")))
    assert story.rate("p-1") == (2, 0, 0)


def test_linking_finds_nothing_by_itself() -> None:
    """Two no-shows come together by the link; no event was adverse, so nobody is excluded by it."""
    story = Story(*missed("p-1", 1), *missed("p-2", 1), *missed("p-3", 1))

    assert story.when(linked("p-1", "p-2")).found == []
    assert story.pro("p-1").no_shows().no_shows == 2
    assert story.access("p-1") == "active"


def test_an_accounts_own_stream_keeps_its_versions() -> None:
    story = Story(*agreed("p-1", 1), *agreed("p-2", 1), linked("p-1", "p-2"), *missed("p-3", 1))
    story.given(event("pro.registered", "p-2", AT), event("pro.registered", "p-1", AT), *missed("p-2", 1))

    versions: dict[str, list[int]] = {}
    for each in story.entries:
        if each.stream.startswith("pro/"):
            versions.setdefault(each.stream, []).append(each.version)
    assert versions == {"pro/p-1": [1, 2], "pro/p-2": [1, 2], "pro/p-3": [1]}
    assert story.pro("p-2").latest_at >= parse_us("2026-03-20T09:00:00Z")


def test_the_policy_decides_for_the_account_that_acted() -> None:
    human = policy("2", "2025-02-01 00:00", "2025-01-01 00:00", city={"paris": {"decision": "human"}})
    story = Story(human, linked("p-1", "p-2", time=day(0)), *missed("p-1", 1), *missed("p-3", 1))

    assert story.given(*missed("p-2", 1, city="paris")[:2]).when(missed("p-2", 1, city="paris")[2]).found == [
        ("suspension_proposed", "p-2", "no_show")
    ]
    assert [len(story.pro(each).proposals) for each in ("p-1", "p-2", "p-3")] == [1, 1, 0]
