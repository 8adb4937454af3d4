"""What each mission bears, as machine code: `ledger/billing.workings` over the records of missions.

First which version's terms each line has, then – once the rates of those versions are known as integers – the amounts.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

from ledger.missions.mission import CLIENT_ABSENT, COMPLETED, PRO_NO_SHOW
from projections.compiled import rules
from projections.compiled.compiling import kernel, rows
from projections.compiled.records import ABSENT_LINE, BILL, COMPLETED_LINE, LATER, MISSION, NO_LINE
from projections.compiled.terms import Terms, closes_at, month_of, nothing, row_at, version_at

Numbers = npt.NDArray[Any]

rounded = rules.rounded
_FITS = 2**62
UNUSED, WANTED = -1, -2
"""In place of the number of a rate: it is not needed so far, or it is and nobody looked it up yet."""


def _to_work_out() -> tuple[Any, ...]:
    rates = rows(np.int64, 2), rows(np.int64, 2), rows(np.int32, 2)
    return rows(MISSION), rows(LATER), rows(np.int32), rows(BILL), 0, 0, rows(np.int32), *rates, nothing()


@kernel(lambda: (rows(MISSION), rows(np.int32), rows(BILL), nothing()))
def settle(missions: Numbers, which: Numbers, bills: Numbers, terms: Terms) -> None:
    """Which of some missions have a line, under which version, and when it closes. A mission -1 has none."""
    for each in range(len(which)):
        bill = bills[each]
        bill.kind = NO_LINE
        if which[each] < 0:
            continue
        m = missions[which[each]]
        if m.odd or not m.held or m.state not in (COMPLETED, CLIENT_ABSENT) or m.adverse == PRO_NO_SHOW:
            continue
        bill.kind = COMPLETED_LINE if m.state == COMPLETED else ABSENT_LINE
        judged_at = m.accepted_at if m.state == COMPLETED else m.state_at
        bill.policy = terms.versions[version_at(terms, m.register, judged_at)].policy
        bill.terms = row_at(terms, m.register, judged_at, m.city)
        bill.rate, bill.minutes, bill.ended_at = -1, m.minutes, m.state_at
        way = terms.rows[row_at(terms, m.register, m.state_at, m.city)].billing_closes
        bill.closes_at = closes_at(terms, m.timezone, m.state_at, way)
        bill.month = month_of(terms, m.timezone, m.state_at)


@kernel(lambda: (rows(MISSION), rows(np.int32), rows(BILL), 0, 0, rows(np.int32)))
def mark_rates(missions: Numbers, which: Numbers, bills: Numbers, services: int, cities: int, used: Numbers) -> int:
    """Mark in `used` which (policy, service, city) bear a commission and have no rate yet; returns how many."""
    new = 0
    for each in range(len(which)):
        if bills[each].kind == COMPLETED_LINE:
            m = missions[which[each]]
            place = (bills[each].policy * services + m.service) * cities + m.city
            if used[place] == UNUSED:
                used[place] = WANTED
                new += 1
    return new


@kernel(_to_work_out)
def work_out(
    missions: Numbers,
    later: Numbers,
    which: Numbers,
    bills: Numbers,
    services: int,
    cities: int,
    used: Numbers,
    rates: Numbers,
    caps: Numbers,
    cap_currency: Numbers,
    terms: Terms,
) -> int:
    """The amounts of every line. `used`: (policy, service, city) → its number in `rates`, numerator and denominator.

    Returns how many missions became odd as their amounts might not fit 64 bits.
    """
    refused = 0
    for each in range(len(which)):
        bill = bills[each]
        if bill.kind == NO_LINE:
            continue
        m = missions[which[each]]
        policy = terms.rows[bill.terms]
        rounding = policy.billing_rounding
        session = m.price
        if m.hourly:
            session = rounded(m.price * bill.minutes, 60, rounding)
        gross = session + later[m.later].added
        numerator, denominator = 0, 1
        if bill.kind == COMPLETED_LINE:
            bill.rate = used[(bill.policy * services + m.service) * cities + m.city]
            numerator, denominator = rates[bill.rate, 0], rates[bill.rate, 1]
        else:
            share, whole = policy.client_absent_fee_percent_numerator, policy.client_absent_fee_percent_denominator
            if gross > _FITS // max(1, share):
                m.odd, bill.kind = 1, NO_LINE
                refused += 1
                continue
            gross = rounded(gross * share, 100 * whole, rounding)
            if cap_currency[bill.policy, m.city] == m.currency:
                gross = min(gross, caps[bill.policy, m.city])
        gross = max(0, gross)
        most = max(1, numerator, policy.billing_vat_numerator)
        if gross > _FITS // most:
            m.odd, bill.kind = 1, NO_LINE
            refused += 1
            continue
        bill.gross = gross
        bill.commission = rounded(gross * numerator, denominator, rounding)
        bill.vat = rounded(bill.commission * policy.billing_vat_numerator, policy.billing_vat_denominator, rounding)
    return refused


@kernel(lambda: (rows(MISSION), rows(np.int32), rows(BILL), rows(np.int64, 2)))
def add_up(missions: Numbers, which: Numbers, bills: Numbers, sums: Numbers) -> None:
    """Sums of gross, commission and VAT by currency, and in the last column how many lines."""
    for each in range(len(which)):
        if bills[each].kind != NO_LINE:
            currency = missions[which[each]].currency
            sums[currency, 0] += bills[each].gross
            sums[currency, 1] += bills[each].commission
            sums[currency, 2] += bills[each].vat
            sums[currency, 3] += 1
