"""`documents.expired`: an expired document restricts until it is verified again, and is no fault."""

from __future__ import annotations

from itertools import permutations

import pytest
from missions.kit import Document, Story, event, policy, voided

from .career import agreed, by_desk, called_off, day, dropped

RESTRICTED = [("suspension_proposed", "p-1", "documents.expired"), ("suspended", "p-1", "documents.expired")]
HUMAN = policy("2", "2025-02-01 00:00", "2025-01-01 00:00", decision="human")


def expired(at: float, kind: str = "identity", pro: str = "p-1") -> Document:
    return event("pro.document_expired", pro, day(at), id=f"expired-{pro}-{kind}-{at}", kind=kind)


def verified(at: float, kind: str = "identity", pro: str = "p-1") -> Document:
    return event("pro.document_verified", pro, day(at), id=f"verified-{pro}-{kind}-{at}", kind=kind)


def test_restricted_until_it_is_verified_again() -> None:
    story = Story(verified(0), verified(0, pro="p-2"))

    proposal, decision = story.when(expired(1)).findings

    assert (proposal.data["kind"], decision.data["kind"], "until" in decision.data) == (
        "restriction",
        "restriction",
        False,
    )
    assert story.ids(proposal.data["evidence"]) == [expired(1)["id"]]
    assert proposal.data["figures"] == {"expired": 1}
    assert (story.access("p-1"), story.access("p-2")) == ("restricted", "active")
    assert story.when(verified(5)).found == []
    assert (story.access("p-1"), story.findings("p-2")) == ("active", [])


def test_with_the_last_of_several_documents_it_ends() -> None:
    story = Story(expired(1, pro="p-2"))
    assert story.when(expired(1)).found == RESTRICTED
    assert story.when(expired(2, "insurance")).found == []  # restricted for this already

    story.given(verified(3))
    assert story.access("p-1") == "restricted"
    story.given(verified(4, "insurance"))
    assert (story.access("p-1"), story.access("p-2")) == ("active", "restricted")


def test_another_documents_verification_ends_nothing() -> None:
    story = Story(expired(1), verified(2, "photo"), verified(2, pro="p-2"))

    assert (story.access("p-1"), story.access("p-2")) == ("restricted", "active")


@pytest.mark.parametrize(("at", "access"), [(0.9, "restricted"), (1, "active"), (1.1, "active")])
def test_a_verification_counts_when_it_happened(at: float, access: str) -> None:
    """One dated before the expiry that arrives afterwards is about the document that has expired since."""
    story = Story(expired(1), expired(1, pro="p-2"), expired(3, "photo", "p-2"), verified(at))

    assert (story.access("p-1"), story.access("p-2")) == (access, "restricted")


def test_an_expiry_that_arrives_after_the_verification_that_followed_it_restricts_nobody() -> None:
    story = Story(verified(5), verified(0, pro="p-2"))

    assert story.when(expired(1)).found == []
    assert story.access("p-1") == "active"
    assert story.when(expired(6)).found == RESTRICTED
    assert story.access("p-2") == "active"


def test_one_that_was_answered_does_not_ask_about_another() -> None:
    """The photo is missing, and a person gave access back all the same; an old matter changes nothing about that."""
    story = Story(expired(1, "photo"), verified(5), by_desk("pro.reinstated", "p-1", day(6)), expired(1, pro="p-2"))

    assert story.when(expired(3)).found == []
    assert (story.access("p-1"), story.access("p-2")) == ("active", "restricted")


def test_of_two_expiries_the_later_is_the_one_to_answer() -> None:
    story = Story(expired(10), expired(2), expired(2, pro="p-2"))

    story.given(verified(5), verified(5, pro="p-2"))
    assert (story.access("p-1"), story.access("p-2")) == ("restricted", "active")
    story.given(verified(11))
    assert story.access("p-1") == "active"


@pytest.mark.parametrize("order", list(permutations(range(3))))
def test_in_any_order_of_arrival_the_same_documents_are_missing(order: tuple[int, ...]) -> None:
    documents = [expired(1), verified(2), expired(3)]
    story = Story(*(documents[each] for each in order), expired(1, pro="p-2"), verified(2, pro="p-2"))

    assert (list(story.pro("p-1").expired), list(story.pro("p-2").expired)) == (["identity"], [])
    assert (story.access("p-1"), story.access("p-2")) == ("restricted", "active")


def test_a_suspension_in_force_stays() -> None:
    story = Story(by_desk("pro.suspended", "p-1", day(0), kind="suspension"), expired(0, pro="p-2"))

    assert story.when(expired(1)).found == RESTRICTED
    assert story.access("p-1") == "suspended"
    story.given(verified(2))
    assert (story.access("p-1"), len(story.pro("p-1").decisions)) == ("suspended", 1)
    assert story.access("p-2") == "restricted"


def test_a_person_decides_and_the_verification_takes_the_proposal_back() -> None:
    story = Story(HUMAN, expired(1, pro="p-2"))
    assert story.when(expired(1)).found == RESTRICTED[:1]
    assert (story.access("p-1"), len(story.pro("p-1").proposals)) == ("active", 1)

    story.given(verified(2))

    assert (story.pro("p-1").proposals, len(story.pro("p-2").proposals)) == ([], 1)


def test_it_is_no_fault() -> None:
    """No figure, no ladder; and while restricted the other rules go on as they do."""
    story = Story(*agreed("p-1", 20), *agreed("p-2", 20), expired(0))
    assert (story.rate("p-1"), story.pro("p-1").warnings) == ((20, 0, 0), [])

    assert story.when(called_off("p-1", 0, day(1))).found == [("warned", "p-1", "cancellation.rate")]
    ladder = story.entries[-1].data["figures"]
    assert (ladder["unexpired_warnings"], ladder["rate"]) == (0, "1/20")
    assert (story.findings("p-2"), story.access("p-2")) == ([], "active")


def test_beside_a_restriction_for_hours_each_ends_by_its_own_terms() -> None:
    story = Story(*(each for n in range(3) for each in dropped("p-1", n, n)), expired(2.5), expired(2.5, pro="p-2"))
    assert story.access("p-1", day(3.9)) == "restricted"

    story.given(verified(3))
    assert [story.access("p-1", day(at)) for at in (3.9, 4)] == ["restricted", "active"]
    assert story.access("p-2", day(4)) == "restricted"


def test_after_a_reinstatement_the_document_is_still_missing() -> None:
    """A person may give access back at once; the next document that expires restricts again."""
    story = Story(expired(1), expired(1, pro="p-2"), by_desk("pro.reinstated", "p-1", day(2)))
    assert (story.access("p-1"), story.access("p-2")) == ("active", "restricted")

    assert story.when(expired(3, "photo")).found == RESTRICTED
    assert story.entries[-2].data["figures"] == {"expired": 2}


def test_a_voided_expiry_never_was() -> None:
    story = Story(expired(1, "photo"), expired(2), expired(1, pro="p-2"))
    story.given(voided(expired(2), day(3)), verified(4, "photo"))

    assert (story.access("p-1"), story.access("p-2")) == ("active", "restricted")


def test_an_excluded_pro_is_left_alone() -> None:
    story = Story(by_desk("pro.suspended", "p-1", day(0), kind="exclusion"), expired(0, pro="p-2"))

    assert story.when(expired(1)).found == []
