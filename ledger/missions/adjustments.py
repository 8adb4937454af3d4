"""What a person changed about a mission's bill after it had closed: another duration, or part of the price back."""

from __future__ import annotations

from typing import Any, NamedTuple

from ledger.money import to_minor


class Adjustment(NamedTuple):
    """One adjustment: `minutes` to bill instead (0: as before), `refund` in minor units of `currency` (0: none).

    `parts`: in how many parts the refund is given back.
    """

    position: int
    at: int
    minutes: int
    refund: int
    currency: str
    parts: int

    def amounts(self) -> list[int]:
        """The parts of the refund in minor units: their sum is exactly the refund, the larger ones come first."""
        least, larger = divmod(self.refund, self.parts)
        return [least + 1] * larger + [least] * (self.parts - larger)


def adjustment(position: int, at: int, data: dict[str, Any]) -> Adjustment:
    """The adjustment of a `billing.adjusted`."""
    refund = data.get("refund")
    return Adjustment(
        position,
        at,
        data.get("duration_minutes") or 0,
        to_minor(refund["amount"], refund["currency"]) if refund else 0,
        refund["currency"] if refund else "",
        data.get("parts") or 1,
    )
