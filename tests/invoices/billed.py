"""Months of work, closed and invoiced on a real ledger whose clock the test sets."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import orjson

from ledger.errors import LedgerError
from ledger.instants import parse_us, to_text
from ledger.settings import Settings, from_toml
from ledger.store.database import Database, connect
from projections import invoice_issuing
from projections.live import LiveLedger, open_ledger
from tests.missions.kit import Document, accepted, completed, event, instant, requested

ROOT = Path(__file__).parents[2]
NOW = "2026-08-03 09:00"
ISSUER = """
[issuer]
name = "Exemple Services"
siren = "303265045"
vat_number = "FR40303265045"
[issuer.address]
street = "1 rue de la Paix"
city = "Paris"
[pros.p-1]
name = "Zoé Martin"
siret = "73282932000074"
"""
SETTINGS = from_toml(ISSUER, origin="settings")
PLAIN = Settings()


class Clock:
    """The recording clock; a test sets it."""

    def __init__(self, now: str = NOW) -> None:
        self.set(now)

    def set(self, now: str) -> None:
        """`2026-08-03 09:00`, UTC."""
        self.now = parse_us(instant(now))

    def __call__(self) -> int:
        return self.now


@contextmanager
def opened(database: Database, clock: Clock | None = None) -> Iterator[LiveLedger]:
    """The ledger; what the test leaves behind must be sound."""
    with open_ledger(database.url, clock=clock or Clock()) as ledger:
        yield ledger
        assert verified(ledger)["first_difference"] is None
        assert ledger.verify_invoices()["ok"]


def verified(ledger: LiveLedger) -> dict[str, Any]:
    """What `verify` says."""
    return ledger.verify(progress=lambda done, of: None)


def worked(
    mission: str,
    pro: str = "p-1",
    day: str = "2026-03-10",
    *,
    minutes: int = 120,
    amount: str = "30.00",
    **request: Any,
) -> list[Document]:
    """A mission at so much an hour, requested, accepted and completed at eleven of that day."""
    request.setdefault("price", {"amount": amount, "currency": request.pop("currency", "EUR"), "per": "hour"})
    before = f"{day[:5]}01-02"  # long before any day of these tests
    return [
        requested(mission, f"{before} 08:00", starts_at=f"{day} 09:00", **request),
        accepted(mission, pro, f"{before} 09:00"),
        completed(mission, f"{day} 11:00", minutes),
    ]


def client_absent(mission: str, pro: str = "p-1", day: str = "2026-03-10") -> list[Document]:
    """A mission whose client was not there: a fee, and no commission."""
    absent = event("mission.client_absent", mission, f"{day} 09:30", arrived_at=instant(f"{day} 09:00"))
    return [*worked(mission, pro, day)[:2], absent]


def lasted(mission: str, minutes: int, day: str = "2026-03-10") -> Document:
    """A change of duration made in time, whenever it arrives."""
    reason = "longer" if minutes > 120 else "shorter"
    return event("mission.duration_modified", mission, f"{day} 12:00", duration_minutes=minutes, reason=reason)


def record(ledger: LiveLedger, *documents: Document) -> None:
    """Record events as an import does; all must be taken."""
    for outcome in ledger.record(documents, live=False):
        assert outcome.error is None, outcome.error


def close(ledger: LiveLedger, *periods: str) -> None:
    """Close months."""
    for period in periods:
        time = ledger_time(ledger)
        document = event("billing.period_closed", period, time, id=f"close-{period}", source="desk", by="ann")
        ledger.close_period(document, leave_open=False)


def ledger_time(ledger: LiveLedger) -> str:
    """The ledger's clock as RFC 3339."""
    return to_text(ledger.clock())


def issue(
    ledger: LiveLedger, period: str, *, pro: str | None = None, settings: Settings = PLAIN, by: str | None = None
) -> dict[str, Any]:
    """Issue, and say what was issued."""
    return ledger.issue_invoices(period, pro=pro, by=by, settings=settings, progress=lambda done, of: None)


def listed(ledger: LiveLedger, **of: str) -> list[dict[str, Any]]:
    """The list of documents."""
    found: list[dict[str, Any]] = ledger.invoices(**of)["invoices"]
    return found


def brief(documents: list[dict[str, Any]]) -> list[tuple[str, str | None, str, str, str]]:
    """(number, of, pro, currency, total) of each."""
    return [(each["number"], each["of"], each["pro"], each["currency"], each["total"]) for each in documents]


def rows(database: Database, query: str) -> list[tuple[Any, ...]]:
    """The answer to a query on the projections."""
    with connect(database, autocommit=True) as connection:
        connection.execute("SET search_path = projection")
        return connection.execute(query.encode()).fetchall()


# -- issuing in a process of its own ----------------------------------------------------------------------------------


def start_issuing(database: Database, period: str, *, pros_per_commit: int) -> subprocess.Popen[bytes]:
    """`invoice issue` in a process of its own; it prints what it issued, or the code of its error, as JSON."""
    order = [sys.executable, "-m", "tests.invoices.billed", database.url, period, str(pros_per_commit)]
    return subprocess.Popen(order, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE)


def finished(process: subprocess.Popen[bytes]) -> dict[str, Any]:
    """What a process said at its end."""
    out, err = process.communicate(timeout=120)
    assert err == b"", err.decode()
    answer: dict[str, Any] = orjson.loads(out)
    return answer


def _main(database: str, period: str, pros_per_commit: str) -> None:
    invoice_issuing.PROS_PER_COMMIT = int(pros_per_commit)
    try:
        with open_ledger(database, clock=Clock()) as ledger:
            answer = issue(ledger, period, settings=SETTINGS)
    except LedgerError as error:
        answer = error.document()
    sys.stdout.buffer.write(orjson.dumps(answer))


if __name__ == "__main__":
    _main(*sys.argv[1:])
