"""The FEC as a strict reader of the norm reads it."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from fractions import Fraction
from io import BytesIO
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ledger.errors import Refused
from ledger.settings import Account, Accounts
from projections.exports import fec
from projections.exports.fec import Piece

from .fec_reader import NotAnFec, read

CHF = {"CHF": Fraction("1.0471")}
NAME = "303265045FEC20261231.txt"


def piece(number: str = "F-2026-000001", pro: str = "p-1", **changed: Any) -> Piece:
    """An invoice of 9.00 and 1.80 VAT for March, issued on 2 April."""
    values: dict[str, Any] = {
        "number": number,
        "credit_note": False,
        "pro": pro,
        "name": f"Zoë of {pro}",
        "period": "2026-03",
        "currency": "EUR",
        "issued": date(2026, 4, 2),
        "commission": 900,
        "vat": 180,
        **changed,
    }
    return Piece(**values)


def written(pieces: list[Piece], rates: fec.Rates | None = None, **how: Any) -> bytes:
    out = BytesIO()
    fec.write(out, pieces, how.pop("accounts", Accounts()), rates or {}, **how)
    return out.getvalue()


def note(of: Piece, number: str = "A-2026-000001", **changed: Any) -> Piece:
    return of._replace(number=number, credit_note=True, commission=-of.commission, vat=-of.vat, **changed)


def test_an_invoice_is_one_balanced_entry() -> None:
    first, second, third = read(written([piece()]), name=NAME)

    assert (first.account, first.debit, first.auxiliary, first.auxiliary_name) == (
        *("411000", Decimal("10.80"), "p-1"),
        "Zoë of p-1",
    )
    assert (second.account, second.credit, second.auxiliary) == ("706000", Decimal("9.00"), "")
    assert (third.account, third.credit) == ("445710", Decimal("1.80"))
    assert {each.entered for each in (first, second, third)} == {date(2026, 3, 31)}
    assert {(each.piece, each.piece_date, each.valid) for each in (first, second, third)} == {
        ("F-2026-000001", date(2026, 4, 2), date(2026, 4, 2))
    }
    assert {(each.foreign, each.currency) for each in (first, second, third)} == {(None, "")}


def test_a_credit_note_is_the_entry_turned_round() -> None:
    invoice = piece()
    lines = read(written([invoice, piece("F-2026-000002", "p-2"), note(invoice, period="2026-04")]), name=NAME)

    invoiced, other, taken_back = lines[:3], lines[3:6], lines[6:]
    assert [(each.account, each.credit, each.debit) for each in taken_back] == [
        (each.account, each.debit, each.credit) for each in invoiced
    ]
    assert [each.number for each in (*invoiced, *other, *taken_back)] == [1, 1, 1, 2, 2, 2, 3, 3, 3]
    assert taken_back[0].entered == date(2026, 4, 2)  # issued before its month was over


def test_accounts_and_journal_are_the_issuers() -> None:
    accounts = Accounts(
        journal="COM",
        journal_label="Commissions|à l’étranger",
        customer=Account(number="467000", label="Débiteurs"),
        vat=Account(number="445711", label="TVA 20 %"),
    )

    lines = read(written([piece(), piece("F-2", "p-2")], accounts=accounts))

    assert [each.account for each in lines] == ["467000", "706000", "445711"] * 2
    assert {each.journal for each in lines} == {"COM"}
    assert "Commissions/à l'étranger" in written([piece()], accounts=accounts).decode("iso8859-15")


def test_what_bears_nothing_makes_no_line() -> None:
    lines = read(written([piece(vat=0), piece("F-2", "p-2", commission=0, vat=0), piece("F-3", "p-2")]))

    assert [(each.number, each.account) for each in lines] == [
        *((1, "411000"), (1, "706000")),
        *((2, "411000"), (2, "706000"), (2, "445710")),
    ]


def test_another_currency_needs_a_rate() -> None:
    swiss = piece(currency="CHF", commission=1000, vat=81)

    with pytest.raises(Refused) as refusal:
        written([piece(), swiss])
    assert refusal.value.code == "currency_without_rate"
    assert "--rate CHF=" in refusal.value.message

    lines = read(written([piece(pro="p-2"), swiss], CHF))
    assert [(each.debit, each.credit, each.foreign, each.currency) for each in lines[3:]] == [
        (Decimal("11.32"), Decimal(0), Decimal("10.81"), "CHF"),
        (Decimal(0), Decimal("10.47"), Decimal("10.00"), "CHF"),
        (Decimal(0), Decimal("0.85"), Decimal("0.81"), "CHF"),
    ]


def test_a_currency_without_decimals_is_converted_by_its_own_unit() -> None:
    lines = read(written([piece(currency="JPY", commission=899, vat=180)], {"JPY": Fraction("0.0062")}))

    assert [(each.debit + each.credit, each.foreign) for each in lines] == [
        (Decimal("6.69"), Decimal(1079)),
        (Decimal("5.57"), Decimal(899)),
        (Decimal("1.12"), Decimal(180)),
    ]


def test_pipes_instead_of_tabs_and_any_name() -> None:
    raw = written([piece(name="日本 | \t\r\n „x“"), piece("F-2", "p-2", name="\u202e")], separator=fec.PIPE)

    lines = read(raw)
    assert lines[0].auxiliary_name == "?? / 'x'"
    assert lines[3].auxiliary_name == "p-2"
    assert b"\t" not in raw


def test_the_name_of_the_file() -> None:
    assert fec.file_name("303265045", date(2026, 12, 31)) == NAME


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (b"JournalLib", b"JournalLabel"),
        (b"10,80", b"10.80"),
        (b"9,00\t\t\t", b"9,01\t\t\t"),
        (b"\r\n", b"\n"),
        (b"20260331", b"20260231"),
        (b"411000", b"41A000"),
        (b"p-1\tZo", b"\tZo"),
        (b"VE\tJournal des ventes\t1\t", b"VE\tJournal des ventes\t2\t"),
        (b"\t\t\r\n", b"\t\tEUR\r\n"),
    ],
)
def test_the_reader_is_strict(before: bytes, after: bytes) -> None:
    raw = written([piece()])
    assert before in raw

    with pytest.raises(NotAnFec):
        read(raw.replace(before, after))


pieces = st.lists(
    st.builds(
        lambda pro, currency, commission, vat, sign, day: piece(
            "F-1",
            pro,
            currency=currency,
            commission=sign * commission,
            vat=sign * vat,
            credit_note=sign < 0,
            issued=date(2026, 4, 1 + day),
        ),
        st.sampled_from(["p-1", "p-2"]),
        st.sampled_from(["EUR", "CHF", "JPY", "TND"]),
        st.integers(0, 10**12),
        st.integers(0, 10**11),
        st.sampled_from([1, -1]),
        st.integers(0, 25),
    ),
    min_size=1,
    max_size=12,
)
RATES = {**CHF, "JPY": Fraction("0.006213"), "TND": Fraction("0.29417")}


@settings(max_examples=150, deadline=None)
@given(pieces)
def test_every_file_is_balanced_gapless_and_sums_to_the_documents(made: list[Piece]) -> None:
    made.sort(key=lambda each: each.issued)
    raw = written(made, RATES)
    assert raw == written(made, RATES)
    if raw.count(b"\r\n") == 1:
        return  # nothing was owed

    lines = read(raw, name=NAME)

    assert sum(each.debit for each in lines) == sum(each.credit for each in lines)
    owed = sum(
        (each.debit - each.credit for each in lines if each.account == "411000" and not each.currency), Decimal(0)
    )
    assert owed == Decimal(sum(each.commission + each.vat for each in made if each.currency == "EUR")) / 100
