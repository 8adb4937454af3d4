"""What a mission costs and what the platform takes: one pure function per amount, integers only.

Contract, section 3, Billing: gross = price (per hour: amount × minutes / 60) + added services; commission = rounded
gross × rate; VAT on the rounded commission; each rounded once, per line.
Mila: « Mila facture une commission par ordre de service négocié et complété » – so only completed missions bear one.
"""

from __future__ import annotations

from fractions import Fraction
from typing import NamedTuple

from ledger.instants import local_day
from ledger.missions.mission import CLIENT_ABSENT, COMPLETED, PRO_NO_SHOW, Mission
from ledger.missions.session import closes_at
from ledger.money import rounded
from ledger.policies.register import Register


class Line(NamedTuple):
    """The billing line of one mission. Amounts are minor units of `currency`; instants are microseconds.

    `period` is the month (`2026-03`) of the session's end in the mission's zone. `rate` is the commission's share of
    gross, 0 for a client's absence, which bears a fee and no commission. `policy` gave the rates.
    """

    mission: str
    pro: str
    client: str
    city: str
    service: str
    kind: str
    minutes: int
    gross: int
    commission: int
    vat: int
    currency: str
    rate: Fraction
    policy: str
    ended_at: int
    closes_at: int
    period: str


def line_of(mission: Mission, register: Register) -> Line | None:
    """The line of a mission as it stands, or None where it bears no money (or nobody is known to have done it).

    The commission's rate, its VAT and the rounding are those of the policy in force at acceptance: that is what was
    agreed. A fee for the client's absence is judged by the policy in force at the absence. Adjustments made since the
    bill closed keep these terms: commission and VAT follow from the gross amount that is left, never less than nothing.
    """
    holder = mission.holder
    if holder is None or mission.state not in (COMPLETED, CLIENT_ABSENT) or holder.adverse == PRO_NO_SHOW:
        return None
    request = mission.request
    assert request is not None
    completed = mission.state == COMPLETED
    judged_at = holder.accepted_at if completed else mission.state_at
    policy = register.in_force(judged_at)
    terms = register.parameters(judged_at, mission.city)
    minutes, refunded = adjusted(mission)
    gross = gross_minor(mission, minutes, terms.billing_rounding)
    if completed:
        gross = max(0, gross - refunded)
        rate = policy.commission_rate(request.service, mission.city)
        commission = rounded(gross * rate.numerator, rate.denominator, terms.billing_rounding)
        vat = rounded(commission * terms.billing_vat_numerator, terms.billing_vat_denominator, terms.billing_rounding)
    else:
        cap, cap_currency = policy.fee_cap(mission.city)
        gross = rounded(
            gross * terms.client_absent_fee_percent_numerator,
            100 * terms.client_absent_fee_percent_denominator,
            terms.billing_rounding,
        )
        if cap_currency == request.currency:  # amounts of two currencies are never compared
            gross = min(gross, cap)
        gross = max(0, gross - refunded)
        rate, commission, vat = Fraction(0), 0, 0
    ended_at = mission.state_at
    return Line(
        mission.id,
        holder.pro,
        request.client,
        mission.city,
        request.service,
        "completed" if completed else "client_absent",
        minutes,
        gross,
        commission,
        vat,
        request.currency,
        rate,
        policy.name,
        ended_at,
        closes_at(mission, register),
        _month(ended_at, mission.timezone),
    )


def _month(at: int, timezone: str) -> str:
    day = local_day(at, timezone)
    return f"{day.year:04d}-{day.month:02d}"


def adjusted(mission: Mission) -> tuple[int, int]:
    """The minutes to bill and what is given back of the amount, as the adjustments after closing left them."""
    minutes, refunded = mission.minutes, 0
    for each in mission.adjustments:
        minutes = each.minutes or minutes
        refunded += each.refund
    return minutes, refunded


def gross_minor(mission: Mission, minutes: int, rounding: int) -> int:
    """Price of a session of so many minutes plus the services added to it, in minor units."""
    request = mission.request
    assert request is not None
    price = request.price_minor
    if request.per_hour:
        price = rounded(price * minutes, 60, rounding)
    return price + sum(minor for _, minor, _ in mission.added)
