"""How a person reads each parameter: its place in the policy file, its unit, and its value as the file would spell it.

`present` turns the names a rule read (see `tracing`) into the `thresholds` that `why --json` prints; `shown` gives the
same value in a table: 1/25 is "0.04" to a program and "4.00 %" to a person.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from fractions import Fraction

from ledger.policies.parameters import (
    CLOSINGS,
    CONFIRMATIONS,
    DAY_SECONDS,
    DECISIONS,
    DENOMINATORS,
    HOUR_SECONDS,
    MINUTE_SECONDS,
    NAMES,
    ROUNDINGS,
    WINDOW_ALL,
    WINDOW_DAYS,
    WINDOW_KINDS,
    Parameters,
)


@dataclass(frozen=True, slots=True)
class Description:
    """How a parameter is read: `path` in the policy file, `unit` of the file's value, `text` as a sentence.

    `per` is how many of the parameter's own units make one of the file's (3600 seconds an hour); `codes` are the words
    of a coded choice; `pair` is the stem shared by a numerator and a denominator, empty for other parameters.
    """

    path: str
    unit: str
    text: str
    per: int = 1
    codes: tuple[str, ...] = ()
    pair: str = ""


def _choice(path: str, words: dict[str, int], text: str) -> Description:
    return Description(path, "choice", text, codes=tuple(sorted(words, key=words.__getitem__)))


def _fraction(stem: str, path: str, unit: str, text: str) -> dict[str, Description]:
    read = Description(path, unit, text, pair=stem)
    return {f"{stem}_numerator": read, f"{stem}_denominator": read}


DESCRIPTIONS: dict[str, Description] = {
    "cancellation_min_accepted": Description(
        "cancellation.min_accepted", "missions", "accepted missions below which the cancellation rate is not judged"
    ),
    **_fraction("cancellation_average", "cancellation.average", "share", "the city's average cancellation rate"),
    **_fraction("cancellation_maximum", "cancellation.maximum", "share", "the city's maximum cancellation rate"),
    "cancellation_window_kind": _choice(
        "cancellation.window.kind", WINDOW_KINDS, "which accepted missions the cancellation rate looks at"
    ),
    "cancellation_window_size": Description(
        "cancellation.window", "days or missions", "how far back the cancellation rate looks"
    ),
    "cancellation_counts_due_only": _choice(
        "cancellation.denominator", DENOMINATORS, "which accepted missions the cancellation rate is divided by"
    ),
    "late_threshold_seconds": Description(
        "late_cancellation.threshold_hours",
        "hours",
        "a cancellation fewer hours before the start is late",
        HOUR_SECONDS,
    ),
    "late_count": Description("late_cancellation.count", "cancellations", "late cancellations that restrict"),
    "late_window_seconds": Description(
        "late_cancellation.window_days", "days", "days within which late cancellations count together", DAY_SECONDS
    ),
    "late_restrict_seconds": Description(
        "late_cancellation.restrict_hours", "hours", "how long a restriction for late cancellations lasts", HOUR_SECONDS
    ),
    "no_show_needs_confirmation": _choice(
        "no_show.confirmation", CONFIRMATIONS, "whether a no-show counts only once a person confirmed it"
    ),
    "no_show_warn_at": Description("no_show.warn_at", "no-shows", "no-shows that warn"),
    "no_show_exclude_at": Description("no_show.exclude_at", "no-shows", "no-shows that exclude"),
    "rating_window": Description("rating.window", "rated missions", "how many rated missions the mean looks back on"),
    "rating_min_ratings": Description("rating.min_ratings", "ratings", "ratings below which the mean is not judged"),
    **_fraction("rating_minimum", "rating.minimum", "stars", "the city's minimum mean rating"),
    **_fraction("rating_margin", "rating.approach_margin", "stars", "how close above the minimum already warns"),
    "negative_max_stars": Description("negative_reviews.max_stars", "stars", "a rating up to this is negative"),
    "negative_count": Description("negative_reviews.count", "ratings", "negative ratings from different clients"),
    "negative_window": Description(
        "negative_reviews.window", "rated missions", "how many rated missions negative ratings are counted in"
    ),
    "warnings_max": Description("warnings.max", "warnings", "unexpired warnings after which removal is proposed"),
    "warnings_cooldown_seconds": Description(
        "warnings.cooldown_days", "days", "days between two warnings of one ladder", DAY_SECONDS
    ),
    "warnings_expiry_seconds": Description(
        "warnings.expiry_days", "days", "days after which a warning no longer counts", DAY_SECONDS
    ),
    "client_absent_wait_seconds": Description(
        "client_absent.wait_minutes", "minutes", "how long to wait on site for an absent client", MINUTE_SECONDS
    ),
    **_fraction(
        "client_absent_fee_percent", "client_absent.fee_percent", "percent", "of the gross when the client is absent"
    ),
    "client_absent_fee_cap_minor": Description(
        "client_absent.fee_cap", "minor units", "the most that is paid when the client is absent"
    ),
    "billing_closes": _choice("billing.closes", CLOSINGS, "when a mission's bill closes, in the mission's zone"),
    **_fraction("billing_vat", "billing.vat", "share", "VAT on the commission"),
    "billing_rounding": _choice("billing.rounding", ROUNDINGS, "how a half minor unit is rounded, per line"),
    "damage_declare_within_seconds": Description(
        "damage.declare_within_days", "days", "a damage declared after this is marked late", DAY_SECONDS
    ),
    "decision_automatic": _choice("decision", DECISIONS, "who decides on a proposal: the engine or a person"),
    "complaint_months": Description(
        "due_process.complaint_months", "calendar months", "how long a complaint is in time"
    ),
    "termination_notice_seconds": Description(
        "due_process.termination_notice_days",
        "days",
        "days between notice of a termination and its effect",
        DAY_SECONDS,
    ),
    "grace_seconds": Description(
        "due_process.grace_days",
        "days",
        "days of a new version that spare pros who are in breach as it takes effect",
        DAY_SECONDS,
    ),
}
"""One entry for each of `NAMES`."""


def present(parameters: Parameters, names: Iterable[str] = NAMES) -> dict[str, str | int]:
    """The values of `names` keyed by policy path, in the order given, plain and exact.

    `{"cancellation.min_accepted": 20, "cancellation.average": "0.04", "late_cancellation.threshold_hours": 24}`: whole
    numbers as int, decimals and choices as str, a share no decimal can spell as "1/3", a cap in minor units. A window
    over everything has no size.
    """
    values: dict[str, str | int] = {}
    for name in names:
        read = DESCRIPTIONS[name]
        number: int = getattr(parameters, name)
        if read.pair:
            values[read.path] = _decimal(_pair(parameters, read), at_least=0 if read.unit == "percent" else 2)
        elif read.codes:
            values[read.path] = read.codes[number]
        elif name == "cancellation_window_size":
            if parameters.cancellation_window_kind != WINDOW_ALL:
                key = "days" if parameters.cancellation_window_kind == WINDOW_DAYS else "n"
                values[f"{read.path}.{key}"] = number
        else:
            values[read.path] = number // read.per
    return values


def shown(parameters: Parameters, name: str) -> str:
    """The value of one parameter for a person, with its unit: `"4.00 %"`, `"24 hours"`, `"4.20 stars"`."""
    read = DESCRIPTIONS[name]
    number: int = getattr(parameters, name)
    if read.codes:
        return read.codes[number]
    if name == "cancellation_window_size":
        size_of = {WINDOW_ALL: "everything", WINDOW_DAYS: f"{number} days"}
        return size_of.get(parameters.cancellation_window_kind, f"{number} missions")
    if not read.pair:
        count = number // read.per
        return f"{count} {read.unit.removesuffix('s') if count == 1 else read.unit}"
    value = _pair(parameters, read)
    if read.unit == "share":
        return f"{_decimal(value * 100, at_least=2)} %"
    return (
        f"{_decimal(value, at_least=0)} %" if read.unit == "percent" else f"{_decimal(value, at_least=2)} {read.unit}"
    )


def _pair(parameters: Parameters, read: Description) -> Fraction:
    numerator = getattr(parameters, f"{read.pair}_numerator")
    return Fraction(numerator, getattr(parameters, f"{read.pair}_denominator"))


def _decimal(value: Fraction, at_least: int) -> str:
    """The exact decimal of a fraction with `at_least` so many decimals, or `"1/3"` where there is none."""
    rest, twos, fives = value.denominator, 0, 0
    while rest % 2 == 0:
        rest, twos = rest // 2, twos + 1
    while rest % 5 == 0:
        rest, fives = rest // 5, fives + 1
    if rest != 1:
        return f"{value.numerator}/{value.denominator}"
    decimals = max(twos, fives, at_least)
    digits = str(value.numerator * 10**decimals // value.denominator).rjust(decimals + 1, "0")
    return f"{digits[:-decimals]}.{digits[-decimals:]}" if decimals else digits
