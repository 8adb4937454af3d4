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
from ledger.policies.policy import Policy
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


class Exact(NamedTuple):
    """An amount before rounding, the fraction numerator / denominator in minor units, and the minor units it rounds to.

    Not reduced: it shows what was multiplied and divided.
    """

    numerator: int
    denominator: int
    minor: int


class Workings(NamedTuple):
    """How the amounts of a mission came about: every input that was read and every step, in the order of the steps.

    `minutes` are those billed. `session` is their price, `added` what was added to it, `fee` the share of both that an
    absent client owes, at most `cap` (None: no cap in this currency). `refunded` was given back since the bill closed.
    `gross` is what remains, `commission` the share `rate` of it, `vat` that on the rounded commission. `policy` gave
    the terms: the one in force at `judged_at`.
    """

    policy: Policy
    judged_at: int
    rounding: int
    minutes: int
    session: Exact
    added: int
    fee: Exact | None
    cap: int | None
    refunded: int
    gross: int
    rate: Fraction
    commission: Exact
    vat: Exact


def line_of(mission: Mission, register: Register) -> Line | None:
    """The line of a mission as it stands, or None where it bears no money (or nobody is known to have done it)."""
    worked = workings(mission, register)
    if worked is None:
        return None
    holder, request = mission.holder, mission.request
    assert holder is not None
    assert request is not None
    ended_at = mission.state_at
    return Line(
        mission.id,
        holder.pro,
        request.client,
        mission.city,
        request.service,
        "completed" if worked.fee is None else "client_absent",
        worked.minutes,
        worked.gross,
        worked.commission.minor,
        worked.vat.minor,
        request.currency,
        worked.rate,
        worked.policy.name,
        ended_at,
        closes_at(mission, register),
        _month(ended_at, mission.timezone),
    )


def workings(mission: Mission, register: Register) -> Workings | None:
    """How the amounts of a mission come about, or None where it bears no money.

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
    rounding = terms.billing_rounding
    minutes, refunded = _adjusted(mission)
    session = Exact(request.price_minor, 1, request.price_minor)
    if request.per_hour:
        session = exact(request.price_minor * minutes, 60, rounding)
    added = sum(minor for _, minor, _ in mission.added)
    gross = session.minor + added
    rate, fee, cap = Fraction(0), None, None
    if completed:
        rate = policy.commission_rate(request.service, mission.city)
    else:
        percent = terms.client_absent_fee_percent_numerator, terms.client_absent_fee_percent_denominator
        fee = exact(gross * percent[0], 100 * percent[1], rounding)
        gross = fee.minor
        most, currency = policy.fee_cap(mission.city)
        if currency == request.currency:  # amounts of two currencies are never compared
            cap = most
            gross = min(gross, cap)
    gross = max(0, gross - refunded)
    commission = exact(gross * rate.numerator, rate.denominator, rounding)
    vat = exact(commission.minor * terms.billing_vat_numerator, terms.billing_vat_denominator, rounding)
    return Workings(
        policy, judged_at, rounding, minutes, session, added, fee, cap, refunded, gross, rate, commission, vat
    )


def exact(numerator: int, denominator: int, rounding: int) -> Exact:
    """The fraction and what it rounds to."""
    return Exact(numerator, denominator, rounded(numerator, denominator, rounding))


def _month(at: int, timezone: str) -> str:
    day = local_day(at, timezone)
    return f"{day.year:04d}-{day.month:02d}"


def _adjusted(mission: Mission) -> tuple[int, int]:
    """The minutes to bill and what is given back of the amount, as the adjustments after closing left them."""
    minutes, refunded = mission.minutes, 0
    for each in mission.adjustments:
        minutes = each.minutes or minutes
        refunded += each.refund
    return minutes, refunded
