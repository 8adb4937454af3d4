"""CSV, Parquet and XLSX: what an independent reader finds in them is what was billed, exactly."""

from __future__ import annotations

import csv
from collections.abc import Callable, Iterable
from datetime import date, datetime
from decimal import Decimal
from io import BytesIO, StringIO
from typing import Any, BinaryIO
from zipfile import ZipFile

import openpyxl
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from xlsxwriter import Workbook

from ledger.money import EXPONENT
from projections.exports import csv_table, parquet_table, xlsx_table
from projections.exports.billed import Billed, Counted
from projections.exports.columns import COLUMNS

from .rows import MARCH, billed, corrected

Write = Callable[[BinaryIO, Iterable[Billed]], None]
WRITERS: list[Write] = [csv_table.write, parquet_table.write, xlsx_table.write]
NAMES = [each.name for each in COLUMNS]
FORMULAS = ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "\n=1", "＝1+1", "－1"]


def written(write: Write, rows: Iterable[Billed]) -> bytes:
    out = BytesIO()
    write(out, rows)
    return out.getvalue()


def read_csv(raw: bytes) -> list[dict[str, str]]:
    return list(csv.DictReader(StringIO(raw.decode("utf-8"), newline=""), strict=True))


def decimals(row: Billed, name: str) -> Decimal:
    """An amount as an exact decimal, worked out apart from the writers."""
    return Decimal(getattr(row, name)) / 10 ** EXPONENT[row.currency]


@pytest.mark.parametrize("write", WRITERS)
def test_the_same_rows_make_the_same_bytes(write: Write) -> None:
    assert written(write, MARCH) == written(write, iter(MARCH))


def test_csv_is_what_rfc_4180_says() -> None:
    raw = written(csv_table.write, MARCH)

    lines = raw.split(b"\r\n")
    assert lines[0].decode() == ",".join(NAMES)
    assert lines[1] == (
        b"2026-03,2026-03-10,m-1,p-1,c-1,lyon,cleaning,completed,line,120,60.00,9.00,1.80,49.20,EUR,0.15,mila@2018-06,"
        b"closed,2026-03-10T11:00:00Z,2026-03-10T11:00:00.000001Z,7,1,,"
    )
    assert lines[-1] == b""
    assert len(lines) == len(MARCH) + 2
    assert b"\n" not in raw.replace(b"\r\n", b"")


def test_csv_amounts_have_the_decimals_of_their_currency() -> None:
    found = [(row["gross"], row["currency"]) for row in read_csv(written(csv_table.write, MARCH))]

    assert found == [("60.00", "EUR"), ("5990", "JPY"), ("59.905", "TND"), ("333.33", "EUR")]


@pytest.mark.parametrize("text", FORMULAS)
def test_a_text_never_becomes_a_formula_and_a_number_stays_one(text: str) -> None:
    rows = [billed(text, client=f"{text},x"), *corrected(billed("m-2", "p-2"), "2026-04", 3000)]

    first, taken_back, line = read_csv(written(csv_table.write, rows))
    assert first["mission"] == f"'{text}"
    assert first["client"] == f"'{text},x"
    assert [taken_back[each] for each in ("minutes", "gross", "commission", "vat", "net")] == [
        *("-120", "-60.00", "-9.00", "-1.80", "-49.20")
    ]
    assert line["gross"] == "30.00"

    book = openpyxl.load_workbook(BytesIO(written(xlsx_table.write, rows)))
    cell = book["lines"].cell(2, NAMES.index("mission") + 1)
    assert cell.data_type == "s"
    assert cell.value == text.replace("\r", "_x000D_") or cell.value == text
    assert book["lines"].cell(3, NAMES.index("gross") + 1).value == -60
    assert pq.read_table(BytesIO(written(parquet_table.write, rows)))["mission"][0].as_py() == text


def test_odd_names_survive_quoting() -> None:
    odd = ['say "hi", twice', "Zoë\u202e", "a\r\nb", "", "  ", "日本"]
    rows = [billed(each, "p-2") for each in odd]

    assert [row["mission"] for row in read_csv(written(csv_table.write, rows))] == odd


def test_parquet_is_typed_and_exact() -> None:
    table = pq.read_table(BytesIO(written(parquet_table.write, MARCH)))

    assert table.column_names == NAMES
    assert table.schema.field("gross").type == pa.decimal128(24, 4)
    assert table.schema.field("ended_at").type == pa.timestamp("us", tz="UTC")
    assert table["gross"].to_pylist() == [decimals(row, "gross") for row in MARCH]
    assert table["net"].to_pylist() == [decimals(row, "net") for row in MARCH]
    assert table["day"].to_pylist()[0] == date(2026, 3, 10)
    assert table["rate"].to_pylist()[0] == Decimal("0.15")
    assert table["corrects_position"].null_count == len(MARCH)


def test_xlsx_holds_the_exact_decimal_text_of_each_amount() -> None:
    raw = written(xlsx_table.write, MARCH)

    with ZipFile(BytesIO(raw)) as file:
        sheet = file.read("xl/worksheets/sheet1.xml").decode()
    for text in ("60.00", "5990", "59.905", "333.33"):
        assert f"<v>{text}</v>" in sheet
    book = openpyxl.load_workbook(BytesIO(raw))
    rows = list(book["lines"].values)
    assert list(rows[0]) == NAMES
    assert rows[1][NAMES.index("day")] == datetime(2026, 3, 10)  # noqa: DTZ001  a spreadsheet has no zones
    assert [row[NAMES.index("pro")] for row in rows[1:]] == ["p-1", "p-2", "p-2", "p-1"]
    assert list(book["totals"].values) == [
        ("currency", "missions", "gross", "commission", "vat", "net"),
        ("EUR", 2, 393.33, 59, 11.8, 322.53),
        ("JPY", 1, 5990, 899, 180, 4911),
        ("TND", 1, 59.905, 8.986, 1.797, 49.122),
    ]


def test_an_amount_a_spreadsheet_would_round_is_written_as_text() -> None:
    rows = [billed(gross=1234567890123456, commission=0, vat=0), billed("m-2", "p-2", gross=123456789012345)]

    sheet = openpyxl.load_workbook(BytesIO(written(xlsx_table.write, rows)))["lines"]
    column = NAMES.index("gross") + 1
    assert (sheet.cell(2, column).data_type, sheet.cell(2, column).value) == ("s", "12345678901234.56")
    assert (sheet.cell(3, column).data_type, sheet.cell(3, column).value) == ("n", 1234567890123.45)


def test_more_lines_than_a_sheet_holds_go_on_another(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(xlsx_table, "SHEET_ROWS", 3)

    book = openpyxl.load_workbook(BytesIO(written(xlsx_table.write, MARCH)))

    assert book.sheetnames == ["lines", "lines 2", "totals"]
    assert [[row[2] for row in book[name].values] for name in ("lines", "lines 2")] == [
        ["mission", "m-1", "m-2"],
        ["mission", "m-3", "m-4"],
    ]


odd_texts = st.one_of(
    st.sampled_from(
        [
            "m-1",
            "a.b:c-d_e",
            "_x0041_",
            "a&b",
            "<b>",
            'say "hi"',
            "",
            " a",
            "a b",
            "a\tb",
            "é",
            "\ufffe",
            "=1",
            "x" * 128,
        ]
    ),
    st.text(max_size=8),
)


@settings(max_examples=150, deadline=None)
@given(
    st.lists(
        st.builds(
            lambda mission, policy, gross, currency, rate, position: billed(
                mission, policy=policy, gross=gross, vat=gross // 7, currency=currency, rate=rate, position=position
            ),
            odd_texts,
            odd_texts,
            st.one_of(st.integers(-(10**5), 10**5), st.integers(-(10**17), 10**17)),
            st.sampled_from(["EUR", "JPY", "TND", "CLF"]),
            st.sampled_from(["0", "0.15", "0.000001", "0.1625", "1"]),
            st.integers(0, 2),
        ),
        max_size=12,
    )
)
def test_rows_written_whole_are_the_bytes_that_the_library_makes_cell_by_cell(rows: list[Billed]) -> None:
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(xlsx_table, "SHEET_ROWS", 5)
        whole = written(xlsx_table.write, rows)
        patched.setattr(xlsx_table.RowText, "cells", lambda self, row, at: None)
        assert whole == written(xlsx_table.write, rows)


def test_a_plain_row_is_written_whole() -> None:
    styles = xlsx_table._Styles(Workbook(BytesIO()))
    text = xlsx_table.RowText(styles.day, styles.decimals)
    assert all(text.cells(row, 1) for row in (*MARCH, *corrected(MARCH[0], "2026-04", 3000)))
    assert text.cells(billed("a b"), 1) is None


amounts = st.integers(-(10**14), 10**14)
rows_of_any_kind = st.lists(
    st.builds(
        lambda pro, currency, gross, commission, vat: billed(
            "m", pro, gross=gross, commission=commission, vat=vat, currency=currency
        ),
        st.sampled_from(["p-1", "p-2"]),
        st.sampled_from(["EUR", "JPY", "TND", "CLF"]),
        amounts,
        amounts,
        amounts,
    ),
    min_size=1,
    max_size=20,
)


@settings(max_examples=60, deadline=None)
@given(rows_of_any_kind)
def test_the_sum_of_every_format_is_the_sum_of_the_rows(rows: list[Billed]) -> None:
    expected: dict[str, list[Decimal]] = {}
    for row in rows:
        sums = expected.setdefault(row.currency, [Decimal(0)] * 4)
        for index, name in enumerate(("gross", "commission", "vat", "net")):
            sums[index] += decimals(row, name)

    def summed(found: Iterable[tuple[str, list[Any]]]) -> dict[str, list[Decimal]]:
        totals: dict[str, list[Decimal]] = {}
        for currency, values in found:
            sums = totals.setdefault(currency, [Decimal(0)] * 4)
            for index, value in enumerate(values):
                sums[index] += Decimal(value)
        return totals

    names = ("gross", "commission", "vat", "net")
    table = read_csv(written(csv_table.write, rows))
    assert summed((row["currency"], [row[each] for each in names]) for row in table) == expected
    parquet = pq.read_table(BytesIO(written(parquet_table.write, rows))).to_pylist()
    assert summed((row["currency"], [row[each] for each in names]) for row in parquet) == expected
    counted = Counted(rows)
    assert list(counted) == rows
    assert {code: [Decimal(each[name]) for name in names] for code, each in counted.totals().items()} == expected
