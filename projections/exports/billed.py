"""One billed amount, as every export reads it, and the sums of many."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date
from typing import Any, NamedTuple

from ledger.money import to_amount

LINE, CREDIT = "line", "credit"
OPEN, CLOSED = "open", "closed"


class Billed(NamedTuple):
    """A frozen entry of a closed period, or a line of an open one as its facts now stand.

    Amounts are minor units of `currency`, negative in a credit, which is the exact negation of the line it takes back.
    `period` is the month the amount is counted in; `day` the local date on which the session ended. `rate` is a decimal
    text. `position` and `number` name a frozen entry, `corrects_…` the entry it corrects; 0 where there is none.
    """

    period: str
    day: date
    mission: str
    pro: str
    client: str
    city: str
    service: str
    kind: str
    role: str
    minutes: int
    gross: int
    commission: int
    vat: int
    currency: str
    rate: str
    policy: str
    status: str
    ended_at: int
    closes_at: int
    position: int = 0
    number: int = 0
    corrects_position: int = 0
    corrects_number: int = 0

    @property
    def net(self) -> int:
        """What the pro keeps: gross − commission − VAT on the commission."""
        return self.gross - self.commission - self.vat

    @property
    def missions(self) -> int:
        """What this adds to a number of missions: a credit takes one back, the line after it counts it again."""
        return -1 if self.role == CREDIT else 1


class Sums:
    """Gross, commission and VAT of one currency, in minor units, and the number of missions."""

    __slots__ = ("commission", "gross", "missions", "vat")

    def __init__(self) -> None:
        self.missions = self.gross = self.commission = self.vat = 0

    def add(self, row: Billed) -> None:
        """Count a row."""
        self.missions += row.missions
        self.gross += row.gross
        self.commission += row.commission
        self.vat += row.vat

    def amounts(self, currency: str) -> dict[str, str]:
        """`{"gross", "commission", "vat", "net"}`, decimal texts, as in `billing --json`."""
        return {
            "gross": to_amount(self.gross, currency),
            "commission": to_amount(self.commission, currency),
            "vat": to_amount(self.vat, currency),
            "net": to_amount(self.gross - self.commission - self.vat, currency),
        }


class Counted:
    """Rows passing by, counted and summed per currency, so that a file's totals need no second reading."""

    def __init__(self, rows: Iterable[Billed]) -> None:
        self._rows = rows
        self.rows = 0
        self.sums: dict[str, Sums] = {}

    def __iter__(self) -> Iterator[Billed]:
        for row in self._rows:
            self.rows += 1
            found = self.sums.get(row.currency)
            if found is None:
                found = self.sums[row.currency] = Sums()
            found.add(row)
            yield row

    def totals(self) -> dict[str, Any]:
        """The totals of what has passed, currencies in order, never added together."""
        return {currency: sums.amounts(currency) for currency, sums in sorted(self.sums.items())}
