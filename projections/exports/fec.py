"""FEC: the journal of issued documents in the format of the French tax office (LPF, article A47 A-1).

Each invoice and credit note is one balanced entry: the pro owes commission and VAT. Numbers run 1, 2, 3 … in the order
of issue, which is that of validation. An entry is dated in the month its commission was earned in: on the day of issue,
or on the last day of the month where the document was issued after it; so every date lies in the financial year. It is
the extract of one journal, not a company's whole FEC.

Entries are in euros. For another currency a rate must be given, euros for one unit of it; the amount in that currency
stands beside. Commission and VAT are converted and rounded half up, each once; what the pro owes is their sum.
"""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from fractions import Fraction
from io import TextIOWrapper
from typing import BinaryIO, NamedTuple

from ledger.errors import Refused
from ledger.money import EXPONENT, HALF_UP, rounded, to_amount
from ledger.settings import Account, Accounts
from projections.exports.latin import ENCODING, latin

COLUMNS = (
    "JournalCode",
    "JournalLib",
    "EcritureNum",
    "EcritureDate",
    "CompteNum",
    "CompteLib",
    "CompAuxNum",
    "CompAuxLib",
    "PieceRef",
    "PieceDate",
    "EcritureLib",
    "Debit",
    "Credit",
    "EcritureLet",
    "DateLet",
    "ValidDate",
    "Montantdevise",
    "Idevise",
)
TAB, PIPE = "\t", "|"
EURO = "EUR"
NOTHING = "0,00"

Rates = Mapping[str, Fraction]
"""Currency → euros for one unit of it."""


class Piece(NamedTuple):
    """An issued invoice, or a credit note, whose amounts are negative; in minor units of `currency`.

    `name` is what the pro is called, or its id. `issued` is the day of issue where the issuer is.
    """

    number: str
    credit_note: bool
    pro: str
    name: str
    period: str
    currency: str
    issued: date
    commission: int
    vat: int


class _Side(NamedTuple):
    """One line of an entry: an account, and cents of euro, positive on the debit side; with the foreign amount."""

    account: Account
    cents: int
    foreign: int
    auxiliary: bool = False


def file_name(siren: str, closing: date) -> str:
    """`123456782FEC20261231.txt`: the SIREN and the day the financial year ends."""
    return f"{siren}FEC{_day(closing)}.txt"


def write(out: BinaryIO, pieces: Iterable[Piece], accounts: Accounts, rates: Rates, separator: str = TAB) -> None:
    """Write the header and the lines of every entry. Refused: `currency_without_rate`."""
    text = TextIOWrapper(out, encoding=ENCODING, newline="")
    text.write(separator.join(COLUMNS) + "\r\n")
    for record in records(pieces, accounts, rates):
        text.write(separator.join(record) + "\r\n")
    text.flush()
    text.detach()


def records(pieces: Iterable[Piece], accounts: Accounts, rates: Rates) -> Iterator[Sequence[str]]:
    """The fields of every line, from pieces in the order of issue. A document that owes nothing makes no entry."""
    number = 0
    for piece in pieces:
        sides = [each for each in _sides(piece, accounts, rates) if each.cents]
        if sides:
            number += 1
            yield from (_record(number, piece, side, accounts) for side in sides)


def check_rates(currencies: Iterable[str], rates: Rates) -> None:
    """Refuses (`currency_without_rate`) currencies that nothing says the worth of."""
    missing = sorted({each for each in currencies if each != EURO and each not in rates})
    if missing:
        text = f"the FEC is in euros and documents are in {', '.join(missing)}; nothing is converted unasked: give"
        raise Refused("currency_without_rate", f"{text} --rate {missing[0]}=<euros for one unit>", currencies=missing)


def totals(pieces: Iterable[Piece]) -> dict[str, dict[str, str]]:
    """`{CURRENCY: {"commission", "vat", "total"}}` of documents, credit notes with their minus; decimal texts."""
    sums: dict[str, list[int]] = {}
    for piece in pieces:
        found = sums.setdefault(piece.currency, [0, 0])
        found[0] += piece.commission
        found[1] += piece.vat
    return {
        currency: {
            "commission": to_amount(commission, currency),
            "vat": to_amount(vat, currency),
            "total": to_amount(commission + vat, currency),
        }
        for currency, (commission, vat) in sorted(sums.items())
    }


def entry_date(piece: Piece) -> date:
    """The day of issue, but no later than the last day of the month the commission was earned in."""
    year, month = map(int, piece.period.split("-"))
    return min(piece.issued, date(year, month, monthrange(year, month)[1]))


def _sides(piece: Piece, accounts: Accounts, rates: Rates) -> tuple[_Side, ...]:
    commission, vat = (_cents(minor, piece.currency, rates) for minor in (piece.commission, piece.vat))
    return (
        _Side(accounts.customer, commission + vat, piece.commission + piece.vat, auxiliary=True),
        _Side(accounts.commission, -commission, -piece.commission),
        _Side(accounts.vat, -vat, -piece.vat),
    )


def _cents(minor: int, currency: str, rates: Rates) -> int:
    if currency == EURO:
        return minor
    check_rates((currency,), rates)
    rate = rates[currency]
    return rounded(minor * rate.numerator * 100, rate.denominator * 10 ** EXPONENT[currency], HALF_UP)


def _record(number: int, piece: Piece, side: _Side, accounts: Accounts) -> Sequence[str]:
    foreign = piece.currency != EURO
    issued = _day(piece.issued)
    what = "Avoir commission" if piece.credit_note else "Commission"
    return (
        latin(accounts.journal),
        latin(accounts.journal_label),
        str(number),
        _day(entry_date(piece)),
        side.account.number,
        latin(side.account.label),
        latin(piece.pro) if side.auxiliary else "",
        (latin(piece.name) or latin(piece.pro)) if side.auxiliary else "",
        latin(piece.number),
        issued,
        f"{what} {piece.period} {latin(piece.pro)}",
        _comma(side.cents, EURO) if side.cents > 0 else NOTHING,
        _comma(-side.cents, EURO) if side.cents < 0 else NOTHING,
        "",
        "",
        issued,
        _comma(abs(side.foreign), piece.currency) if foreign else "",
        piece.currency if foreign else "",
    )


def _comma(minor: int, currency: str) -> str:
    return to_amount(minor, currency).replace(".", ",")


def _day(day: date) -> str:
    return f"{day.year:04d}{day.month:02d}{day.day:02d}"
