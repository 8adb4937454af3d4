"""Billing from the command line: close, adjust, how an amount came about, replay; tables, documents, exit codes."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path
from typing import Any

import orjson
import pytest
from asking import Ask, Said

PRICE = {"amount": "30.00", "currency": "EUR", "per": "hour"}
BY = ("--by", "C. Roux")


def session(mission: str, pro: str, day: str) -> Iterator[dict[str, Any]]:
    """Two hours at 30 EUR: 60.00 gross, 9.00 commission, 1.80 VAT."""
    asked = {"client": "c-1", "city": "lyon", "service": "repair", "starts_at": f"{day}T09:00:00Z", "price": PRICE}
    told = (
        ("requested", "2024-01-01T08:00:00Z", {**asked, "timezone": "Europe/Paris", "duration_minutes": 120}),
        ("accepted", "2024-01-01T09:00:00Z", {"pro": pro}),
        ("completed", f"{day}T11:00:00Z", {"duration_minutes": 120}),
    )
    for name, time, data in told:
        yield {
            "specversion": "1.0",
            "id": f"{mission}-{name}",
            "source": "app",
            "type": f"mission.{name}",
            "subject": mission,
            "time": time,
            "data": data,
        }


@pytest.fixture
def ledger(script: Ask) -> Ask:
    """Two missions of two pros in March 2024."""
    documents = [*session("m-1", "p-1", "2024-03-10"), *session("close", "p-2", "2024-03-12")]
    lines = b"".join(orjson.dumps(each) + b"\n" for each in documents)
    assert script("import", "-", stdin=lines).code == 0
    return script


def test_a_month_from_its_close_to_a_correction(ledger: Ask) -> None:
    said = ledger("billing", "close", "2024-03", *BY, "--reason", "month's end", "--json")
    assert said.code == 0, said.err
    assert said.json | {"digest": "", "time": "", "event": ""} == {
        "period": "2024-03",
        "position": 7,
        "event": "",
        "time": "",
        "by": "C. Roux",
        "reason": "month's end",
        "lines": 2,
        "left_open": 0,
        "totals": {"EUR": {"gross": "120.00", "commission": "18.00", "vat": "3.60", "net": "98.40"}},
        "digest": "",
    }
    assert ledger("billing", "replay", "--period", "2024-03", "--json").json["same"]

    adjusted = ledger("adjust", "m-1", "--refund", "10.00", "--parts", "3", *BY, "--reason", "late", "--json")
    assert adjusted.json["parts"] == ["3.34", "3.33", "3.33"]
    assert (adjusted.json["before"]["gross"], adjusted.json["after"]["gross"]) == ("60.00", "50.00")
    assert [each["gross"] for each in ledger("billing", "--period", "2024-03", "--json").json["lines"]] == [
        "60.00",
        "60.00",
    ]

    assert ledger("billing", "close", "2024-04", *BY).code == 0
    corrected = ledger("billing", "--period", "2024-04", "--json").json["lines"]
    assert [(each["role"], each["gross"], each["corrects"]) for each in corrected] == [
        ("credit", "-60.00", {"position": 7, "number": 2}),
        ("line", "50.00", {"position": 7, "number": 2}),
    ]
    replayed = ledger("billing", "replay", "--period", "2024-03", "--json").json
    assert [each["mission"] for each in replayed["changed"]] == ["m-1"]
    assert ledger("billing", "replay", "--period", "2024-03", "--known-at", "#7", "--json").json["same"]
    assert [each["status"] for each in ledger("billing", "periods", "--json").json["periods"]] == ["closed", "closed"]
    assert ledger("verify").code == 0


def test_pages_for_people(ledger: Ask, monkeypatch: pytest.MonkeyPatch) -> None:
    said = ledger("billing", "close", "2024-03", *BY)
    assert "2024-03 is closed by C. Roux: 2 entries" in said.out
    assert "EUR: gross 120.00, commission 18.00, VAT 3.60, net 98.40" in said.out
    given_back = ledger("adjust", "m-1", "--duration-minutes", "90", *BY, "--reason", "left early")
    assert "gross 60.00 → 45.00" in given_back.out
    page = " ".join(ledger("billing", "m-1").out.split())
    for text in (
        "repair in lyon",
        "30.00 an hour (#1) × 90 min (#8) / 60",
        "15.00 % of the gross 45.00, billing.commission",
        "it closed on 2024-03-12 00:00 in Europe/Paris",
        "billed for 90 minutes by C. Roux",
        "goes into the next period that is closed",
    ):
        assert text in page
    replayed = ledger("billing", "replay", "--period", "2024-03").out
    words = replayed.split()
    assert {("closed", "EUR"), ("derived", "EUR")} <= set(pairwise(words))
    assert "1 mission differs from what was closed" in replayed
    supposed = ledger("billing", "replay", "--period", "2024-03", "--known-at", "#7", "--policy", "mila-2018-06").out
    assert "2024-03 under mila@2018-06: no amount changes, 2 entries to the cent" in supposed
    assert "(every entry names its policy)" in supposed
    assert "billed for 90 minutes by C. Roux" in replayed
    with monkeypatch.context() as fewer:
        fewer.setattr("commands.billing_replay_command.SHOWN", 0)
        assert "… and 1 more mission: --json has them all" in ledger("billing", "replay", "--period", "2024-03").out
    assert "closed by C. Roux" in ledger("billing", "--period", "2024-03").out
    assert "C. Roux" in ledger("billing", "periods").out
    ledger("billing", "close", "2024-04", *BY)
    assert "credit of #7/2" in ledger("billing", "--period", "2024-04").out


def test_a_cap_in_another_currency_is_told_to_people(ledger: Ask, tmp_path: Path) -> None:
    absences = []
    for mission, pro in (("m-3", "p-1"), ("m-4", "p-2")):
        *before, done = session(mission, pro, "2024-03-14")
        absent = {"type": "mission.client_absent", "time": "2024-03-14T09:20:00Z", "data": {}}
        absences += [*before, {**done, **absent}]
    assert ledger("import", "-", stdin=b"".join(orjson.dumps(each) + b"\n" for each in absences)).code == 0
    assert ledger("billing", "close", "2024-03", *BY).code == 0
    assert "no cap" not in ledger("billing", "replay", "--period", "2024-03").out
    supposed = ledger("policy", "show", "--preset", "mila-2018-06").out
    cap = 'fee_cap = { amount = "40.00", currency = "EUR" }'
    assert cap in supposed
    file = tmp_path / "yen.toml"
    file.write_text(supposed.replace(cap, 'fee_cap = { amount = "1500", currency = "JPY" }'), "utf-8")
    said = ledger("billing", "replay", "--period", "2024-03", "--policy", str(file)).out
    assert "2 fees for absent clients in EUR have no cap: that of mila@2018-06 is in JPY" in " ".join(said.split())


def test_the_page_of_a_mission_that_bears_nothing_any_more(ledger: Ask) -> None:
    disputed = [
        ("checked_in", "m-3", "2024-03-14T08:55:00Z", {}),
        ("no_show", "m-3", "2024-03-14T09:30:00Z", {"reported_by": "client"}),
    ]
    *before, done = session("m-3", "p-3", "2024-03-14")
    reported = [
        {**done, "id": f"m-3-{name}", "type": f"mission.{name}", "time": time, "data": data}
        for name, _, time, data in disputed
    ]
    lines = b"".join(orjson.dumps(each) + b"\n" for each in (*before, *reported, done))
    assert ledger("import", "-", stdin=lines).code == 0
    assert ledger("billing", "close", "2024-03", *BY).code == 0
    assert ledger("void", "m-1-completed", *BY, "--reason", "another day").code == 0
    assert ledger("record", "mission.no_show_confirmed", "m-3", "by=ines").code == 0

    def page(mission: str) -> str:
        return " ".join(ledger("billing", "mission", mission).out.split())

    for mission, why in (
        ("m-1", "No amount follows: the mission is held, and #3 (mission.completed) was declared wrong by #13."),
        ("m-3", "No amount follows: the pro's no-show was confirmed (#14)."),
    ):
        for text in (
            why,
            "In which closed periods it stands",
            "2024-03 line #12/",
            "60.00",
            "takes back what is frozen",
        ):
            assert text in page(mission)
    assert ledger("billing", "close", "2024-04", *BY).code == 0
    for mission in ("m-1", "m-3"):
        for text in ("2024-04 credit #16/", "-60.00", "#12/", "hold nothing of it any more"):
            assert text in page(mission)
    assert "What it bears now is what the closed periods hold." in page("close")


def test_a_mission_with_the_name_of_a_command(ledger: Ask) -> None:
    assert ledger("billing", "mission", "close", "--json").json["mission"] == "close"
    assert ledger("billing", "m-1", "--json").json["mission"] == "m-1"
    assert ledger("billing", "--json", "m-1").json["mission"] == "m-1"


@pytest.mark.parametrize(
    ("arguments", "code", "error"),
    [
        (("billing", "close", "2024-03"), 1, "no_statement"),
        (("billing", "close", "2024-04", *BY), 1, "invalid_transition"),
        (("billing", "close", "2024-13", *BY), 2, "usage"),
        (("billing", "replay", "--period", "2024-03"), 1, "not_closed"),
        (("billing", "m-9"), 1, "unknown_mission"),
        (("billing", "--pro", "p-1", "periods"), 2, "usage"),
        (("adjust", "m-1", *BY, "--reason", "x"), 2, "usage"),
        (("adjust", "m-1", "--refund", "1.00", "--duration-minutes", "60", *BY, "--reason", "x"), 2, "usage"),
        (("adjust", "m-1", "--duration-minutes", "60", "--parts", "2", *BY, "--reason", "x"), 2, "usage"),
        (("adjust", "m-1", "--refund", "1.00", *BY), 1, "no_statement"),
        (("adjust", "m-1", "--refund", "1.00 EUR", *BY, "--reason", "x"), 2, "usage"),
        (("export", "csv", "--period", "2024-03", "-o", "nowhere/march.csv"), 2, "usage"),
        (("adjust", "m-1", "--refund", "1.001", *BY, "--reason", "x"), 1, "too_precise"),
        (("adjust", "m-9", "--refund", "1.00", *BY, "--reason", "x"), 1, "unknown_mission"),
        (("record", "billing.adjusted", "m-1", "by=x", "reason=y", "duration_minutes=60"), 1, "human_required"),
    ],
)
def test_what_is_refused(ledger: Ask, arguments: tuple[str, ...], code: int, error: str) -> None:
    said: Said = ledger(*arguments, "--json")
    assert (said.code, said.error["code"], said.out) == (code, error, "")
    assert said.err.count("\n") == 1
