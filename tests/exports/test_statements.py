"""The yearly statement of a pro and the yearly attestation of a client."""

from __future__ import annotations

import csv
from decimal import Decimal
from io import BytesIO, StringIO
from typing import Any

from ledger.money import HALF_EVEN, HALF_UP
from projections.exports import statements
from projections.exports.attestations import Agreed, Rounding, attestation, by_client
from projections.exports.billed import Billed
from projections.exports.csv_table import write_records

from .rows import billed, corrected, credit

HOURLY = Agreed(3000, per_hour=True)


def test_a_statement_sums_by_month_and_currency() -> None:
    line = billed()
    made = [
        line,
        billed("m-2", "p-1", "2026-03-29", gross=4000, commission=600, vat=120),
        billed("m-3", "p-1", "2026-03-29", gross=5990, commission=899, vat=180, currency="JPY"),
        billed("m-4", "p-2", "2026-04-29", gross=59905, commission=8986, vat=1797, currency="TND"),
        *corrected(line, "2026-04", 3000),
    ]

    first, second = statements.statements(made, 2026)

    march = {"missions": 2, "gross": "100.00", "commission": "15.00", "vat": "3.00", "net": "82.00"}
    april = {"missions": 0, "gross": "-30.00", "commission": "-4.50", "vat": "-0.90", "net": "-24.60"}
    yen = {"gross": "5990", "commission": "899", "vat": "180", "net": "4911"}
    assert first == {
        "pro": "p-1",
        "year": 2026,
        "currencies": {
            "EUR": {
                "missions": 2,
                "gross": "70.00",
                "commission": "10.50",
                "vat": "2.10",
                "net": "57.40",
                "months": [{"month": "2026-03", **march}, {"month": "2026-04", **april}],
            },
            "JPY": {"missions": 1, **yen, "months": [{"month": "2026-03", "missions": 1, **yen}]},
        },
    }
    assert second["pro"] == "p-2"
    assert second["currencies"]["TND"]["gross"] == "59.905"


def test_the_csv_of_statements_sums_to_the_rows_and_runs_no_formula() -> None:
    made = [billed(pro="-p"), billed("m-2", "p-2", "2026-05-01", gross=1)]
    out = BytesIO()
    write_records(out, statements.HEADER, statements.records(statements.statements(made, 2026)))

    found = list(csv.DictReader(StringIO(out.getvalue().decode(), newline="")))
    assert [(row["pro"], row["month"]) for row in found] == [("'-p", "2026-03"), ("p-2", "2026-05")]
    assert sum(Decimal(row["gross"]) for row in found) == Decimal("60.01")


def attested(
    *rows: Billed, agreed: dict[str, Agreed] | None = None, year: int = 2026, rounding: Rounding = lambda line: HALF_UP
) -> list[dict[str, Any]]:
    made = []
    for client, own in by_client(sorted(rows, key=lambda row: row.client), year):
        terms = {row.mission: HOURLY for row in own} | (agreed or {})
        made.append(attestation(client, own, year, terms, rounding, {"address": None}))
    return [each for each in made if each is not None]


def test_an_attestation_lists_each_session_with_its_final_duration_and_what_was_paid() -> None:
    line = billed("m-2", "p-2", "2026-05-02", at="2026-05-02T10:00")
    first, second = attested(
        billed(),
        line,
        *corrected(line, "2026-07", 4500, minutes=90),
        billed("m-3", "p-2", "2026-06-01", client="c-2", gross=5990, currency="JPY", minutes=60),
        agreed={"m-3": Agreed(5990, per_hour=False)},
    )

    assert first["client"] == {"id": "c-1", "address": None}
    assert first["interventions"] == [
        {
            "mission": "m-1",
            "date": "2026-03-10",
            "pro": "p-1",
            "service": "cleaning",
            "minutes": 120,
            "hourly_price": "30.00",
            "hourly_price_from": "agreed",
            "other": "0.00",
            "paid": "60.00",
            "currency": "EUR",
        },
        {
            "mission": "m-2",
            "date": "2026-05-02",
            "pro": "p-2",
            "service": "cleaning",
            "minutes": 90,
            "hourly_price": "30.00",
            "hourly_price_from": "agreed",
            "other": "0.00",
            "paid": "45.00",
            "currency": "EUR",
        },
    ]
    assert first["totals"] == {"EUR": {"interventions": 2, "minutes": 210, "paid": "105.00"}}
    assert second["interventions"][0]["hourly_price_from"] == "computed"
    assert second["totals"] == {"JPY": {"interventions": 1, "minutes": 60, "paid": "5990"}}


def test_what_was_paid_beside_the_time() -> None:
    (first,) = attested(
        billed(gross=7500),  # a service of 15.00 was added
        billed("m-2", "p-2", gross=5000, at="2026-03-10T12:00"),  # 10.00 were given back
        billed("m-3", gross=10000, minutes=90, at="2026-03-10T13:00"),
        agreed={"m-3": Agreed(10000, per_hour=False)},
    )

    assert [(each["hourly_price"], each["other"], each["paid"]) for each in first["interventions"]] == [
        ("30.00", "15.00", "75.00"),
        ("30.00", "-10.00", "50.00"),
        ("66.67", "0.00", "100.00"),
    ]


def test_the_time_is_rounded_as_the_policy_that_priced_it_rounds() -> None:
    odd = Agreed(3715, per_hour=True)  # 37.15 × 90 / 60 = 55.725
    (first,) = attested(
        billed(gross=5572, minutes=90, policy="even@1"),
        billed("m-2", "p-2", gross=5573, minutes=90, at="2026-03-10T12:00"),
        billed("m-3", gross=5472, minutes=90, policy="even@1", at="2026-03-10T13:00"),  # 1.00 was given back
        agreed=dict.fromkeys(("m-1", "m-2", "m-3"), odd),
        rounding=lambda line: HALF_EVEN if line.policy == "even@1" else HALF_UP,
    )

    assert [(each["other"], each["paid"]) for each in first["interventions"]] == [
        ("0.00", "55.72"),
        ("0.00", "55.73"),
        ("-1.00", "54.72"),
    ]


def test_only_sessions_that_took_place_in_the_year() -> None:
    gone = billed("m-4", "p-2")
    found = attested(
        billed(),
        billed("m-2", "p-2", kind="client_absent"),
        billed("m-3", "p-2", "2027-01-01", at="2026-12-31T23:30"),  # local day of the session
        billed("m-5", "p-2", "2025-12-31"),
        gone,
        credit(gone, "2026-09"),
        billed("m-6", "p-2", client="c-9", kind="client_absent"),
    )

    assert [[each["mission"] for each in row["interventions"]] for row in found] == [["m-1"]]
