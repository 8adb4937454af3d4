"""The same facts give the same bytes: replayed through a fresh book, or ruled on by books that remember nothing."""

from __future__ import annotations

import copy

from hypothesis import given, settings
from hypothesis import strategies as st
from missions.kit import Document, Story, accepted, baseline, completed, event, policy, requested, voided

from ledger.book import Book
from ledger.entries import Entry
from ledger.recording import Recording

from .histories import PROS, Plan, about_pros, in_time, inserted, plans, send_all, shuffled
from .shelf import Shelf, written
from .test_neutrality import EAGER


@st.composite
def busy(draw: st.DrawFn, most: int = 5) -> list[Document]:
    """A history with everything in it: policies, baselines, voids, decisions, refused events, late arrivals."""
    missions: list[Plan] = draw(plans(most=most))
    documents = draw(shuffled(missions)) if draw(st.booleans()) else in_time(missions)
    about = draw(about_pros(missions))
    documents = draw(inserted(documents, about))
    reports = [each for each in about if each["type"] == "pro.conduct_reported"]
    rulings = [
        event(
            f"pro.conduct_{ruling}", each["subject"], each["time"], source="desk", report=each["id"], by="i", reason="y"
        )
        for each in reports
        for ruling in ("confirmed", "dismissed")
    ]
    extra = [
        *rulings,
        policy("later", draw(st.sampled_from(["2025-03-01 00:00", "2025-09-01 00:00"])), decision="human"),
        baseline("lyon", "2025-04-01 00:00", "0.01", "0.02", "4.90"),
        event("pro.registered", "p-1", "2025-02-01 00:00", cities=["lyon"]),
        event("pro.suspended", "p-2", "2025-05-01 00:00", kind="suspension", by="ines", reason="x", source="desk"),
        event("pro.reinstated", "p-2", "2025-06-01 00:00", by="ines", reason="y", source="desk"),
        *(voided(each) for each in draw(st.lists(st.sampled_from(documents), max_size=2, unique_by=id))),
    ]
    for each in draw(st.lists(st.sampled_from(extra), max_size=6, unique_by=id)):
        documents.insert(draw(st.integers(0, len(documents))), each)
    return [EAGER, *documents]


def _fresh(entry: Entry) -> Entry:
    """The entry as it is read from the log: what was stored and nothing derived."""
    copied = Entry(entry.position, entry.type, entry.subject, entry.source, entry.id, entry.at)
    copied.doc = copy.deepcopy(entry.doc)
    copied.store(entry.state, entry.digest)
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


@given(busy(most=4))
@settings(max_examples=60, deadline=None)
def test_refused_events_leave_no_trace(documents: list[Document]) -> None:
    """Contradictions sent after every event – refused each time – and the ledger is byte by byte as without them."""
    plain, probed = Story(), Story()
    for document in documents:
        plain.when(document)
        probed.when(document)
        subject, before = document["subject"], probed.trace()
        for probe in (
            requested(subject, "2026-12-01 00:00", comment="once more") if probed.history(subject).known else None,
            accepted(subject, "p-9", "2024-01-01 00:00"),
            completed("m-never-requested", "2026-12-01 00:00"),
            event("pro.reinstated", "p-9", "2026-12-01 00:00", by="ines", reason="x"),
            voided({"id": "e-none", "source": "x"}, "2026-12-01 00:00"),
        ):
            if probe is not None:
                assert probed.when(probe).code != "recorded"
                assert probed.trace() == before

    assert written(probed.entries) == written(plain.entries)


@given(plans(most=4))
@settings(max_examples=40, deadline=None)
def test_positions_count_up_and_versions_too(missions: list[Plan]) -> None:
    story = send_all(Story(EAGER), in_time(missions))

    assert [each.position for each in story.entries] == list(range(1, len(story.entries) + 1))
    streams: dict[str, list[int]] = {}
    for each in story.entries:
        streams.setdefault(each.stream, []).append(each.version)
    assert all(versions == list(range(1, len(versions) + 1)) for versions in streams.values())
