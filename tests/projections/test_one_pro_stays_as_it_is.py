"""What is read to answer about one pro does not grow while others' histories do: rows are counted, not time."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

import psycopg
import pytest
from missions.kit import Document, accepted, baseline, completed, event, rated, requested, voided
from rules.career import day, given_stars, missed

from ledger.store.database import Database
from projections.live import LiveLedger
from tests.importing.ledgers import opened

QUESTIONS: dict[str, Callable[[LiveLedger], Any]] = {
    "why": lambda ledger: ledger.why("p-1"),
    "standing": lambda ledger: ledger.standing("p-1"),
    "warnings": lambda ledger: ledger.warnings("p-1"),
    "timeline of a pro": lambda ledger: ledger.timeline("p-1"),
    "timeline of a mission": lambda ledger: ledger.timeline("r-p-1-0"),
    "events of a pro": lambda ledger: list(ledger.events(pro="p-1")),
    "events of a mission": lambda ledger: list(ledger.events(mission="r-p-1-0")),
    "replay": lambda ledger: ledger.replay(["p-1"]),
    "replay as known then": lambda ledger: ledger.replay(["p-1"], known_at=10),
    "bills": lambda ledger: ledger.billing(pro="p-1"),
}


def linked(pro: str, other: str) -> Document:
    return event("pro.accounts_linked", pro, day(60), id=f"linked/{pro}", accounts=[other], by="ines")


def of_the_pro() -> list[Document]:
    """A bit of everything that a question reads: a removal, findings, a void, a report, ratings, bills, a link."""
    documents = [
        baseline("lyon", day(-40), "0.04", "0.06"),
        *given_stars("p-1", [5, 2]),
        *missed("p-1", 1),
        *missed("p-1", 2),
        event("pro.conduct_reported", "p-1", day(41), by="client-1", ground="disrespect"),
        linked("p-1", "p-2"),
    ]
    return [*documents, voided(next(each for each in documents if each["type"] == "mission.rated"))]


def of_others(numbers: Iterable[int]) -> list[Document]:
    """A mission each in a city of theirs whose baseline changes, its rating voided; of some no-shows and reports."""
    documents: list[Document] = []
    for number in numbers:
        pro, mission = f"q-{number}", f"m-{number}"
        stars = rated(mission, 1)
        documents += [requested(mission, city="paris"), accepted(mission, pro), completed(mission), stars]
        documents += [voided(stars), baseline("paris", day(70, seconds=number), "0.05", "0.08")]
        if number % 10 == 0:
            documents += [*missed(pro, 1, city="paris"), *missed(pro, 2, city="paris")]
            documents.append(event("pro.conduct_reported", pro, day(41), by="client-1", ground="violence"))
    return documents


def asked(database: Database, question: str) -> dict[str, int]:
    """How many rows were sent, and how many of each table the server read for them; asked by a process of its own."""
    execute, sent = psycopg.Cursor.execute, 0

    def counting(self: Any, query: Any, params: Any = None, **options: Any) -> Any:
        nonlocal sent
        done = execute(self, query, params, **options)
        sent += max(0, done.rowcount)
        return done

    with opened(database) as ledger:
        # As in a large ledger, where there is more of everything: of a small one what is rare, such as voids, is read
        # whole rather than looked up, as that is quicker.
        ledger.connection.execute("SET enable_seqscan = off")
        ledger.connection.execute("SET cpu_tuple_cost = 100")
        with ledger.connection.transaction(), pytest.MonkeyPatch.context() as listening:
            before = read_by_table(ledger)
            listening.setattr(psycopg.Cursor, "execute", counting)
            QUESTIONS[question](ledger)
            listening.undo()
            after = read_by_table(ledger)
    return {"sent": sent} | {table: rows - before[table] for table, rows in after.items() if rows > before[table]}


def read_by_table(ledger: LiveLedger) -> dict[str, int]:
    """How many rows of each table this connection made the server read so far."""
    statement = "SELECT relname, coalesce(seq_tup_read, 0) + coalesce(idx_tup_fetch, 0) FROM pg_stat_xact_user_tables"
    return dict(ledger.connection.execute(statement).fetchall())


def all_asked(database: Database) -> dict[str, dict[str, int]]:
    return {question: asked(database, question) for question in QUESTIONS}


def recorded(database: Database, documents: list[Document]) -> None:
    with opened(database) as ledger:
        assert [each.error for each in ledger.record(documents, live=False) if each.error] == []
        ledger.connection.execute("ANALYZE")


def test_it_does_not_grow_with_others(database: Database) -> None:
    # given a ledger of which the pro is a small part already
    recorded(database, [*of_the_pro(), *of_others(range(150))])
    before = all_asked(database)
    assert all(each["sent"] for each in before.values())
    # when it becomes twice as large
    recorded(database, of_others(range(150, 300)))
    # then the same rows are sent, and the server reads the same rows for them
    assert all_asked(database) == before


def test_links_of_others_are_not_sent(database: Database) -> None:
    recorded(database, [*of_the_pro(), *of_others(range(1))])
    before = {question: rows["sent"] for question, rows in all_asked(database).items()}
    # given other people with two accounts, some of whom are not one person after all
    links = [linked(f"q-{number}", f"q-{number}-too") for number in range(60)]
    recorded(database, [*links, *map(voided, links[::2])])
    assert {question: rows["sent"] for question, rows in all_asked(database).items()} == before


def test_whoever_was_ever_linked_is_read(database: Database) -> None:
    """From a link of another account that names this one, over a third, and also where the link was declared wrong."""
    chain = [linked("p-9", "p-1"), linked("p-8", "p-9")]
    recorded(database, [*of_the_pro(), *chain, voided(chain[0]), *missed("p-8", 1), linked("q-1", "q-2")])
    with opened(database) as ledger:
        assert ledger.replay(["p-1"])["pros"] == ["p-1", "p-2", "p-8", "p-9"]
        subjects = {each["pro"] for each in ledger.timeline("p-1")["entries"]}
        assert {"p-1", "p-8", "p-9"} <= subjects
        assert "q-1" not in subjects
