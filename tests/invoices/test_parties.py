"""Who stands on a document: as it was known on the day of issue; nobody's name once the person was erased."""

from __future__ import annotations

from ledger.settings import from_toml
from ledger.store.database import Database
from tests.invoices.billed import ISSUER, PLAIN, SETTINGS, close, issue, opened, record, rows, worked
from tests.missions.kit import event, policy

ERASED = event("ledger.subject_erased", "p-1", "2026-06-01 09:00", source="desk", by="ann", reason="asked for it")


def registered(pro: str, name: str) -> dict[str, object]:
    return event("pro.registered", pro, "2026-01-01 08:00", name=name, email=f"{pro}@example.org")


def test_the_parties_are_those_of_the_day_of_issue(database: Database) -> None:
    with opened(database) as ledger:
        record(ledger, *worked("m-1"), *worked("m-2", "p-2"), registered("p-2", "Ada"), registered("p-1", "Zoe"))
        close(ledger, "2026-03")
        issue(ledger, "2026-03", settings=SETTINGS, by="ann")
        first = ledger.invoice("F-2026-000001", SETTINGS)
        assert first["seller"] == {
            "name": "Exemple Services",
            "address": {"street": "1 rue de la Paix", "city": "Paris", "country": "FR"},
            "siren": "303265045",
            "vat_number": "FR40303265045",
            "vat_regime": "standard",
        }
        # The settings say more of p-1 than it said itself; of p-2 they say nothing.
        assert first["buyer"] == {
            "id": "p-1",
            "name": "Zoé Martin",
            "email": "p-1@example.org",
            "siret": "73282932000074",
            "vat_regime": "standard",
        }
        assert ledger.invoice("F-2026-000002", SETTINGS)["buyer"] == {
            "id": "p-2",
            "name": "Ada",
            "email": "p-2@example.org",
        }
        moved = from_toml(ISSUER.replace("rue de la Paix", "avenue Foch").replace("Zoé", "Léa"), origin="moved")
        record(ledger, {**registered("p-2", "Grace"), "id": "again"})
        assert ledger.invoice("F-2026-000001", moved) == first
        assert ledger.invoice("F-2026-000002", moved)["buyer"]["name"] == "Ada"


def test_without_settings_a_document_is_issued_and_says_what_it_lacks(database: Database) -> None:
    with opened(database) as ledger:
        record(ledger, *worked("m-1"), *worked("m-2", "p-2"))
        close(ledger, "2026-03")
        issue(ledger, "2026-03")
        found = ledger.invoice("F-2026-000001", PLAIN)
        assert (found["seller"], found["buyer"]) == (None, {"id": "p-1"})
        assert found["lacking"] == ["issuer.name", "issuer.address", "issuer.siren", "issuer.vat_number"]
        found = ledger.invoice("F-2026-000001", SETTINGS)
        assert (found["seller"]["name"], found["buyer"]["name"]) == ("Exemple Services", "Zoé Martin")
        assert found["lacking"] == []


def test_an_erased_pro_keeps_its_invoices_and_loses_its_name(database: Database) -> None:
    with opened(database) as ledger:
        record(ledger, *worked("m-1"), *worked("m-2", "p-2"), registered("p-1", "Zoe"), registered("p-2", "Ada"))
        close(ledger, "2026-03")
        issue(ledger, "2026-03", settings=SETTINGS)
        before = [ledger.invoice(number, SETTINGS) for number in ("F-2026-000001", "F-2026-000002")]
        stored = rows(database, "SELECT convert_from(state, 'UTF8') FROM ledger.event WHERE type = 'invoice.issued'")
        assert len(stored) == 2
        assert all("Zoé Martin" not in state and "example.org" not in state for (state,) in stored)
        record(ledger, ERASED)
        after = [ledger.invoice(number, SETTINGS) for number in ("F-2026-000001", "F-2026-000002")]
        assert after == [{**before[0], "buyer": {"id": "p-1", "erased": True}}, before[1]]


def test_a_pro_erased_before_it_is_invoiced_is_named_by_its_id(database: Database) -> None:
    with opened(database) as ledger:
        record(ledger, *worked("m-1"), *worked("m-2", "p-2"), registered("p-1", "Zoe"), registered("p-2", "Ada"))
        close(ledger, "2026-03")
        record(ledger, ERASED)
        issue(ledger, "2026-03", settings=SETTINGS)
        assert ledger.invoice("F-2026-000001", SETTINGS)["buyer"] == {"id": "p-1"}
        assert ledger.invoice("F-2026-000002", SETTINGS)["buyer"]["name"] == "Ada"


def test_language_and_mentions_are_kept_as_they_were_issued(database: Database) -> None:
    german = from_toml(
        ISSUER + 'language = "de"\n[mentions]\nde = ["Gerichtsstand Paris."]\n[payment]\ndue_days = 14\n', origin="b"
    )
    with opened(database) as ledger:
        record(ledger, *worked("m-1"), *worked("m-2", "p-2"))
        close(ledger, "2026-03")
        issue(ledger, "2026-03", settings=german)
        first = ledger.invoice("F-2026-000001", PLAIN)
        assert (first["language"], first["issue_date"], first["due_date"]) == ("de", "2026-08-03", "2026-08-17")
        assert first["mentions"] == ["Zahlbar bis zum 17.08.2026.", "Gerichtsstand Paris."]
        assert ledger.invoice("F-2026-000002", PLAIN)["mentions"][0] == "À payer au plus tard le 17/08/2026."


def test_why_there_is_no_vat_is_said_where_there_is_none(database: Database) -> None:
    abroad = from_toml(
        ISSUER + 'vat_regime = "reverse_charge"\n[pros.p-2]\nvat_regime = "reverse_charge"\n', origin="b"
    )
    with opened(database) as ledger:
        free = policy("no-vat", "2026-01-10 00:00", city={"geneva": {"billing": {"vat": "0"}}})
        record(ledger, free)
        record(ledger, *in_geneva("m-1", "p-1"), *worked("m-2", "p-2"), *in_geneva("m-3", "p-3"))
        close(ledger, "2026-03")
        issue(ledger, "2026-03", settings=abroad)
        first, second, third = (ledger.invoice(f"F-2026-00000{each}", PLAIN) for each in (1, 2, 3))
        assert first["vat_breakdown"] == [{"rate": "0", "base": "9.00", "vat": "0.00"}]
        assert "Autoliquidation." in first["mentions"]
        assert second["vat_breakdown"] == [{"rate": "0.2", "base": "9.00", "vat": "1.80"}]
        assert "Autoliquidation." not in second["mentions"]
        assert "Autoliquidation." not in third["mentions"]


def in_geneva(mission: str, pro: str) -> list[dict[str, object]]:
    """A mission accepted under the policy without VAT."""
    request, accepted, completed = worked(mission, pro, city="geneva")
    return [request, {**accepted, "time": "2026-02-01T09:00:00Z"}, completed]
