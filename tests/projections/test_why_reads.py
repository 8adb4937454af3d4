"""`why` reads of one person only what may matter; it says what it would say if it had read everything."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from missions.kit import accepted, completed, event, rated, requested, voided

from commands.demo.month import events
from ledger.errors import Refused
from ledger.store.database import Connection, Database
from projections.archive import PostgresArchive, fresh_book
from projections.event_reading import missions_of
from projections.live import LiveLedger
from tests.importing.histories import history
from tests.importing.ledgers import opened
from tests.properties.histories import about_pros, inserted, plans, shuffled

Document = dict[str, Any]


def send(ledger: LiveLedger, documents: Iterable[Document]) -> None:
    """Record them, and once more what was refused for lack of an earlier step."""
    told = list(documents)
    outcomes = ledger.record(told, live=False)
    refused = [each for each, outcome in zip(told, outcomes, strict=True) if outcome.status == "refused"]
    ledger.record(refused, live=False)


def told_of_all(ledger: LiveLedger) -> dict[str, Any]:
    return {each["pro"]: ledger.why(each["pro"]) for each in ledger.standings()["pros"]}


def whole_book(connection: Connection, pro: str, position: int) -> Any:
    return fresh_book(connection, position)


def every_mission(archive: PostgresArchive, pros: Iterable[str], **types: list[str]) -> list[str]:
    return missions_of(archive.connection, list(pros))


def same_with_everything_read(ledger: LiveLedger) -> dict[str, Any]:
    told = told_of_all(ledger)
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr("projections.why.book_of", whole_book)
        patched.setattr(PostgresArchive, "missions_with_set_aside", every_mission)
        assert told_of_all(ledger) == told
    return told


def test_of_the_demo_month(database: Database) -> None:
    with opened(database) as ledger:
        send(ledger, events())
        told = same_with_everything_read(ledger)
    reasons = {each["reason"] for why in told.values() for each in why["set_aside"]}
    assert {"client_cancellation_never_counts", "excused_cancellation", "no_show_rejected", "voided"} <= reasons


def test_of_whom_only_a_link_mentions_that_was_voided(database: Database) -> None:
    link = event("pro.accounts_linked", "p-2", "2026-01-01 00:00", accounts=["p-1"], by="x")
    with opened(database) as ledger:
        send(ledger, [link, voided(link, "2026-01-02 00:00")])
        told = same_with_everything_read(ledger)
        assert told["p-1"]["accounts"] == ["p-1"]
        with pytest.raises(Refused, match="no event mentions a pro p-3"):
            ledger.why("p-3")


def test_of_a_history_with_late_arrivals_and_voids(database: Database) -> None:
    with opened(database) as ledger:
        send(ledger, history(250, seed=4))
        assert any(why["set_aside"] for why in same_with_everything_read(ledger).values())


@pytest.mark.parametrize("by", ["client", "pro"])
def test_of_a_second_rating_that_arrived_first(database: Database, by: str) -> None:
    second = rated(stars=2, time="2026-03-11 20:00", by=by)
    with opened(database) as ledger:
        send(ledger, [requested(), accepted(), completed(), second, rated(time="2026-03-11 09:00", by=by)])
        (aside,) = same_with_everything_read(ledger)["p-1"]["set_aside"]
    assert (aside["event"], aside["reason"]) == (second["id"], "contradicted_by_an_earlier_event")


@settings(
    max_examples=8,
    phases=[Phase.explicit, Phase.generate],
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(plans(3, 12), st.data())
def test_of_any_order_of_arrival(new_database: Any, missions: list[Any], data: st.DataObject) -> None:
    told = data.draw(inserted(data.draw(shuffled(missions)), data.draw(about_pros(missions))))
    wrong = data.draw(st.lists(st.sampled_from(told), max_size=4, unique_by=lambda each: each["id"]))
    with opened(new_database()) as ledger:
        send(ledger, [*told, *(voided(each, "2026-12-01 00:00") for each in wrong)])
        same_with_everything_read(ledger)
