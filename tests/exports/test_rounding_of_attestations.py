"""An attestation rounds a session as the policy that priced it did, also when that policy was withdrawn since."""

from __future__ import annotations

from ledger.store.database import Database
from projections.yearly_exports import attestations
from tests.billing.closes import close, recorded, session
from tests.importing.ledgers import opened
from tests.missions.kit import policy, voided

ODD = {"price": {"amount": "37.15", "currency": "EUR", "per": "hour"}, "client": "c-1"}  # 90 minutes: 55.725


def test_nothing_of_the_rounding_is_in_what_was_paid_beside_the_time(database: Database) -> None:
    terms = {"billing": {"rounding": "half_even"}, "city": {"geneve": {"billing": {"rounding": "half_up"}}}}
    even = policy("even", "2025-12-01 00:00", "2025-11-01 00:00", **terms)
    with opened(database) as ledger:
        recorded(ledger, [even])
        recorded(ledger, session("m-1", "p-1", "2026-03-10", minutes=90, **ODD))
        recorded(ledger, session("m-2", "p-2", "2026-03-11", minutes=90, city="geneve", **ODD))
        recorded(ledger, session("m-3", "p-2", "2026-04-11", minutes=90, **ODD))
        close(ledger, "2026-03")
        for withdrawn in (False, True):
            if withdrawn:
                recorded(ledger, [voided(even)])
            with ledger.months() as months:
                (found,) = attestations(months, 2026, None, frozenset())
            # An open line keeps the policy that it was worked out by.
            assert [(each["mission"], each["other"], each["paid"]) for each in found["interventions"]] == [
                ("m-1", "0.00", "55.72"),
                ("m-2", "0.00", "55.73"),
                ("m-3", "0.00", "55.72"),
            ]
