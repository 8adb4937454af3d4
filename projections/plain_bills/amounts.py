"""What plain missions cost and what the platform takes: `ledger.billing` over columns, with the same terms.

The terms (rate, VAT, rounding, closing rule) are asked of the policies once for each combination of what chooses them,
by the same functions. Arithmetic is that of 64-bit integers; a mission whose figures might not fit is left out.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, NamedTuple

import numpy as np
import pyarrow as pa

from ledger.chronicle import Chronicle
from ledger.money import HALF_UP, ratio_text, to_minor
from ledger.policies.register import Register
from projections.plain_bills.closings import closings, local_days
from projections.plain_bills.facts import Bools, Facts, Ints
from projections.plain_bills.sessions import Sessions

MOST_MINOR = 1 << 40
MOST_PRODUCT = 1 << 61
"""Twice a remainder, and a sum with another, still fit 64 bits."""


class Coded(NamedTuple):
    """A column of texts: for each row a place in `texts`."""

    code: Ints
    texts: list[str]


class Lines(NamedTuple):
    """The lines of plain missions in the order asked for. `session` is the place among the sessions.

    `day` is the local day of the session's end (ordinal); amounts are minor units; instants microseconds.
    """

    session: Ints
    minutes: Ints
    gross: Ints
    commission: Ints
    vat: Ints
    currency: Coded
    city: Coded
    service: Coded
    rate: Coded
    policy: Coded
    ended_at: Ints
    closes_at: Ints
    day: Ints


class _Terms(NamedTuple):
    """The terms of each session: what names them, and the numbers that the amounts are worked out by."""

    rate: Coded
    policy: Coded
    rounding: Ints
    commission: tuple[Ints, Ints]
    vat: tuple[Ints, Ints]
    fits: Bools


def lines(facts: Facts, done: Sessions, chronicle: Chronicle) -> Lines:
    """The lines of the sessions; without those that only the one-by-one computation can tell."""
    requested = facts.requested.data
    city, service, currency, zones, per, amount = (
        _taken(requested[name], done.request)
        for name in ("city", "service", "price.currency", "timezone", "price.per", "price.amount")
    )
    spans = chronicle.spans()
    register = _registers(spans, done.position)
    terms = _terms(spans, register, done.accepted_at, city, service)
    closes = _closing_rules(spans, register, done.ended_at, city)
    day = local_days(done.ended_at, zones.code, zones.texts)
    closes_at = closings(done.ended_at, day, zones.code, zones.texts, closes)

    price = _prices(amount, currency)
    fits = terms.fits & (price <= MOST_MINOR) & (done.added <= MOST_MINOR)
    # A change is judged by what was known when it was recorded, and is set aside once the bill has closed.
    late = done.changed_at >= closes_at[done.changed]
    fits[done.changed[late | (_registers(spans, done.changed_position) != register[done.changed])]] = False
    price, added = np.where(fits, price, 0), np.where(fits, done.added, 0)

    hourly = np.array([text == "hour" for text in per.texts], np.bool_)[per.code]
    session = np.where(hourly, rounded(price * done.minutes, np.full_like(price, 60), terms.rounding), price)
    gross = session + added
    commission, fitting = _share(gross, terms.commission, terms.rounding)
    vat, also = _share(commission, terms.vat, terms.rounding)
    kept = np.flatnonzero(fits & fitting & also)

    def of(column: Coded) -> Coded:
        return Coded(column.code[kept], column.texts)

    return Lines(
        kept,
        done.minutes[kept],
        gross[kept],
        commission[kept],
        vat[kept],
        of(currency),
        of(city),
        of(service),
        of(terms.rate),
        of(terms.policy),
        done.ended_at[kept],
        closes_at[kept],
        day[kept],
    )


def rounded(numerator: Ints, denominator: Ints, mode: Ints) -> Ints:
    """`ledger.money.rounded` of numbers that are not negative."""
    quotient, rest = np.divmod(numerator, denominator)
    up = (2 * rest > denominator) | ((2 * rest == denominator) & ((mode == HALF_UP) | (quotient % 2 == 1)))
    result: Ints = quotient + up
    return result


def _share(amount: Ints, share: tuple[Ints, Ints], mode: Ints) -> tuple[Ints, Bools]:
    """A share of each amount, rounded once, and whether it fits; 0 where it does not."""
    fits = amount <= MOST_PRODUCT // np.maximum(share[0], 1)
    product = np.where(fits, amount, 0) * share[0]
    return rounded(product, share[1], mode), fits


# -- terms ------------------------------------------------------------------------------------------------------------

Spans = Sequence[tuple[int, Register]]


def _registers(spans: Spans, positions: Ints) -> Ints:
    """Which register was known at each position: `Chronicle.at`."""
    known = np.array([position for position, _ in spans], np.int64)
    result: Ints = np.maximum(np.searchsorted(known, positions, side="left") - 1, 0)
    return result


def _versions(spans: Spans, register: Ints, at: Ints) -> Ints:
    """Which version of its register is in force at each instant: 0 the preset, then those published."""
    version = np.zeros(len(at), np.int64)
    for index in np.unique(register):
        rows = np.flatnonzero(register == index)
        effective = [since for since, _ in spans[int(index)][1].versions() if since is not None]
        changes = np.array(effective, np.int64)
        version[rows] = np.searchsorted(changes, at[rows], side="right")
    return version


def _asked_once(columns: Sequence[Ints], ask: Callable[[int], Any]) -> tuple[list[Any], Ints]:
    """What `ask` says of the first row of each combination of codes, and which combination each row is."""
    key = np.zeros(len(columns[0]), np.int64)
    combinations = 1
    for column in columns:
        width = int(column.max(initial=0)) + 1
        if combinations * width > MOST_PRODUCT:  # numbered anew
            known, key = np.unique(key, return_inverse=True)
            combinations = len(known)
        key = key * width + column
        combinations *= width
    _, first, where = np.unique(key, return_index=True, return_inverse=True)
    return [ask(int(each)) for each in first], where


def _terms(spans: Spans, register: Ints, accepted_at: Ints, city: Coded, service: Coded) -> _Terms:
    """The terms agreed at acceptance."""

    def ask(row: int) -> tuple[str, str, int, tuple[int, int], tuple[int, int]]:
        known, at, place = spans[int(register[row])][1], int(accepted_at[row]), city.texts[city.code[row]]
        policy, terms = known.in_force(at), known.parameters(at, place)
        rate = policy.commission_rate(service.texts[service.code[row]], place)
        vat = terms.billing_vat_numerator, terms.billing_vat_denominator
        return ratio_text(rate), policy.name, terms.billing_rounding, rate.as_integer_ratio(), vat

    answers, where = _asked_once((register, _versions(spans, register, accepted_at), city.code, service.code), ask)
    rates, policies = ([each[index] for each in answers] for index in (0, 1))
    numbers = [(each[2], *each[3], *each[4]) for each in answers]
    fits = np.array([max(each) < MOST_MINOR for each in numbers], np.bool_)
    rounding, *ratios = (
        np.array([row[index] if fit else 1 for row, fit in zip(numbers, fits, strict=True)], np.int64)[where]
        for index in range(5)
    )
    return _Terms(
        Coded(where, rates),
        Coded(where, policies),
        rounding,
        (ratios[0], ratios[1]),
        (ratios[2], ratios[3]),
        fits[where],
    )


def _closing_rules(spans: Spans, register: Ints, ended_at: Ints, city: Coded) -> Ints:
    """By which rule each bill closes: that of the policy in force when the session ended."""

    def ask(row: int) -> int:
        known = spans[int(register[row])][1]
        return known.parameters(int(ended_at[row]), city.texts[city.code[row]]).billing_closes

    answers, where = _asked_once((register, _versions(spans, register, ended_at), city.code), ask)
    result: Ints = np.array(answers, np.int64)[where]
    return result


# -- what was asked for -----------------------------------------------------------------------------------------------


def _taken(column: Any, rows: Ints) -> Coded:
    """A column of texts as codes, for some rows."""
    encoded = column.combine_chunks().dictionary_encode()
    if isinstance(encoded, pa.ChunkedArray):
        encoded = encoded.combine_chunks()
    return Coded(encoded.indices.to_numpy().astype(np.int64)[rows], encoded.dictionary.to_pylist())


def _prices(amount: Coded, currency: Coded) -> Ints:
    """Prices in minor units, each text read once a currency."""
    known, where = _asked_once(
        (amount.code, currency.code),
        lambda row: to_minor(amount.texts[amount.code[row]], currency.texts[currency.code[row]]),
    )
    prices = [min(each, MOST_MINOR + 1) for each in known]
    result: Ints = np.array(prices, np.int64)[where]
    return result
