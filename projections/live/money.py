"""Questions about money: lines, months, documents."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from typing import TYPE_CHECKING, Any

from projections.live.opened import Opened

if TYPE_CHECKING:
    from ledger.settings import Settings
    from projections.export_reading import Months
    from projections.exports.fec import Piece


class Money(Opened):
    """What missions bear, what months froze and what was issued."""

    def billing(self, *, pro: str | None = None, period: str | None = None) -> dict[str, Any]:
        """Billing lines and totals."""
        from projections import billing_reading

        return billing_reading.billing(self.connection, pro=pro, period=period, now=self.clock())

    def mission_bill(self, mission: str) -> dict[str, Any]:
        """How the amount of a mission came about."""
        from projections import mission_bill

        return mission_bill.mission_bill(self.connection, mission, now=self.clock())

    def periods(self) -> dict[str, Any]:
        """Every month with lines: open or closed, and what its close froze."""
        from projections import periods

        return periods.periods(self.connection, now=self.clock())

    def invoices(self, *, pro: str | None = None, period: str | None = None) -> dict[str, Any]:
        """Issued documents."""
        from projections import invoice_reading

        return invoice_reading.invoices(self.connection, pro=pro, period=period)

    def invoice(self, number: str, settings: Settings) -> dict[str, Any]:
        """One document whole."""
        from projections import invoice_reading

        return invoice_reading.invoice(self.connection, number, settings)

    def months(self) -> AbstractContextManager[Months]:
        """What was billed, month by month, in one snapshot: what exports read."""
        from projections import export_reading

        return export_reading.snapshot(self.connection, self.clock())

    def pieces(self, settings: Settings, wanted: Callable[[str], bool]) -> Iterator[Piece]:
        """Issued documents whose period is wanted, in order of issue."""
        from projections import issued_pieces

        return issued_pieces.pieces(self.connection, settings, wanted)

    def verify_invoices(self) -> dict[str, Any]:
        """Whether numbers and amounts of the documents are what they must be."""
        from projections import invoice_checks

        return invoice_checks.verify_invoices(self.connection)
