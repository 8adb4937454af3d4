"""The same facts give the same bytes: replayed through a fresh book, or ruled on by books that remember nothing."""

from __future__ import annotations

import copy

from hypothesis import given, settings
from hypothesis import strategies as st
from missions.kit import Document, Story, baseline, event, policy, requested, voided

from ledger.book import Book
from ledger.entries import Entry
from ledger.recording import Recording

from .histories import PROS, Plan, figures, in_time, plans, send_all, shuffled
from .shelf import Shelf, written
from .test_neutrality import EAGER


@st.composite
def busy(draw: st.DrawFn, most: int = 5) -> list[Document]:
    """A history with everything in it: policies, baselines, voids, decisions, refused events, late arrivals."""
    missions: list[Plan] = draw(plans(most=most))
    documents = draw(shuffled(missions)) if draw(st.booleans()) else in_time(missions)
    extra = [
        policy("later", draw(st.sampled_from(["2025-03-01 00:00", "2025-09-01 00:00"])), decision="human"),
        baseline("lyon", "2025-04-01 00:00", "0.01", "0.02", "4.90"),
        event("pro.registered", "p-1", "2025-02-01 00:00", cities=["lyon"]),
        event("pro.suspended", "p-2", "2025-05-01 00:00", kind="suspension", by="ines", reason="x", source="desk"),
        event("pro.reinstated", "p-2", "2025-06-01 00:00", by="ines", reason="y", source="desk"),
        *(voided(each) for each in draw(st.lists(st.sampled_from(documents), max_size=2, unique_by=id))),
    ]
    for each in draw(st.lists(st.sampled_from(extra), max_size=4, unique_by=id)):
        documents.insert(draw(st.integers(0, len(documents))), each)
    return [EAGER, *documents]


def _fresh(entry: Entry) -> Entry:
    """The entry as it is read from the log: what was stored and nothing derived."""
    copied = Entry(entry.position, entry.type, entry.subject, entry.source, entry.id, entry.at)
    copied.doc, copied.state, copied.digest = copy.deepcopy(entry.doc), entry.state, entry.digest
    return copied


@given(busy())
@settings(max_examples=120, deadline=None)
def test_a_replay_of_the_stored_documents_gives_byte_identical_entries(documents: list[Document]) -> None:
    shelf = Shelf()
    book = Book(shelf, chronicle=shelf.chronicle)
    for document in documents:
        shelf.record(document, book)

    again = Shelf()
    replaying = Recording(Book(again, chronicle=again.chronicle), clock_us=0)
    for entry in shelf.entries:
        if not entry.by_engine:
            assert replaying.book.position + 1 == entry.position
            again.entries += replaying.place(_fresh(entry))

    assert written(again.entries) == written(shelf.entries)


@given(busy())
@settings(max_examples=80, deadline=None)
def test_a_book_that_forgets_everything_after_every_event_rules_the_same(documents: list[Document]) -> None:
    remembering, forgetful = Shelf(), Shelf()
    book = Book(remembering, chronicle=remembering.chronicle)

    codes = [remembering.record(document, book) for document in documents]
    forgotten = [forgetful.record(document) for document in documents]

    assert forgotten == codes
    assert written(forgetful.entries) == written(remembering.entries)
    assert [each.pros for each in forgetful.entries] == [each.pros for each in remembering.entries]


@given(busy(most=4), st.data())
@settings(max_examples=60, deadline=None)
def test_where_batches_are_cut_does_not_matter(documents: list[Document], data: st.DataObject) -> None:
    whole, cut = Shelf(), Shelf()
    one = Book(whole, chronicle=whole.chronicle)
    codes = [whole.record(document, one) for document in documents]

    batches, book = [], cut.book()
    for document in documents:
        if data.draw(st.booleans()):
            book = cut.book()
            book.open_batch([document["subject"]] if document["type"].startswith("mission.") else [], PROS)
        batches.append(cut.record(document, book))

    assert batches == codes
    assert written(cut.entries) == written(whole.entries)


@given(busy())
@settings(max_examples=60, deadline=None)
def test_a_refused_event_leaves_no_trace(documents: list[Document]) -> None:
    """Sent twice – the second time most are contradictions – or never: the same state."""
    story = Story()
    for document in documents:
        story.when(document)
    before, standing = story.trace(), figures(story)

    for document in documents:
        trace = story.trace()
        if story.when(requested(document["subject"], str(document["time"]))).code != "recorded":
            assert story.trace() == trace
    fresh = {each["subject"] for each in documents} - {each.subject for each in story.entries}
    assert fresh or figures(story) == standing
    assert len(before[3]) <= len(story.trace()[3])  # type: ignore[arg-type]


@given(plans(most=4))
@settings(max_examples=40, deadline=None)
def test_positions_count_up_and_versions_too(missions: list[Plan]) -> None:
    story = send_all(Story(EAGER), in_time(missions))

    assert [each.position for each in story.entries] == list(range(1, len(story.entries) + 1))
    streams: dict[str, list[int]] = {}
    for each in story.entries:
        streams.setdefault(each.stream, []).append(each.version)
    assert all(versions == list(range(1, len(versions) + 1)) for versions in streams.values())
