"""The issuer's settings: what a file may say, what is refused in one line, where the file is looked for."""

from __future__ import annotations

from pathlib import Path

import pytest

from ledger import registrations, settings
from ledger.errors import Misused, Refused
from ledger.settings import Settings, example, from_toml


def test_the_example_is_a_whole_file_that_a_legal_document_can_be_made_from() -> None:
    found = from_toml(example(), origin="example")
    assert found.lacking() == ()
    assert found.issuer.name == "Exemple Services"
    assert found.issuer.iban == "FR7630006000011234567890189"
    assert found.pros["pro-7"].name == "Zoé Martin"
    assert found.pros["pro-7"].vat_regime == "franchise"
    assert found.accounts.commission.label == "Commissions"


def test_without_a_file_every_question_has_an_answer_and_a_document_says_what_is_missing(tmp_path: Path) -> None:
    found = settings.load(None, tmp_path)
    assert found == Settings()
    assert (found.issuer.zone, found.issuer.language) == ("Europe/Paris", "fr")
    assert (found.series.invoice, found.series.credit_note) == ("F", "A")
    assert found.lacking() == ("issuer.name", "issuer.address", "issuer.siren", "issuer.vat_number")


def test_the_named_file_comes_before_the_variable_and_that_before_the_ledgers_folder(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("named", "variable"):
        (tmp_path / f"{name}.toml").write_text(f'[series]\ninvoice = "{name}"\n')
    (tmp_path / "billing.toml").write_text('[series]\ninvoice = "folder"\n')
    assert settings.load(None, tmp_path).series.invoice == "folder"
    monkeypatch.setenv(settings.VARIABLE, str(tmp_path / "variable.toml"))
    assert settings.load(None, tmp_path).series.invoice == "variable"
    assert settings.load(str(tmp_path / "named.toml"), tmp_path).series.invoice == "named"
    assert settings.load(None, None).series.invoice == "variable"


def test_a_file_that_was_named_and_is_not_there_is_no_default(tmp_path: Path) -> None:
    with pytest.raises(Misused) as caught:
        settings.load(str(tmp_path / "none.toml"))
    assert caught.value.code == "unreadable_file"


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("x", "is not TOML"),
        ("x = 1", "x is unknown"),
        ("issuer = 3", "issuer = 3 is not allowed: write a table [issuer]"),
        ('[issuer]\nsiren = "303265044"', "issuer.siren"),
        ('[issuer]\nsiren = "303265045"\nsiret = "73282932000074"', "issuer.siret"),
        ('[issuer]\nvat_number = "FR41303265045"', "issuer.vat_number"),
        ('[issuer]\niban = "FR7630006000011234567890188"', "issuer.iban"),
        ('[issuer]\nzone = "Europe/Lyon"', "write an IANA zone"),
        ('[issuer]\nname = "two\\nlines"', "issuer.name"),
        ('[issuer]\nlanguage = "it"', 'write one of "fr", "en", "de"'),
        ('[series]\ninvoice = "A"', "series.credit_note is that of invoices too"),
        ('[series]\ninvoice = "F 1"', "series.invoice"),
        ("[payment]\ndue_days = -1", "payment.due_days"),
        ('[accounts]\nvat = { number = "TVA", label = "TVA" }', "accounts.vat.number"),
        ("pros = 1", "write tables [pros.<id>]"),
        ("[pros]\npro-7 = 1", "write a table [pros.pro-7]"),
        ('[pros."pro 7"]\nname = "Zoé"', 'pros."pro 7" is not the id of a pro'),
        ('[pros.pro-7]\nnam = "Zoé"', "did you mean pros.pro-7.name?"),
        ('[pros.pro-7.address]\ncountry = "France"', "pros.pro-7.address.country"),
    ],
)
def test_what_a_file_may_not_say_is_refused_in_one_line(text: str, said: str) -> None:
    with pytest.raises(Refused) as caught:
        from_toml(text, origin="billing.toml")
    assert caught.value.code == "invalid_settings"
    assert caught.value.message.startswith("billing.toml")
    assert said in caught.value.message
    assert "\n" not in caught.value.message


def test_every_fault_is_listed() -> None:
    with pytest.raises(Refused, match="and 2 more") as caught:
        from_toml('[issuer]\nname = ""\nzone = ""\n[pros.a]\nsiret = "1"', origin="b.toml")
    assert [each.partition(" ")[0] for each in caught.value.details["problems"]] == [
        "issuer.name",
        "issuer.zone",
        "pros.a.siret",
    ]


def test_numbers_are_checked_by_their_check_digits() -> None:
    assert registrations.siren("732 829 320") == "732829320"
    assert registrations.siren("732829321") is None
    assert registrations.siret("732 829 320 00074") == "73282932000074"
    assert registrations.siret("35600000000048") == "35600000000048"
    assert registrations.siret("35600049837") is None
    assert registrations.iban("CH93 0076 2011 6238 5295 7") == "CH9300762011623852957"
    assert registrations.iban("CH93 0076 2011 6238 5295 8") is None
    assert registrations.vat_number("CHE-116.281.710 MWST") == "CHE116281710MWST"
    assert registrations.vat_number("DE 136695976") == "DE136695976"
    assert registrations.vat_number("FR 40 303 265 045") == "FR40303265045"
    assert registrations.vat_number("303265045") is None
