"""`export` as its own process on a real ledger: closed and open months, corrections, invoices, two pros."""

from __future__ import annotations

import csv
import os
import threading
from collections.abc import Iterable
from decimal import Decimal
from io import BytesIO, StringIO
from pathlib import Path
from typing import Any

import openpyxl
import orjson
import pyarrow.parquet as pq
import pytest
from asking import Ask

from commands.export_file import target, written
from ledger.errors import Misused
from tests.exports.fec_reader import read

SIREN = "303265045"
SETTINGS = f"""
[issuer]
name = "Exemple Services"
siren = "{SIREN}"
sap_number = "SAP{SIREN}"
[issuer.address]
street = "1 rue de la Paix"
postcode = "75002"
city = "Paris"
[accounts]
commission = {{ number = "706100", label = "Commissions" }}
[pros.-p2]
name = "=HYPERLINK(1) „Łęcka“ | SARL"
"""


def event(event_type: str, subject: str, time: str, **data: Any) -> dict[str, Any]:
    envelope = {"specversion": "1.0", "id": f"{event_type}/{subject}", "source": "app/fr", "type": event_type}
    return {**envelope, "subject": subject, "time": time, "data": data}


def session(mission: str, pro: str, client: str, ended: str, amount: str, **changed: Any) -> Iterable[dict[str, Any]]:
    """A mission that ended at an instant, an hour long."""
    price = {"amount": amount, "currency": changed.get("currency", "EUR"), "per": changed.get("per", "hour")}
    request = {
        "client": client,
        "city": "lyon",
        "service": "cleaning",
        "starts_at": ended,
        "duration_minutes": 60,
        "timezone": changed.get("timezone", "Europe/Paris"),
        "price": price,
        "address": f"1 rue de {client}",
    }
    asked = changed.get("asked", "2024-01-02")
    yield event("mission.requested", mission, f"{asked}T08:00:00Z", **request)
    yield event("mission.accepted", mission, f"{asked}T09:00:00Z", pro=pro)
    yield event("mission.completed", mission, ended, duration_minutes=60)


HISTORY = [
    event("pro.registered", "p-1", "2024-01-01T08:00:00Z", name="Zoé Martin"),
    *session("m-1", "p-1", "c-1", "2024-03-10T11:00:00Z", "100.00"),
    # 31 March 2024 has 23 hours in Paris: it ends at 22:00 UTC.
    *session("m-2", "p-1", "c-1", "2024-03-31T21:59:59Z", "40.00"),
    *session("m-3", "-p2", "c:2", "2024-03-31T22:00:00Z", "60.00"),
    *session("m-4", "-p2", "c-1", "2024-04-01T03:59:59Z", "50.00", timezone="America/New_York"),
    *session("m-5", "-p2", "c:2", "2024-03-20T10:00:00Z", "5990", currency="JPY", per="mission"),
    *session("m-6", "p-1", "c:2", "2024-03-20T10:00:00Z", "59.905", currency="TND", per="mission"),
]


def void(mission: str) -> dict[str, Any]:
    data = {"source": "app/fr", "by": "ines", "reason": "it did not take place"}
    return event("ledger.event_voided", f"mission.completed/{mission}", "2024-06-01T08:00:00Z", **data) | {
        "id": mission
    }


class Books:
    """A ledger with a folder for files; commands run in it."""

    def __init__(self, script: Ask, folder: Path) -> None:
        self.script, self.folder = script, folder
        (folder / "issuer.toml").write_text(SETTINGS)

    def __call__(self, *arguments: str, code: int = 0, **how: Any) -> Any:
        said = self.script(*arguments, env={"MISSION_LEDGER_SETTINGS": "issuer.toml"}, **how)
        assert said.code == code, said.err
        return said

    def given(self, *events: dict[str, Any]) -> None:
        self("import", "-", stdin=b"".join(orjson.dumps(each) + b"\n" for each in events))

    def table(self, *arguments: str) -> list[dict[str, str]]:
        return list(csv.DictReader(StringIO(self("export", "csv", *arguments).out, newline="")))


@pytest.fixture
def books(script: Ask, tmp_path: Path) -> Books:
    """March 2024 recorded, not closed."""
    made = Books(script, tmp_path)
    made.given(*HISTORY)
    return made


@pytest.fixture
def closed(books: Books) -> Books:
    """March closed and invoiced; then a mission of it turned out not to have taken place, and April was closed."""
    books("billing", "close", "2024-03", "--by", "ines")
    books("invoice", "issue", "--period", "2024-03")
    books.given(void("m-1"))
    books("billing", "close", "2024-04", "--by", "ines")
    books("invoice", "issue", "--period", "2024-04")
    return books


def summed(rows: Iterable[dict[str, Any]], *names: str) -> dict[str, dict[str, Decimal]]:
    sums: dict[str, dict[str, Decimal]] = {}
    for row in rows:
        kept = sums.setdefault(row["currency"], dict.fromkeys(names, Decimal(0)))
        for name in names:
            kept[name] += Decimal(row[name])
    return sums


AMOUNTS = ("gross", "commission", "vat", "net")


def test_the_sums_of_an_open_month_are_those_of_billing_in_every_format(books: Books) -> None:
    billed = books("billing", "--period", "2024-03", "--json").json["totals"]
    expected = {code: {name: Decimal(sums[name]) for name in AMOUNTS} for code, sums in billed.items()}

    table = books.table("--period", "2024-03")
    assert summed(table, *AMOUNTS) == expected
    assert [row["mission"] for row in table] == ["m-1", "m-5", "m-6", "m-2", "m-4"]
    said = books("export", "parquet", "--period", "2024-03", "-o", "march.parquet", "--json").json
    assert (said["rows"], said["totals"], said["provisional"]) == (5, billed, ["2024-03"])
    assert summed(pq.read_table(books.folder / "march.parquet").to_pylist(), *AMOUNTS) == expected
    said = books("export", "xlsx", "--period", "2024-03", "--json").json
    assert (said["file"], said["totals"]) == ("billing-2024-03.xlsx", billed)
    head, *rows = openpyxl.load_workbook(books.folder / "billing-2024-03.xlsx")["totals"].values
    assert {row[0]: {name: Decimal(str(row[head.index(name)])) for name in AMOUNTS} for row in rows} == expected


def test_a_closed_month_stays_as_it_was_frozen_and_the_next_has_the_credit(closed: Books) -> None:
    march = closed.table("--period", "2024-03")
    assert [(row["mission"], row["role"], row["gross"], row["day"]) for row in march] == [
        ("m-1", "line", "100.00", "2024-03-10"),
        ("m-2", "line", "40.00", "2024-03-31"),
        ("m-4", "line", "50.00", "2024-03-31"),
        ("m-5", "line", "5990", "2024-03-20"),
        ("m-6", "line", "59.905", "2024-03-20"),
    ]
    frozen = closed("billing", "periods", "--json").json["periods"]
    for month in frozen:
        rows = closed.table("--period", month["period"])
        totals = {code: {name: Decimal(sums[name]) for name in AMOUNTS} for code, sums in month["totals"].items()}
        assert summed(rows, *AMOUNTS) == totals
        assert len(rows) == month["lines"]

    april = closed.table("--period", "2024-04")
    assert [(row["mission"], row["role"], row["gross"], row["minutes"]) for row in april] == [
        ("m-1", "credit", "-100.00", "-60"),
        ("m-3", "line", "60.00", "60"),
    ]
    assert (april[0]["corrects_position"], april[0]["corrects_number"]) == (march[0]["position"], march[0]["number"])
    assert [row["pro"] for row in april] == ["p-1", "'-p2"]  # an id may begin like a formula
    assert [row["client"] for row in april] == ["c-1", "c:2"]
    assert closed.table("--year", "2024") == march + april
    assert closed("verify").code == 0


def test_a_day_of_25_hours_ends_when_it_ends(script: Ask, tmp_path: Path) -> None:
    books = Books(script, tmp_path)
    # 31 October 2021 ends at 23:00 UTC in Paris.
    books.given(
        *session("m-1", "p-1", "c-1", "2024-10-31T22:59:59Z", "10.00"),
        *session("m-2", "-p2", "c-1", "2024-10-31T23:00:00Z", "20.00"),
        *session("m-3", "p-1", "c-1", "2021-10-31T22:59:59Z", "30.00", asked="2021-10-02"),
        *session("m-4", "-p2", "c-1", "2021-10-31T23:00:00Z", "40.00", asked="2021-10-02"),
    )

    for period, mission, day in (
        ("2021-10", "m-3", "2021-10-31"),
        ("2021-11", "m-4", "2021-11-01"),
        ("2024-10", "m-1", "2024-10-31"),
        ("2024-11", "m-2", "2024-11-01"),
    ):
        assert [(row["mission"], row["day"]) for row in books.table("--period", period)] == [(mission, day)]


def test_what_may_still_change_is_said(books: Books) -> None:
    books("billing", "close", "2024-03", "--by", "ines")
    books.given(void("m-1"))

    document = books("export", "statements", "--year", "2024").json
    assert (document["provisional"], document["waiting"]) == (["2024-04"], 1)
    said = books("export", "csv", "--year", "2024", "-o", "year.csv").out
    assert "2024-04 is not closed: its amounts may still change" in said
    assert "not booked yet" not in said
    assert "1 closed amount to be corrected by the next close, as the facts now stand" in said


def test_a_late_line_of_a_closed_month_is_said_not_to_be_booked(books: Books) -> None:
    books("billing", "close", "2024-03", "--by", "ines")
    books.given(*session("m-late", "p-1", "c-1", "2024-03-15T11:00:00Z", "70.00"))

    march = books.table("--period", "2024-03")
    late = [row for row in books.table("--year", "2024") if row not in march]
    assert [(row["period"], row["mission"], row["gross"], row["position"]) for row in late] == [
        ("2024-04", "m-3", "60.00", ""),
        ("2024-04", "m-late", "70.00", ""),
    ]
    assert books.table("--period", "2024-04") == late
    said = books("export", "csv", "--year", "2024", "-o", "year.csv").out
    assert "1 late line not booked yet: in 2024-04, the next month to be closed" in said
    said = books("export", "parquet", "--year", "2024", "-o", "year.parquet", "--json").json
    assert (said["provisional"], said["unbooked"]) == (["2024-04"], {"lines": 1, "period": "2024-04"})


def test_a_refund_after_the_close_is_in_every_export_of_the_next_one(books: Books) -> None:
    books("billing", "close", "2024-03", "--by", "ines")
    books("invoice", "issue", "--period", "2024-03")
    books("adjust", "m-1", "--refund", "10.00", "--by", "ines", "--reason", "came late")
    books("adjust", "m-4", "--duration-minutes", "30", "--by", "ines", "--reason", "left early")
    assert books("export", "dac7", "--year", "2024").json["waiting"] == 2
    books("billing", "close", "2024-04", "--by", "ines")
    books("invoice", "issue", "--period", "2024-04")

    april = books.table("--period", "2024-04")
    assert [(row["mission"], row["role"], row["gross"]) for row in april] == [
        *(("m-1", "credit", "-100.00"), ("m-1", "line", "90.00")),
        ("m-3", "line", "60.00"),
        *(("m-4", "credit", "-50.00"), ("m-4", "line", "25.00")),
    ]
    first, second = books("export", "attestations", "--year", "2024").json["attestations"]
    assert [(each["mission"], each["minutes"], each["other"], each["paid"]) for each in first["interventions"]] == [
        ("m-1", 60, "-10.00", "90.00"),
        ("m-2", 60, "0.00", "40.00"),
        ("m-4", 30, "0.00", "25.00"),
    ]
    assert second["client"]["id"] == "c:2"
    books("export", "fec", "--period", "2024-04", "-o", "april.txt")
    lines = read((books.folder / "april.txt").read_bytes())
    issued = books("invoice", "list", "--period", "2024-04", "--json").json["invoices"]
    assert [(each.piece, each.debit - each.credit) for each in lines[::3]] == [
        (each["number"], Decimal(each["total"])) for each in issued
    ]
    totals = books("export", "csv", "--period", "2024-04", "-o", "april.csv", "--json").json["totals"]["EUR"]
    assert sum(Decimal(each["total"]) for each in issued) == Decimal(totals["commission"]) + Decimal(totals["vat"])
    assert books("export", "dac7", "--year", "2024").json["waiting"] == 0
    assert books("verify").code == 0


def test_the_same_ledger_gives_the_same_bytes(closed: Books) -> None:
    for number, arguments in enumerate(
        (
            ("csv", "--year", "2024"),
            ("parquet", "--year", "2024"),
            ("xlsx", "--year", "2024"),
            ("fec", "--year", "2024", "--rate", "JPY=0.0062", "--rate", "TND=0.29"),
            ("dac7", "--year", "2024"),
            ("statements", "--year", "2024", "--format", "text"),
            ("attestations", "--year", "2024"),
        )
    ):
        first, second = closed.folder / f"{number}-a", closed.folder / f"{number}-b"
        closed("export", *arguments, "-o", first.name)
        closed("export", *arguments, "-o", second.name)
        assert first.read_bytes() == second.read_bytes() != b"", arguments[0]
    piped = closed("export", "csv", "--year", "2024", "-o", "-").out
    assert piped == closed("export", "csv", "--year", "2024").out == (closed.folder / "0-a").read_bytes().decode()


def test_the_fec_holds_what_was_invoiced(closed: Books) -> None:
    rates = ("--rate", "JPY=0.0062", "--rate", "TND=0.29")
    said = closed("export", "fec", "--year", "2024", *rates, "--json").json
    name = f"{SIREN}FEC20241231.txt"
    assert (said["file"], said["closing"], said["entries"]) == (name, "2024-12-31", 6)

    lines = read((closed.folder / name).read_bytes(), name=name)

    invoices = closed("invoice", "list", "--json").json["invoices"]
    assert [each.piece for each in lines[::3]] == [each["number"] for each in invoices]
    owed = {each.piece: each.debit - each.credit for each in lines if each.account == "411000" and not each.currency}
    assert owed == {each["number"]: Decimal(each["total"]) for each in invoices if each["currency"] == "EUR"}
    foreign = {each.piece: each.foreign for each in lines if each.account == "411000" and each.currency}
    assert foreign == {each["number"]: Decimal(each["total"]) for each in invoices if each["currency"] != "EUR"}
    assert {each.account for each in lines} == {"411000", "706100", "445710"}
    names = {each.auxiliary: each.auxiliary_name for each in lines if each.auxiliary}
    assert names == {"p-1": "Zoé Martin", "-p2": "=HYPERLINK(1) 'Lecka' / SARL"}
    note = next(each for each in lines if each.piece.startswith("A-"))
    assert (note.auxiliary, note.credit, note.label) == ("p-1", Decimal("21.60"), "Avoir commission 2024-04 p-1")
    assert {str(each.entered) for each in lines} == {"2024-03-31", "2024-04-30"}

    closed("export", "fec", "--period", "2024-03", *rates, "-o", "march.txt", "--separator", "pipe")
    march = read((closed.folder / "march.txt").read_bytes())
    assert [each.piece for each in march[::3]] == [each["number"] for each in invoices if each["period"] == "2024-03"]


def test_the_fec_refuses_what_it_cannot_say(books: Books) -> None:
    said = books("export", "fec", "--year", "2024", "--json", code=1)
    assert said.error["code"] == "nothing_to_export"
    books("billing", "close", "2024-03", "--by", "ines")
    books("invoice", "issue", "--period", "2024-03")

    said = books("export", "fec", "--year", "2024", "--json", code=1)
    assert (said.error["code"], said.error["currencies"]) == ("currency_without_rate", ["JPY", "TND"])
    assert not list(books.folder.glob("*FEC*"))
    rates = ("--rate", "JPY=0.0062", "--rate", "TND=0.29")
    assert books("export", "fec", "--year", "2024", *rates, "--rate", "CHF=0", code=2).err.count("\n") == 1
    (books.folder / "issuer.toml").write_text("")
    said = books("export", "fec", "--year", "2024", *rates, "--json", code=1)
    assert said.error["code"] == "invalid_settings"
    books("export", "fec", "--year", "2024", *rates, "-o", "march.txt")

    (books.folder / "issuer.toml").write_text(SETTINGS.replace("[accounts]", '[accounts]\nyear_ends = "06-30"'))
    books("export", "fec", "--period", "2024-03", *rates, "-o", "books/")
    books("export", "fec", "--year", "2025", *rates, code=1)
    assert [each.name for each in (books.folder / "books").iterdir()] == [f"{SIREN}FEC20240630.txt"]


def test_dac7_counts_by_the_local_day_and_carries_what_a_refund_leaves(closed: Books) -> None:
    document = closed("export", "dac7", "--year", "2024").json

    rows = {(row["seller"], row["currency"]): row for row in document["rows"]}
    assert [*rows] == [("-p2", "EUR"), ("-p2", "JPY"), ("p-1", "EUR"), ("p-1", "TND")]
    second = rows["-p2", "EUR"]
    assert [second[each]["activities"] for each in ("q1", "q2")] == [1, 1]  # New York, then Paris
    first = rows["p-1", "EUR"]
    assert first["q1"] == {"consideration": 31, "fees": 7, "taxes": 1, "activities": 1}  # without m-1, taken back
    assert first["q2"] == {"consideration": 0, "fees": 0, "taxes": 0, "activities": 0}
    assert [(move["from"], move["to"], move["consideration"]) for move in first["carried"]] == [
        ("2024-q2", "2024-q3", "-78.40"),
        ("2024-q3", "2024-q4", "-78.40"),
        ("2024-q4", "2024-q1", "-78.40"),
    ]
    year = closed("export", "csv", "--year", "2024", "-o", "year.csv", "--json").json["totals"]
    exact = sum(Decimal(row["exact"]["consideration"]) for row in rows.values() if row["currency"] == "EUR")
    assert exact == Decimal(year["EUR"]["net"])
    assert (document["provisional"], document["waiting"]) == ([], 0)


def test_linked_accounts_are_one_seller(closed: Books) -> None:
    closed("link", "--by", "ines", "--", "p-1", "-p2")

    rows = closed("export", "dac7", "--year", "2024").json["rows"]
    assert [(row["seller"], row["accounts"], row["currency"]) for row in rows] == [
        ("-p2", ["-p2", "p-1"], currency) for currency in ("EUR", "JPY", "TND")
    ]


def test_statements_sum_to_the_year(closed: Books) -> None:
    document = closed("export", "statements", "--year", "2024").json
    assert [each["pro"] for each in document["statements"]] == ["-p2", "p-1"]
    months = document["statements"][1]["currencies"]["EUR"]["months"]
    assert [(each["month"], each["missions"], each["gross"]) for each in months] == [
        ("2024-03", 2, "140.00"),
        ("2024-04", -1, "-100.00"),
    ]
    year = closed("export", "csv", "--year", "2024", "-o", "year.csv", "--json").json["totals"]
    expected = {code: {name: Decimal(sums[name]) for name in AMOUNTS} for code, sums in year.items()}
    closed("export", "statements", "--year", "2024", "-o", "statements.csv")
    with (closed.folder / "statements.csv").open(newline="") as file:
        rows = list(csv.DictReader(file))
    assert summed(rows, *AMOUNTS) == expected

    page = closed("export", "statements", "--year", "2024", "--pro", "p-1", "--format", "text").out
    assert page.startswith("Relevé annuel 2024 – p-1\n")
    assert "\f" not in page
    assert (
        closed("export", "statements", "--year", "2024", "--pro", "p-9", "--json", code=1).error["code"]
        == "unknown_pro"
    )


def test_attestations_tell_what_was_paid_to_whom(closed: Books) -> None:
    document = closed("export", "attestations", "--year", "2024").json

    assert document["lacking"] == []
    assert (document["provider"]["name"], document["provider"]["sap_number"]) == ("Exemple Services", f"SAP{SIREN}")
    first, second = document["attestations"]
    assert first["client"] == {"id": "c-1", "address": "1 rue de c-1"}
    assert [(each["mission"], each["date"], each["pro"], each["paid"]) for each in first["interventions"]] == [
        ("m-2", "2024-03-31", "p-1", "40.00"),
        ("m-4", "2024-03-31", "-p2", "50.00"),  # m-1 did not take place
    ]
    assert second["totals"] == {
        "EUR": {"interventions": 1, "minutes": 60, "paid": "60.00"},
        "JPY": {"interventions": 1, "minutes": 60, "paid": "5990"},
        "TND": {"interventions": 1, "minutes": 60, "paid": "59.905"},
    }
    assert closed("export", "attestations", "--year", "2023").json["attestations"] == []
    assert closed("export", "attestations", "--year", "2023", "--client", "c:2").json["attestations"] == []
    for ask, name in (("attestations", "--client"), ("statements", "--pro")):
        refused = closed("export", ask, "--year", "2024", name, "nobody", "-o", "none.json", "--json", code=1)
        assert (refused.out, refused.error["code"], "nobody" in refused.error["message"]) == ("", "unknown_pro", True)
        assert not (closed.folder / "none.json").exists()
    assert closed("export", "attestations", "--year", "2024", "--service", "repair").json["attestations"] == []


def test_each_client_gets_a_file_and_an_erased_one_no_address(closed: Books) -> None:
    closed("record", "ledger.subject_erased", "c:2", "by=ines", "reason=asked")
    said = closed("export", "attestations", "--year", "2024", "-o", "pages/", "--format", "text", "--json").json

    assert said["attestations"] == 2
    pages = {each.name: each.read_text() for each in (closed.folder / "pages").iterdir()}
    assert sorted(pages) == ["attestation-2024-c%3A2.txt", "attestation-2024-c-1.txt"]
    assert "Adresse : 1 rue de c-1" in pages["attestation-2024-c-1.txt"]
    assert "Adresse" not in pages["attestation-2024-c%3A2.txt"]
    assert "erased" not in pages["attestation-2024-c%3A2.txt"]
    assert "Total EUR : 2 interventions, 2 h 00, 90.00 payés" in pages["attestation-2024-c-1.txt"]


def test_what_cannot_be_asked(books: Books) -> None:
    for arguments in (
        ("csv",),
        ("csv", "--period", "2024-03", "--year", "2024"),
        ("csv", "--period", "2024-3"),
        ("csv", "--period", "2024-03", "-o", "-", "--json"),
        ("dac7", "--period", "2024-03"),
        ("statements",),
        ("fec", "--year", "2024", "--rate", "CHF=1,04"),
    ):
        said = books("export", *arguments, code=2)
        assert said.out == ""
        assert said.err.count("\n") == 1
    said = books("export", "csv", "--period", "2024-03", "-o", "nowhere/x.csv", code=2)
    assert "nowhere" in said.err


def test_a_file_appears_whole_or_not_at_all(tmp_path: Path) -> None:
    file = tmp_path / "x.csv"
    file.write_text("before")
    file.chmod(0o640)

    def failing() -> None:
        with written(file) as out:
            out.write(b"half")
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        failing()
    assert [each.name for each in tmp_path.iterdir()] == ["x.csv"]
    assert file.read_text() == "before"

    with written(file) as out:
        out.write(b"after")
        assert file.read_text() == "before"
    assert file.read_text() == "after"
    assert file.stat().st_mode & 0o777 == 0o640
    (tmp_path / "link").symlink_to(file)
    with written(tmp_path / "link") as out:
        out.write(b"through")
    assert (tmp_path / "link").is_symlink()
    assert file.read_text() == "through"


def test_a_pipe_is_written_into_and_never_replaced(tmp_path: Path) -> None:
    pipe, got = tmp_path / "pipe", BytesIO()
    os.mkfifo(pipe)
    reader = threading.Thread(target=lambda: got.write(pipe.read_bytes()))
    reader.start()
    with written(pipe) as out:
        out.write(b"all of it")
    reader.join(timeout=10)

    assert got.getvalue() == b"all of it"
    assert pipe.is_fifo()


def test_where_an_export_goes(tmp_path: Path) -> None:
    assert target(None, "x.csv", piped=True, as_json=False) is None
    assert target(None, "x.csv", piped=True, as_json=True) == Path("x.csv")
    assert target(None, "x.xlsx", piped=False, as_json=False) == Path("x.xlsx")
    assert target("-", "x.xlsx", piped=False, as_json=False) is None
    assert target(f"{tmp_path}/new/", "x.csv", piped=True, as_json=False) == tmp_path / "new" / "x.csv"
    assert target(str(tmp_path), "x.csv", piped=True, as_json=True) == tmp_path / "x.csv"
    assert target("y.csv", "x.csv", piped=True, as_json=False) == Path("y.csv")
    with pytest.raises(Misused):
        target("-", "x.csv", piped=True, as_json=True)
