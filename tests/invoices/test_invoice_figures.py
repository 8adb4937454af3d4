"""Which documents follow from which entries, over any of them: nothing lost, nothing twice, credits exact negations."""

from __future__ import annotations

from collections import Counter
from datetime import date
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ledger.billing_entries import FrozenEntry
from ledger.invoicing import (
    CREDIT_NOTE,
    INVOICE,
    Item,
    Sums,
    digest,
    due_date,
    number_text,
    planned,
    series_name,
    sums,
)
from ledger.money import EXPONENT, signed_minor

CURRENCIES = ("EUR", "JPY", "TND")
BASE = FrozenEntry(
    *("m", "p-1", "c-1", "lyon", "repair", "completed", "line", 0, 0, 120, 6000, 900, 180, "EUR", "0.15", "t@1", 1, 2)
)
AMOUNTS = st.integers(0, 10**12)


@st.composite
def items(draw: Any) -> list[Item]:
    """Lines, and credits of invoiced lines, of a few pros in three currencies."""
    found = []
    for number in range(1, draw(st.integers(0, 25)) + 1):
        pro, currency = draw(st.sampled_from(("p-1", "p-2"))), draw(st.sampled_from(CURRENCIES))
        bears = draw(st.booleans()) or draw(st.booleans())
        gross, commission, vat = (draw(AMOUNTS) if bears else 0 for _ in range(3))
        line = BASE._replace(
            mission=f"m-{number}", pro=pro, currency=currency, gross=gross, commission=commission, vat=vat
        )
        if draw(st.booleans()):
            found.append(Item(9, number, "", draw(st.booleans()), line))
        else:
            credit = line.negated(3, number)
            found.append(Item(9, number, draw(st.sampled_from(("F-2026-000001", "F-2026-000002"))), False, credit))
    return found


@given(items())
def test_every_entry_that_bears_something_is_on_one_document_of_its_pro_and_currency(found: list[Item]) -> None:
    documents = planned(found)
    placed = Counter((item.position, item.number) for each in documents for item in each.items)
    due = [each for each in found if not each.waits and (each.entry.commission or each.entry.vat)]
    assert placed == Counter((each.position, each.number) for each in due)
    for each in documents:
        assert each.items
        assert {(item.entry.pro, item.entry.currency) for item in each.items} == {(each.pro, each.currency)}
        assert {item.entry.role for item in each.items} == {"credit" if each.kind == CREDIT_NOTE else "line"}
        assert {item.credited for item in each.items} == {each.of}
        assert [(item.position, item.number) for item in each.items] == sorted(
            (item.position, item.number) for item in each.items
        )
    keys = [(each.pro, each.currency, each.kind, each.of) for each in documents]
    assert len(set(keys)) == len(keys)


@given(items())
def test_invoices_less_credit_notes_are_the_entries_per_currency(found: list[Item]) -> None:
    documents = planned(found)
    for currency in CURRENCIES:
        entries = [each.entry for each in found if each.entry.currency == currency and not each.waits]
        issued = [sums([item.entry for item in each.items]) for each in documents if each.currency == currency]
        assert sum(each.commission for each in issued) == sum(each.commission for each in entries)
        assert sum(each.vat for each in issued) == sum(each.vat for each in entries)
        assert sum(each.total for each in issued) == sum(each.commission + each.vat for each in entries)


@given(items())
def test_documents_do_not_depend_on_the_order_in_which_entries_are_read(found: list[Item]) -> None:
    assert planned(reversed(found)) == planned(found)


@given(AMOUNTS, AMOUNTS, AMOUNTS, st.sampled_from(CURRENCIES))
def test_a_credit_negates_its_line_to_the_cent(gross: int, commission: int, vat: int, currency: str) -> None:
    line = BASE._replace(gross=gross, commission=commission, vat=vat, currency=currency)
    credit = line.negated(7, 3)
    total = [a + b for a, b in zip(sums([line]), sums([credit]), strict=True)]
    assert total == [0, 0, 0]
    assert (credit.corrects_position, credit.corrects_number, credit.role) == (7, 3, "credit")
    for value in (*sums([line, credit]), sums([line]).total):
        assert type(value) is int


@given(st.integers(-(10**12), 10**12), st.integers(-(10**12), 10**12), st.sampled_from(sorted(EXPONENT)))
def test_the_total_is_commission_and_vat_also_as_texts(commission: int, vat: int, currency: str) -> None:
    texts = Sums(0, commission, vat).amounts(currency)
    read = {name: signed_minor(text, currency) for name, text in texts.items()}
    assert read == {"gross": 0, "commission": commission, "vat": vat, "total": commission + vat}


@given(items())
@settings(suppress_health_check=[HealthCheck.filter_too_much])
def test_the_digest_says_which_entries_in_which_order(found: list[Item]) -> None:
    entries = [each.entry for each in found]
    assert digest(entries) == digest(list(entries))
    if entries:
        assert digest(entries[:-1]) != digest(entries)
        more = entries[-1]._replace(commission=entries[-1].commission + 1)
        assert digest([*entries[:-1], more]) != digest(entries)


def test_numbers_and_dates() -> None:
    assert series_name("F", date(2026, 12, 31)) == "F-2026"
    assert number_text("F-2026", 17) == "F-2026-000017"
    assert number_text("F-2026", 1_000_000) == "F-2026-1000000"
    assert due_date(date(2026, 2, 27), 2) == date(2026, 3, 1)
    assert planned([]) == []
    assert planned([Item(1, 1, "", False, BASE)])[0].kind == INVOICE
