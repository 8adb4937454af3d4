"""`Parameters`: what a rule reads of a policy – one flat record of integers per version, city and baseline.

Integers only, so that the same rule runs as plain Python and compiled, and no comparison ever meets a float. Fractions
are a numerator and a denominator in lowest terms; durations are seconds; choices are the small codes below. What is no
number of a rule (commission by service, services with check-in, the cap's currency) is read from the `Policy`.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from functools import lru_cache
from typing import NamedTuple

from ledger.errors import Refused
from ledger.instants import CLOSES_END_OF_NEXT_LOCAL_DAY, CLOSES_END_OF_SAME_LOCAL_DAY, CLOSES_NOON_NEXT_LOCAL_DAY
from ledger.money import HALF_EVEN, HALF_UP
from ledger.policies.policy import Policy

WINDOW_ALL = 0
WINDOW_DAYS = 1
WINDOW_LAST_ACCEPTED = 2

WINDOW_KINDS = {"all": WINDOW_ALL, "days": WINDOW_DAYS, "last_accepted": WINDOW_LAST_ACCEPTED}
DENOMINATORS = {"accepted": 0, "accepted_and_due": 1}
CONFIRMATIONS = {"none": 0, "required": 1}
DECISIONS = {"human": 0, "automatic": 1}
ROUNDINGS = {"half_up": HALF_UP, "half_even": HALF_EVEN}
CLOSINGS = {
    "end_of_next_local_day": CLOSES_END_OF_NEXT_LOCAL_DAY,
    "end_of_same_local_day": CLOSES_END_OF_SAME_LOCAL_DAY,
    "noon_next_local_day": CLOSES_NOON_NEXT_LOCAL_DAY,
}

MINUTE_SECONDS = 60
HOUR_SECONDS = 3_600
DAY_SECONDS = 86_400

# Rules multiply these with counts inside 64-bit integers: 12 decimals times a million missions still fit.
_DENOMINATOR_AT_MOST = 10**12


@dataclass(frozen=True, slots=True)
class Baseline:
    """The published bounds of a city (`city.baseline_published`); they replace the policy's own.

    Rates are shares 0 to 1, `minimum_rating` is stars 0 to 5. `position` is None while the event is not recorded yet.
    Refuses (`invalid_event`) bounds that no pro could be judged by, so build one before recording the event.
    """

    city: str
    average: Fraction
    maximum: Fraction
    minimum_rating: Fraction
    position: int | None = None
    event_id: str | None = None

    def __post_init__(self) -> None:
        for name, value, highest in (
            ("average_cancellation_rate", self.average, 1),
            ("maximum_cancellation_rate", self.maximum, 1),
            ("minimum_rating", self.minimum_rating, 5),
        ):
            if not 0 <= value <= highest:
                raise Refused("invalid_event", f"{name} of {self.city} is {value}: it must be from 0 to {highest}")
            if value.denominator > _DENOMINATOR_AT_MOST:
                raise Refused("invalid_event", f"{name} of {self.city} has more than 12 decimals: round it first")
        if self.average > self.maximum:
            text = f"average_cancellation_rate {self.average} of {self.city} is above its maximum {self.maximum}"
            raise Refused("invalid_event", f"{text}: publish average ≤ maximum")


class Parameters(NamedTuple):
    """The integers of one policy version in one city. `descriptions.DESCRIPTIONS` says how a person reads each."""

    cancellation_min_accepted: int
    cancellation_average_numerator: int
    cancellation_average_denominator: int
    cancellation_maximum_numerator: int
    cancellation_maximum_denominator: int
    cancellation_window_kind: int
    cancellation_window_size: int
    cancellation_counts_due_only: int
    late_threshold_seconds: int
    late_count: int
    late_window_seconds: int
    late_restrict_seconds: int
    no_show_needs_confirmation: int
    no_show_warn_at: int
    no_show_exclude_at: int
    rating_window: int
    rating_min_ratings: int
    rating_minimum_numerator: int
    rating_minimum_denominator: int
    rating_margin_numerator: int
    rating_margin_denominator: int
    negative_max_stars: int
    negative_count: int
    negative_window: int
    warnings_max: int
    warnings_cooldown_seconds: int
    warnings_expiry_seconds: int
    client_absent_wait_seconds: int
    client_absent_fee_percent_numerator: int
    client_absent_fee_percent_denominator: int
    client_absent_fee_cap_minor: int
    billing_closes: int
    billing_vat_numerator: int
    billing_vat_denominator: int
    billing_rounding: int
    damage_declare_within_seconds: int
    decision_automatic: int
    complaint_months: int
    termination_notice_seconds: int
    grace_seconds: int

    def values(self) -> tuple[int, ...]:
        """The integers in the order of `NAMES`: a row for the compiled rules."""
        return tuple(self)


NAMES: tuple[str, ...] = Parameters._fields
"""Every parameter, in the order of the record."""


def parameters(policy: Policy, city: str, baseline: Baseline | None = None) -> Parameters:
    """The parameters of `policy` in `city`, with the city's published `baseline` in place of the policy's own bounds.

    Cached: asking again costs a lookup and gives the same object.
    """
    return _parameters(policy, city if city in policy.city else "", baseline)


@lru_cache(maxsize=16_384)
def _parameters(policy: Policy, city: str, baseline: Baseline | None) -> Parameters:
    terms = policy.values(city)
    window = terms["cancellation"]["window"]
    most_minor, _ = policy.fee_cap(city)
    average = baseline.average if baseline else Fraction(terms["cancellation"]["average"])
    maximum = baseline.maximum if baseline else Fraction(terms["cancellation"]["maximum"])
    minimum = baseline.minimum_rating if baseline else Fraction(terms["rating"]["minimum"])
    margin = Fraction(terms["rating"]["approach_margin"])
    fee_percent = Fraction(terms["client_absent"]["fee_percent"])
    vat = Fraction(terms["billing"]["vat"])
    return Parameters(
        cancellation_min_accepted=terms["cancellation"]["min_accepted"],
        cancellation_average_numerator=average.numerator,
        cancellation_average_denominator=average.denominator,
        cancellation_maximum_numerator=maximum.numerator,
        cancellation_maximum_denominator=maximum.denominator,
        cancellation_window_kind=WINDOW_KINDS[window["kind"]],
        cancellation_window_size=window.get("days") or window.get("n") or 0,
        cancellation_counts_due_only=DENOMINATORS[terms["cancellation"]["denominator"]],
        late_threshold_seconds=terms["late_cancellation"]["threshold_hours"] * HOUR_SECONDS,
        late_count=terms["late_cancellation"]["count"],
        late_window_seconds=terms["late_cancellation"]["window_days"] * DAY_SECONDS,
        late_restrict_seconds=terms["late_cancellation"]["restrict_hours"] * HOUR_SECONDS,
        no_show_needs_confirmation=CONFIRMATIONS[terms["no_show"]["confirmation"]],
        no_show_warn_at=terms["no_show"]["warn_at"],
        no_show_exclude_at=terms["no_show"]["exclude_at"],
        rating_window=terms["rating"]["window"],
        rating_min_ratings=terms["rating"]["min_ratings"],
        rating_minimum_numerator=minimum.numerator,
        rating_minimum_denominator=minimum.denominator,
        rating_margin_numerator=margin.numerator,
        rating_margin_denominator=margin.denominator,
        negative_max_stars=terms["negative_reviews"]["max_stars"],
        negative_count=terms["negative_reviews"]["count"],
        negative_window=terms["negative_reviews"]["window"],
        warnings_max=terms["warnings"]["max"],
        warnings_cooldown_seconds=terms["warnings"]["cooldown_days"] * DAY_SECONDS,
        warnings_expiry_seconds=terms["warnings"]["expiry_days"] * DAY_SECONDS,
        client_absent_wait_seconds=terms["client_absent"]["wait_minutes"] * MINUTE_SECONDS,
        client_absent_fee_percent_numerator=fee_percent.numerator,
        client_absent_fee_percent_denominator=fee_percent.denominator,
        client_absent_fee_cap_minor=most_minor,
        billing_closes=CLOSINGS[terms["billing"]["closes"]],
        billing_vat_numerator=vat.numerator,
        billing_vat_denominator=vat.denominator,
        billing_rounding=ROUNDINGS[terms["billing"]["rounding"]],
        damage_declare_within_seconds=terms["damage"]["declare_within_days"] * DAY_SECONDS,
        decision_automatic=DECISIONS[terms["decision"]],
        complaint_months=terms["due_process"]["complaint_months"],
        termination_notice_seconds=terms["due_process"]["termination_notice_days"] * DAY_SECONDS,
        grace_seconds=terms["due_process"]["grace_days"] * DAY_SECONDS,
    )
