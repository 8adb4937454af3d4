"""A line that came too late for the close of its month stands where its close will book it, and is said not to be."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from ledger.store.database import Database
from projections.exports.billed import Billed
from projections.live import LiveLedger
from projections.yearly_exports import attestation_head, dac7_document, statements_document
from tests.billing.closes import SWISS, close, recorded, session
from tests.importing.ledgers import opened
from tests.invoices.billed import SETTINGS
from tests.missions.kit import voided


def told(rows: Sequence[Billed]) -> list[tuple[str, str, str, int, bool]]:
    return [(each.period, each.mission, each.role, each.gross, each.position > 0) for each in rows]


def year(ledger: LiveLedger, number: int = 2026) -> list[tuple[str, str, str, int, bool]]:
    with ledger.months() as months:
        return told(list(months.year(number)))


def months(ledger: LiveLedger, *periods: str) -> list[tuple[str, str, str, int, bool]]:
    with ledger.months() as read:
        return [row for period in periods for row in told(list(read.month(period)))]


def still_open(ledger: LiveLedger, span: str) -> dict[str, Any]:
    with ledger.months() as read:
        return read.open_answer(span)


MARCH = [("2026-03", "m-1", "line", 6000, True), ("2026-03", "m-2", "line", 8000, True)]


def test_a_year_holds_of_a_closed_month_what_was_frozen(database: Database) -> None:
    with opened(database) as ledger:
        recorded(ledger, [*session("m-1", "p-1", "2026-03-10"), *session("m-2", "p-2", "2026-03-12", **SWISS)])
        close(ledger, "2026-03")
        assert still_open(ledger, "2026") == {"provisional": [], "unbooked": None, "waiting": 0}
        recorded(ledger, session("m-late", "p-2", "2026-03-31"))
        recorded(ledger, session("m-later", "p-1", "2026-02-10"))  # a month that no close can take any more
        late = [("2026-04", "m-later", "line", 6000, False), ("2026-04", "m-late", "line", 6000, False)]

        assert year(ledger) == [*MARCH, *late] == months(ledger, "2026-02", "2026-03", "2026-04")
        unbooked = {"lines": 2, "period": "2026-04"}
        assert still_open(ledger, "2026") == {"provisional": ["2026-04"], "unbooked": unbooked, "waiting": 0}
        assert still_open(ledger, "2026-03") == {"provisional": [], "unbooked": unbooked, "waiting": 0}
        with ledger.months() as read:
            document = statements_document(read, 2026, "p-2")
        (statement,) = document["statements"]
        assert [each["month"] for each in statement["currencies"]["CHF"]["months"]] == ["2026-03"]
        assert [each["month"] for each in statement["currencies"]["EUR"]["months"]] == ["2026-04"]

        close(ledger, "2026-04")
        assert year(ledger) == [*MARCH, *((*each[:4], True) for each in sorted(late))]
        assert still_open(ledger, "2026") == {"provisional": [], "unbooked": None, "waiting": 0}


def test_a_line_that_stands_once_more_is_one_of_them(database: Database) -> None:
    history = session("m-1", "p-1", "2026-03-10")
    with opened(database) as ledger:
        recorded(ledger, [*history, *session("m-2", "p-2", "2026-03-12", **SWISS)])
        close(ledger, "2026-03")
        recorded(ledger, [voided(history[-1])])
        close(ledger, "2026-04")
        recorded(ledger, [{**history[-1], "id": "again"}, *session("m-3", "p-2", "2026-06-12")])

        credit = ("2026-04", "m-1", "credit", -6000, True)
        again = [("2026-06", "m-3", "line", 6000, False), ("2026-06", "m-1", "line", 6000, False)]
        assert year(ledger) == [*MARCH, credit, *again]  # June is the next that has lines
        assert still_open(ledger, "2026")["unbooked"] == {"lines": 1, "period": "2026-06"}
        with ledger.months() as read:
            rows = {(row["seller"], row["currency"]): row for row in dac7_document(read, 2026)["rows"]}
        assert [(key, row["exact"]["activities"]) for key, row in rows.items()] == [
            (("p-1", "EUR"), 1),
            (("p-2", "CHF"), 1),
            (("p-2", "EUR"), 1),
        ]


def test_a_document_by_sessions_names_the_month_that_books_them_also_in_the_next_year(database: Database) -> None:
    with opened(database) as ledger:
        recorded(ledger, session("m-1", "p-1", "2026-12-10"))
        close(ledger, "2026-12")
        recorded(ledger, session("m-late", "p-2", "2026-12-12"))

        assert [row[1] for row in year(ledger)] == ["m-1"]
        assert year(ledger, 2027) == [("2027-01", "m-late", "line", 6000, False)]
        with ledger.months() as read:
            sellers = dac7_document(read, 2026)
            head = attestation_head(read, 2026, SETTINGS)
            pros = statements_document(read, 2026, None)
        assert [(row["seller"], row["exact"]["activities"]) for row in sellers["rows"]] == [("p-1", 1), ("p-2", 1)]
        assert sellers["provisional"] == head["provisional"] == ["2027-01"]
        assert [each["pro"] for each in pros["statements"]] == ["p-1"]
        assert pros["provisional"] == []
