"""Erasing a person: no more text about them, and not one figure or amount moves."""

from __future__ import annotations

import pytest

from .kit import RECORDED, Document, Story, accepted, both, completed, event, rated, requested


def erased(person: str, time: str = "2026-04-01 09:00") -> Document:
    return event("ledger.subject_erased", person, time, source="desk", by="ines", reason="asked for it")


def test_figures_and_amounts_stay() -> None:
    known = [requested(comment="second floor", address="1 rue X"), requested("m-2", comment="bell"), accepted()]
    story = Story(*known, accepted("m-2", "p-2"), completed(), completed("m-2"), rated("m-1", 3), rated("m-2", 4))
    before = [(story.rate(pro), story.rating(pro)) for pro in ("p-1", "p-2")]
    lines = [story.line("m-1"), story.line("m-2")]
    states = [each.state for each in story.entries]

    story.given(erased("client-of-m-1"))

    assert [(story.rate(pro), story.rating(pro)) for pro in ("p-1", "p-2")] == before
    assert [story.line("m-1"), story.line("m-2")] == lines
    assert [each.state for each in story.entries[:-1]] == states


@pytest.mark.parametrize(
    ("person", "document"),
    [
        ("client-of-m-9", requested("m-9", comment="second floor")),
        ("client-of-m-1", event("mission.damage_declared", "m-1", "2026-04-02 09:00", description="a vase")),
        ("p-1", event("pro.registered", "p-1", "2026-04-02 09:00", name="Zoë")),
        ("p-1", event("pro.complaint_opened", "p-1", "2026-04-02 09:00", text="unfair")),
    ],
    ids=["request", "damage", "registration", "complaint"],
)
def test_no_text_about_an_erased_person(person: str, document: Document) -> None:
    story = Story(*both(), requested("m-8", client="client-of-m-9"), erased(person))
    before = story.trace()

    assert story.when(document).code == "subject_erased"
    assert story.trace() == before


def test_facts_without_text_are_still_taken() -> None:
    story = Story(*both(), completed("m-1"), completed("m-2"), erased("client-of-m-1"), erased("p-1"))

    assert story.when(rated("m-1", 2, "2026-04-02 09:00")).code == RECORDED
    assert story.when(requested("m-9", "2026-04-02 09:00", client="client-of-m-1")).code == RECORDED
    assert (story.rating("p-1"), story.rating("p-2")) == ((1, 2), (0, 0))


def test_another_persons_text_is_still_taken() -> None:
    story = Story(*both(), erased("client-of-m-1"))

    assert story.when(requested("m-9", comment="second floor")).code == RECORDED


def test_an_erasure_needs_a_statement() -> None:
    nameless = erased("client-of-m-1")
    del nameless["data"]["by"]

    assert Story(*both()).when(nameless).code == "no_statement"


@pytest.mark.parametrize("person", ["client-of-m-1", "p-2", "p-3", "client-of-m-3"])
def test_whoever_is_mentioned_may_be_erased(person: str) -> None:
    declined = event("mission.refused", "m-3", "2026-03-01 08:30", pro="p-3")
    story = Story(*both(), requested("m-3"), declined)

    assert story.when(erased(person)).code == RECORDED
    assert story.when(erased(person, "2026-04-02 09:00")).code == RECORDED


@pytest.mark.parametrize("misspelt", ["client-of-m-11", "client-of-m", "p-11", "lyon", "m-1"])
def test_nobody_is_erased_by_a_misspelt_name(misspelt: str) -> None:
    story = Story(*both())
    before = story.trace()

    refused = story.when(erased(misspelt))
    assert (refused.code, misspelt in refused.message) == ("unknown_pro", True)
    assert story.trace() == before
    assert story.when(requested("m-9", client=misspelt, comment="second floor")).code == RECORDED


def test_no_plain_text_is_stored() -> None:
    story = Story(requested(comment="behind the bakery", address="1 rue de la Paix"), requested("m-2"))
    story.given(accepted(), event("mission.damage_declared", "m-1", "2026-03-10 12:00", description="a blue vase"))

    stored = b"".join(each.state for each in story.entries)
    assert not any(text in stored for text in (b"bakery", b"Paix", b"vase"))


def test_nobody_is_known_by_an_event_that_was_refused() -> None:
    story = Story(*both())

    assert story.when(requested("m-1", comment="again")).code == "invalid_transition"
    assert story.book.fresh_keys == {}
