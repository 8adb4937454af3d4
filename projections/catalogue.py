"""Every projection on one screen, and the one way they are written: in the commit of the events they read."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import NamedTuple

from ledger.book import Book
from ledger.entries import Entry
from ledger.events.catalogue import TYPES
from ledger.store.database import Connection
from projections import billing, closing, complaints, damage, invoices, reviews, standing, warnings
from projections.statements import Row, Writes
from projections.touched import Handler, Touched, ignore


@dataclass(frozen=True, kw_only=True)
class Projection:
    """A read model: its tables, which events touch it, and how it is written. `version` changes with its code."""

    name: str
    version: int
    tables: tuple[str, ...]
    handlers: Mapping[str, Handler]
    save: Callable[[Writes, Book, Touched], None]


PROJECTIONS: tuple[Projection, ...] = (
    Projection(
        name=standing.NAME,
        version=standing.VERSION,
        tables=("participation", "pro_standing", "city_standing", "proposal", "anomaly"),
        handlers=standing.HANDLERS,
        save=standing.save,
    ),
    Projection(
        name=warnings.NAME,
        version=warnings.VERSION,
        tables=("warning",),
        handlers=warnings.HANDLERS,
        save=warnings.save,
    ),
    Projection(
        name=billing.NAME,
        version=billing.VERSION,
        tables=("billing_line", "billing_pending", "billing_entry"),
        handlers=billing.HANDLERS,
        save=billing.save,
    ),
    Projection(
        name=damage.NAME,
        version=damage.VERSION,
        tables=("damage",),
        handlers=damage.HANDLERS,
        save=damage.save,
    ),
    Projection(
        name=complaints.NAME,
        version=complaints.VERSION,
        tables=("complaint",),
        handlers=complaints.HANDLERS,
        save=complaints.save,
    ),
    Projection(
        name=reviews.NAME,
        version=reviews.VERSION,
        tables=("reconsidered", "review"),
        handlers=reviews.HANDLERS,
        save=reviews.save,
    ),
    Projection(
        name=invoices.NAME,
        version=invoices.VERSION,
        tables=("invoice", "invoice_entry"),
        handlers=invoices.HANDLERS,
        save=invoices.save,
    ),
)


class Alone(NamedTuple):
    """How a fold meets an event that rests on the projections as they stand just before it.

    Both write into the fresh tables that the connection reads. `derive` writes what follows from the event and says
    what the event says otherwise, if anything. `keep` writes in its place what the live tables hold, and returns
    whether the event itself vouches for that: what an older program, or another zone database, made stays as it is.
    """

    derive: Callable[[Connection, Entry], str | None]
    keep: Callable[[Connection, Entry], bool]


ALONE: Mapping[str, Alone] = {
    "billing.period_closed": Alone(closing.close_again, closing.keep_closed),
}
"""Events that are recorded alone in their commit."""

LISTENING: dict[str, tuple[Handler, ...]] = {
    name: tuple(each.handlers[name] for each in PROJECTIONS if each.handlers[name] is not ignore) for name in TYPES
}
"""Event type → the handlers of the projections that it says anything to."""


def touch(entries: Iterable[Entry]) -> Touched:
    """What these events touch, over all projections."""
    touched = Touched()
    for entry in entries:
        for handler in LISTENING[entry.type]:
            handler(touched, entry)
    return touched


def save(writes: Writes, book: Book, touched: Touched, position: int) -> None:
    """Write every projection up to a position of the log."""
    for projection in PROJECTIONS:
        projection.save(writes, book, touched)
    checkpoints: list[Row] = [
        {"name": each.name, "version": each.version, "position": position} for each in PROJECTIONS
    ]
    writes.merge("checkpoint", checkpoints)
