"""Sums of amounts as every answer about bills shows them. Amounts of two currencies are never added together."""

from __future__ import annotations

from ledger.money import to_amount


def total_answer(currency: str, gross: int, commission: int, vat: int) -> dict[str, str]:
    """Sums of one currency, in minor units, as `billing --json` shows them."""
    return {
        "gross": to_amount(gross, currency),
        "commission": to_amount(commission, currency),
        "vat": to_amount(vat, currency),
        "net": to_amount(gross - commission - vat, currency),
    }
