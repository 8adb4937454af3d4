"""A text that is spelt wrongly is refused in words that say how to spell it, never with a bare pattern."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from commands.schema_command import of_all
from ledger.errors import Misused, Refused
from ledger.events.patterns import MEANT
from ledger.events.reading import read_document
from ledger.money import to_minor
from ledger.store.database import Database
from tests.importing.ledgers import imported, rejected, said
from tests.missions.kit import Document, completed, event, requested

from .test_sources import csv, request_row


def refused(document: Document) -> str:
    with pytest.raises(Refused) as caught:
        read_document(document)
    assert caught.value.code == "invalid_event"
    assert "\n" not in caught.value.message
    return caught.value.message


def price(amount: Any, currency: str = "EUR") -> Document:
    return requested(price={"amount": amount, "currency": currency, "per": "hour"})


@pytest.mark.parametrize(
    "amount",
    ["-5", "33,50", "1 000.00", "", ".5", "33.", "1e3", "+5", "€5", "NaN", "\u0661\u0660", "\uff11\uff10", "1" * 13],
)
def test_an_amount(amount: str) -> None:
    expected = f"data.price.amount: {amount!r} is not an amount; write digits and a point, such as 33.50"
    assert refused(price(amount)) == expected
    refund = event("billing.adjusted", "m-1", "2026-04-01 09:00", refund={"amount": amount, "currency": "EUR"}, by="x")
    assert refused(refund) == expected.replace("price", "refund")


def test_an_amount_without_quotes() -> None:
    assert refused(price(33.5)) == 'data.price.amount: 33.5 is not a text; write it in quotes, "33.5"'


def test_a_name() -> None:
    allowed = "is not an identifier; write 1 to 128 characters out of A-Z a-z 0-9 . _ : -"
    assert refused(requested(service="ménage")) == f"data.service: 'ménage' {allowed}"
    assert refused(requested(client="a\nb\u202e")) == f"data.client: 'a\\nb\\u202e' {allowed}"
    assert refused(requested(city="x" * 129)) == f"data.city: '{'x' * 40}…' {allowed}"
    assert refused(completed("m 1")).startswith(f"subject: 'm 1' {allowed}")
    assert (
        refused({**completed(), "id": "a b"})
        == "id: 'a b' is not an id; write it without spaces and control characters"
    )


def test_a_currency_and_a_rate() -> None:
    assert "'eur' is not a currency; write its code of ISO 4217, such as EUR" in refused(price("5", "eur"))
    figures = {"average_cancellation_rate": "4\u0665", "maximum_cancellation_rate": "0.06", "minimum_rating": "4.20"}
    published = event("city.baseline_published", "lyon", "2026-04-01 09:00", **figures, pros=3)
    assert "is not a number; write digits and a point, such as 0.15" in refused(published)


def patterns(schema: Any) -> Iterator[str]:
    """Every pattern of a JSON schema."""
    if isinstance(schema, dict):
        if isinstance(schema.get("pattern"), str):
            yield schema["pattern"]
        schema = list(schema.values())
    if isinstance(schema, list):
        for each in schema:
            yield from patterns(each)


def test_every_pattern_of_the_schema_has_its_words_and_takes_no_digits_but_those_of_ascii() -> None:
    found = set(patterns(of_all()))
    assert found == set(MEANT)
    assert not [each for each in found if r"\d" in each or r"\w" in each]


def test_what_an_older_version_recorded_is_still_an_amount() -> None:
    assert to_minor("\u0661\u0660", "EUR") == 1000


@pytest.mark.parametrize(("separator", "name"), [(";", "semicolons"), ("\t", "tabs"), ("|", "bars")])
def test_a_csv_that_is_not_parted_by_commas(database: Database, tmp_path: Path, separator: str, name: str) -> None:
    file = tmp_path / "h.csv"
    file.write_bytes(b"\xef\xbb\xbf" + csv(request_row("m-1", "2026-01-06T09:00")).replace(b",", separator.encode()))
    with pytest.raises(Misused) as caught:
        imported(database, file)
    assert caught.value.code == "unreadable_file"
    assert caught.value.message.endswith(f"; this file parts them by {name}: save it with commas")

    file.write_text(f"mission{separator}pro\n")
    with pytest.raises(Misused) as caught:
        imported(database, file)
    assert caught.value.message.endswith("type, subject, time, id and source")


def test_a_number_in_a_csv_cell(database: Database, tmp_path: Path) -> None:
    file = tmp_path / "h.csv"
    rows = [request_row(f"m-{number}", "2026-01-06T09:00") for number in range(5)]
    spelt = ["90", "\u0669\u0660", "--90", "\u00b2", "9" * 18]
    file.write_bytes(csv(*(row.replace(",90,", f",{cell},") for row, cell in zip(rows, spelt, strict=True))))
    imported(database, file)
    assert [each["code"] for each in rejected(file)] == ["invalid_event"] * 3 + ["invalid_duration"]
    assert [each["id"] for each in said(database)["events"]] == ["m-0"]
