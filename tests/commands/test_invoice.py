"""`invoice` as its own process: issued, listed, shown and verified; pages for people, documents for programs."""

from __future__ import annotations

from pathlib import Path

import orjson
import pytest
from asking import Ask

SETTINGS = """
[issuer]
name = "Exemple Services"
siren = "303265045"
vat_number = "FR40303265045"
language = "en"
[issuer.address]
city = "Paris"
"""


def mission(name: str, pro: str, *, minutes: int = 120, currency: str = "EUR") -> bytes:
    """Requested, accepted and completed on 10 March 2026."""
    request = {
        "client": "client-3",
        "city": "lyon",
        "service": "repair",
        "starts_at": "2026-03-10T09:00:00+01:00",
        "timezone": "Europe/Paris",
        "duration_minutes": 120,
        "price": {"amount": "25.00", "currency": currency, "per": "hour"},
    }
    steps = (
        ("requested", "2026-03-01T08:00:00Z", request),
        ("accepted", "2026-03-01T09:00:00Z", {"pro": pro}),
        ("completed", "2026-03-10T10:00:00Z", {"duration_minutes": minutes}),
    )
    return b"".join(
        orjson.dumps(
            {
                "specversion": "1.0",
                "id": f"{name}-{step}",
                "source": "app/fr",
                "type": f"mission.{step}",
                "subject": name,
                "time": time,
                "data": data,
            }
        )
        + b"\n"
        for step, time, data in steps
    )


@pytest.fixture
def closed(script: Ask, tmp_path: Path) -> Ask:
    """March 2026, closed: two pros, one of them with a second currency."""
    file = tmp_path / "march.ndjson"
    file.write_bytes(
        mission("m-1", "pro-1") + mission("m-2", "pro-2", minutes=90) + mission("m-3", "pro-2", currency="CHF")
    )
    assert script("import", str(file)).code == 0
    (tmp_path / "issuer.toml").write_text(SETTINGS)
    refused = script("invoice", "issue", "--period", "2026-03", "--json")
    assert (refused.code, refused.error["code"], refused.out) == (1, "period_open", "")
    assert script("billing", "close", "2026-03", "--by", "C. Roux").code == 0
    return script


def test_a_month_is_issued_listed_shown_and_verified(closed: Ask) -> None:
    said = closed("invoice", "issue", "--period", "2026-03", "--by", "C. Roux", "--settings", "issuer.toml", "--json")
    assert (said.code, said.err) == (0, "")
    number = said.json["issued"][0]["number"]
    assert number.startswith("F-")
    assert number.endswith("-000001")
    assert [(each["pro"], each["currency"], each["total"]) for each in said.json["issued"]] == [
        ("pro-1", "EUR", "9.00"),
        ("pro-2", "CHF", "9.00"),
        ("pro-2", "EUR", "6.76"),  # 37.50 × 15 % = 5.625 → 5.63, and 1.13 on it
    ]
    assert said.json["lacking"] == []
    assert closed("invoice", "list", "--json").json == {"invoices": said.json["issued"]}
    assert set(said.json["issued"][0]) == {
        *("number", "kind", "of", "pro", "period", "currency", "total", "commission", "vat", "issued", "position")
    }
    shown = closed("invoice", "show", number, "--json").json
    assert list(shown) == [
        *("number", "kind", "of", "issued", "issue_date", "due_date", "period", "currency", "pro", "language"),
        *("seller", "buyer", "lines", "totals", "vat_breakdown", "mentions", "lacking", "digest", "position"),
    ]
    assert shown["lines"] == [
        {
            "mission": "m-1",
            "date": "2026-03-10",
            "service": "repair",
            "city": "lyon",
            "minutes": 120,
            "gross": "50.00",
            "commission": "7.50",
            "vat": "1.50",
            "rate": "0.15",
            "vat_rate": "0.2",
        }
    ]
    assert shown["totals"] == {"gross": "50.00", "commission": "7.50", "vat": "1.50", "total": "9.00"}
    assert shown["vat_breakdown"] == [{"rate": "0.2", "base": "7.50", "vat": "1.50"}]
    assert shown["seller"]["name"] == "Exemple Services"
    assert shown["buyer"] == {"id": "pro-1"}
    verified = closed("invoice", "verify", "--json")
    assert (verified.code, verified.json["ok"], verified.json["invoices"]) == (0, True, 3)
    whole = closed("verify", "--json").json
    assert [each["check"] for each in whole["checks"] if each["ok"]] == [
        *("log", "findings", "bills", "columns", "invoices", "projections")
    ]


def test_the_pages_people_read(closed: Ask) -> None:
    assert "no document was issued" in closed("invoice", "list").out
    said = closed("invoice", "issue", "--period", "2026-03", "--settings", "issuer.toml")
    assert (said.code, said.err) == (0, "")
    assert "3 invoices and 0 credit notes issued" in said.out
    number = said.out.split()[said.out.split().index("invoice") - 1]
    assert "nothing to issue" in closed("invoice", "issue", "--period", "2026-03").out
    assert "do not say issuer.name" in closed("invoice", "issue", "--period", "2026-03").out
    listed = closed("invoice", "list", "--pro", "pro-2", "--period", "2026-03").out
    assert "pro-1" not in listed
    assert listed.count("pro-2") == 2
    page = closed("invoice", "show", number).out
    assert page.startswith(f"Invoice {number}\n")
    assert "from Exemple Services, Paris, FR, SIREN 303265045, VAT FR40303265045" in page
    assert "to   pro-1" in page
    assert "commission 7.50 + VAT 1.50 = 9.00 EUR" in page
    assert "Payable by " in page
    assert "3 documents up to #" in closed("invoice", "verify").out


def test_a_document_becomes_a_file(closed: Ask, tmp_path: Path) -> None:
    pytest.importorskip("facturx")
    issued = closed("invoice", "issue", "--period", "2026-03", "--json").json["issued"]
    number = issued[0]["number"]
    refused = closed("invoice", "pdf", number, "--json")
    assert (refused.code, refused.error["code"]) == (1, "invalid_settings")
    assert "issuer.name" in refused.error["message"]
    said = closed("invoice", "pdf", number, "--settings", "issuer.toml", "--json")
    assert said.code == 0, said.err
    assert said.json["file"] == f"{number}.pdf"
    assert said.json["lacking"] == ["buyer.name", "buyer.address"]
    made = (tmp_path / f"{number}.pdf").read_bytes()
    assert made.startswith(b"%PDF-")
    assert len(made) == said.json["bytes"]
    said = closed("invoice", "pdf", number, "--settings", "issuer.toml", "-o", "en.pdf", "--language", "en")
    assert f"{number} written to en.pdf" in said.out
    assert "write [pros.pro-1] into the settings" in said.out
    assert (tmp_path / "en.pdf").read_bytes().startswith(b"%PDF-")


def test_the_settings_in_use_and_an_example(script: Ask, tmp_path: Path) -> None:
    example = script("invoice", "settings", "--example")
    (tmp_path / "billing.toml").write_text(example.out)
    said = script("invoice", "settings", "--settings", "billing.toml", "--json")
    assert (said.code, said.json["file"], said.json["lacking"]) == (0, "billing.toml", [])
    assert said.json["settings"]["issuer"]["siren"] == "303265045"
    said = script("invoice", "settings", env={"MISSION_LEDGER_SETTINGS": "billing.toml"})
    assert "issuer: Exemple Services" in said.out
    assert "no settings file" in script("invoice", "settings").out


@pytest.mark.parametrize(
    ("arguments", "exit_code", "code"),
    [
        (("show", "F-2026-000001"), 1, "unknown_invoice"),
        (("issue", "--period", "2026-13"), 2, "usage"),
        (("issue",), 2, "usage"),
        (("issue", "--period", "2026-03"), 1, "period_open"),
        (("list", "--pro", "nobody"), 1, "unknown_pro"),
        (("issue", "--period", "2026-03", "--settings", "none.toml"), 2, "unreadable_file"),
        (("settings", "--settings", "faulty.toml"), 1, "invalid_settings"),
        (("print",), 2, "usage"),
    ],
)
def test_what_is_refused(script: Ask, tmp_path: Path, arguments: tuple[str, ...], exit_code: int, code: str) -> None:
    (tmp_path / "faulty.toml").write_text("[issuer]\nsiren = '1'\n")
    said = script("invoice", *arguments, "--json")
    assert (said.code, said.error["code"], said.out) == (exit_code, code, "")
    assert script("invoice", *arguments).err.count("\n") == 1


def test_that_nothing_is_left_is_said_only_where_it_is_so(closed: Ask) -> None:
    closed("adjust", "m-1", "--duration-minutes", "60", "--by", "C. Roux", "--reason", "complaint")
    assert closed("billing", "close", "2026-04", "--by", "C. Roux").code == 0

    said = closed("invoice", "issue", "--period", "2026-04").out
    assert "nothing to issue yet; 2 entries wait: they correct what is on no document yet of 2026-03" in said
    assert "has its document" not in said
    assert "3 invoices and 0 credit notes issued" in closed("invoice", "issue", "--period", "2026-03").out
    said = closed("invoice", "issue", "--period", "2026-04", "--pro", "pro-2").out
    assert "nothing to issue: every entry of 2026-04 of pro-2 that bears a commission has its document" in said
    assert "1 invoice and 1 credit note issued" in closed("invoice", "issue", "--period", "2026-04").out
    said = closed("invoice", "issue", "--period", "2026-04").out
    assert "nothing to issue: every entry of 2026-04 that bears a commission has its document" in said
