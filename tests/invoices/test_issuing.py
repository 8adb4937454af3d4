"""Issuing: one invoice per pro, currency and closed month; credit notes of what it corrects; nothing twice."""

from __future__ import annotations

import pytest

from ledger.errors import Refused
from ledger.settings import from_toml
from ledger.store.database import Database
from tests.invoices.billed import (
    PLAIN,
    Clock,
    brief,
    client_absent,
    close,
    issue,
    lasted,
    listed,
    opened,
    record,
    worked,
)
from tests.missions.kit import event, voided


def test_a_month_that_is_not_closed_is_refused(database: Database) -> None:
    with opened(database) as ledger:
        record(ledger, *worked("m-1"), *worked("m-2", "p-2"))
        with pytest.raises(Refused, match="billing close 2026-03 first") as caught:
            issue(ledger, "2026-03")
        assert caught.value.code == "period_open"
        assert listed(ledger) == []


def test_one_invoice_per_pro_and_currency_over_the_lines_that_bear_a_commission(database: Database) -> None:
    with opened(database) as ledger:
        record(ledger, *worked("m-1"), *worked("m-2", minutes=45), *worked("m-3", currency="CHF"))
        record(ledger, *worked("m-4", "p-2"), *client_absent("m-5", "p-2"), *client_absent("m-6", "p-3"))
        close(ledger, "2026-03")
        found = issue(ledger, "2026-03")
        assert brief(found["issued"]) == [
            ("F-2026-000001", None, "p-1", "CHF", "10.80"),  # 60.00 × 15 % × 1.20
            ("F-2026-000002", None, "p-1", "EUR", "14.86"),  # 9.00 + 3.38 (3.375), and 1.80 + 0.68 on them
            ("F-2026-000003", None, "p-2", "EUR", "10.80"),
        ]
        assert listed(ledger) == found["issued"]
        assert (found["issued"][1]["commission"], found["issued"][1]["vat"]) == ("12.38", "2.48")
        assert [each["mission"] for each in ledger.invoice("F-2026-000003", PLAIN)["lines"]] == ["m-4"]
        assert [each["number"] for each in listed(ledger, pro="p-2")] == ["F-2026-000003"]


def test_a_second_run_issues_nothing(database: Database) -> None:
    with opened(database) as ledger:
        record(ledger, *worked("m-1"), *worked("m-2", "p-2"))
        close(ledger, "2026-03")
        assert brief(issue(ledger, "2026-03", pro="p-2")["issued"]) == [("F-2026-000001", None, "p-2", "EUR", "10.80")]
        position = ledger.position()
        assert issue(ledger, "2026-03", pro="p-2")["issued"] == []
        assert ledger.position() == position
        assert brief(issue(ledger, "2026-03")["issued"]) == [("F-2026-000002", None, "p-1", "EUR", "10.80")]
        assert issue(ledger, "2026-03") == {
            "period": "2026-03",
            "issued": [],
            "waiting": {"entries": 0, "periods": []},
            "lacking": ["issuer.name", "issuer.address", "issuer.siren", "issuer.vat_number"],
        }


def test_what_changed_after_the_close_is_credited_in_the_next_month_and_invoiced_anew(database: Database) -> None:
    with opened(database) as ledger:
        record(ledger, *worked("m-1"), *worked("m-2"), *worked("m-3", "p-2"))
        close(ledger, "2026-03")
        issue(ledger, "2026-03")
        before = {each["number"]: ledger.invoice(each["number"], PLAIN) for each in listed(ledger)}
        record(ledger, lasted("m-1", 60), *worked("m-4", day="2026-04-02"))
        close(ledger, "2026-04")
        found = issue(ledger, "2026-04")
        assert brief(found["issued"]) == [
            ("F-2026-000003", None, "p-1", "EUR", "16.20"),  # m-1 at one hour, and m-4
            ("A-2026-000001", "F-2026-000001", "p-1", "EUR", "-10.80"),
        ]
        credit, line = ledger.invoice("A-2026-000001", PLAIN)["lines"], before["F-2026-000001"]["lines"][0]
        assert [each["mission"] for each in credit] == ["m-1"]
        assert ledger.invoice("A-2026-000001", PLAIN)["mentions"] == ["Avoir sur la facture F-2026-000001."]
        for name in ("gross", "commission", "vat"):
            assert credit[0][name] == f"-{line[name]}"
        assert {number: ledger.invoice(number, PLAIN) for number in before} == before


def test_a_mission_voided_after_its_invoice_is_credited_and_not_invoiced_anew(database: Database) -> None:
    with opened(database) as ledger:
        work = worked("m-1")
        record(ledger, *work, *worked("m-2", "p-2"))
        close(ledger, "2026-03")
        issue(ledger, "2026-03")
        record(ledger, voided(work[-1]))
        close(ledger, "2026-04")
        assert brief(issue(ledger, "2026-04")["issued"]) == [("A-2026-000001", "F-2026-000001", "p-1", "EUR", "-10.80")]
        assert issue(ledger, "2026-04")["issued"] == []


def test_credits_of_two_invoices_are_two_credit_notes(database: Database) -> None:
    with opened(database) as ledger:
        record(ledger, *worked("m-1"), *worked("m-2", "p-2"), *worked("m-3", day="2026-04-10"))
        close(ledger, "2026-03", "2026-04")
        issue(ledger, "2026-03")
        issue(ledger, "2026-04")
        record(ledger, lasted("m-1", 60), lasted("m-3", 60, "2026-04-10"), lasted("m-2", 180))
        close(ledger, "2026-05")
        assert brief(issue(ledger, "2026-05")["issued"]) == [
            ("F-2026-000004", None, "p-1", "EUR", "10.80"),
            ("A-2026-000001", "F-2026-000001", "p-1", "EUR", "-10.80"),
            ("A-2026-000002", "F-2026-000003", "p-1", "EUR", "-10.80"),
            ("F-2026-000005", None, "p-2", "EUR", "16.20"),
            ("A-2026-000003", "F-2026-000002", "p-2", "EUR", "-10.80"),
        ]


def test_a_correction_waits_until_the_line_it_corrects_is_invoiced(database: Database) -> None:
    with opened(database) as ledger:
        record(ledger, *worked("m-1"), *worked("m-2", "p-2"))
        close(ledger, "2026-03")
        record(ledger, lasted("m-1", 60), *worked("m-3", day="2026-04-02"))
        close(ledger, "2026-04")
        found = issue(ledger, "2026-04")
        assert brief(found["issued"]) == [("F-2026-000001", None, "p-1", "EUR", "10.80")]  # m-3 alone
        assert found["waiting"] == {"entries": 2, "periods": ["2026-03"]}
        issue(ledger, "2026-03")
        found = issue(ledger, "2026-04")
        assert brief(found["issued"]) == [
            ("F-2026-000004", None, "p-1", "EUR", "5.40"),
            ("A-2026-000001", "F-2026-000002", "p-1", "EUR", "-10.80"),
        ]
        assert found["waiting"] == {"entries": 0, "periods": []}


def test_a_line_without_commission_that_gets_one_needs_no_credit_note(database: Database) -> None:
    with opened(database) as ledger:
        record(ledger, *worked("m-1", amount="0.00"), *worked("m-2", "p-2"))
        close(ledger, "2026-03")
        assert [each["pro"] for each in issue(ledger, "2026-03")["issued"]] == ["p-2"]
        added = [{"label": "windows", "price": {"amount": "20.00", "currency": "EUR"}}]
        record(ledger, {**lasted("m-1", 121), "data": {**lasted("m-1", 121)["data"], "added": added}})
        close(ledger, "2026-04")
        assert brief(issue(ledger, "2026-04")["issued"]) == [("F-2026-000002", None, "p-1", "EUR", "3.60")]


def test_a_pro_that_nobody_mentions_is_refused(database: Database) -> None:
    with opened(database) as ledger:
        record(ledger, *worked("m-1"), *worked("m-2", "p-2"))
        close(ledger, "2026-03")
        with pytest.raises(Refused, match="no event mentions a pro p-3"):
            issue(ledger, "2026-03", pro="p-3")


def test_an_exempt_issuer_shows_no_vat_but_takes_back_what_it_once_did(database: Database) -> None:
    exempt = from_toml('[issuer]\nname = "Petite SAS"\nvat_regime = "franchise"\n', origin="exempt")
    with opened(database) as ledger:
        record(ledger, *worked("m-1"), *worked("m-2", "p-2"))
        close(ledger, "2026-03")
        with pytest.raises(Refused, match=r"bears 1\.80 EUR") as caught:
            issue(ledger, "2026-03", settings=exempt)
        assert caught.value.code == "invalid_settings"
        assert listed(ledger) == []
        issue(ledger, "2026-03")
        record(ledger, voided(worked("m-2", "p-2")[-1]))
        close(ledger, "2026-04")
        found = issue(ledger, "2026-04", settings=exempt)
        assert brief(found["issued"]) == [("A-2026-000001", "F-2026-000002", "p-2", "EUR", "-10.80")]


def test_a_series_of_credit_notes_never_becomes_one_of_invoices(database: Database) -> None:
    turned = from_toml('[series]\ninvoice = "A"\ncredit_note = "C"\n', origin="turned")
    with opened(database) as ledger:
        record(ledger, *worked("m-1"), *worked("m-2", "p-2"))
        close(ledger, "2026-03")
        issue(ledger, "2026-03")
        record(ledger, lasted("m-1", 60), lasted("m-2", 60))
        close(ledger, "2026-04")
        issue(ledger, "2026-04", pro="p-1")
        with pytest.raises(Refused, match="series A-2026 is one of credit notes already") as caught:
            issue(ledger, "2026-04", settings=turned)
        assert caught.value.code == "invalid_settings"
        assert brief(issue(ledger, "2026-04")["issued"]) == [
            ("F-2026-000004", None, "p-2", "EUR", "5.40"),
            ("A-2026-000002", "F-2026-000002", "p-2", "EUR", "-10.80"),
        ]


def test_each_year_of_the_issuers_calendar_begins_a_series_and_the_clock_never_goes_back(database: Database) -> None:
    clock = Clock("2026-12-31 22:59")
    with opened(database, clock) as ledger:
        record(ledger, *worked("m-1"), *worked("m-2", "p-2"), *worked("m-3", "p-3"), *worked("m-4", "p-4"))
        close(ledger, "2026-03")
        issue(ledger, "2026-03", pro="p-1")
        clock.set("2026-12-31 23:30")  # half past midnight in Paris
        issue(ledger, "2026-03", pro="p-2")
        clock.set("2026-12-31 22:00")  # another machine's
        issue(ledger, "2026-03", pro="p-3")
        found = listed(ledger)
        assert [each["number"] for each in found] == ["F-2026-000001", "F-2027-000001", "F-2027-000002"]
        assert found[1]["issued"] == found[2]["issued"] == "2026-12-31T23:30:00Z"
        assert ledger.invoice("F-2027-000002", PLAIN)["issue_date"] == "2027-01-01"


def test_an_issued_document_is_made_by_its_command_alone_and_cannot_be_voided(database: Database) -> None:
    with opened(database) as ledger:
        record(ledger, *worked("m-1"), *worked("m-2", "p-2"))
        close(ledger, "2026-03")
        issue(ledger, "2026-03")
        (stored, _) = ledger.events(type="invoice.issued")
        again = {**stored, "id": "F-2026-000003", "data": {**stored["data"], "number": "F-2026-000003"}}
        void = event("ledger.event_voided", stored["id"], "2026-08-01 09:00", source="desk", by="ann", reason="wrong")
        void["data"]["source"] = stored["source"]
        outcomes = ledger.record([again, void], live=True)
        assert [each.error.code for each in outcomes if each.error] == ["human_required", "invalid_transition"]
