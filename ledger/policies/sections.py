"""The sections of a policy file, with the contract's defaults and the checks between the values of one section.

What a file leaves out is as in the preset `mila-2018-06`. Descriptions are printed as comments by `to_toml` and name
the unit; the presets say where each number comes from.
"""

from __future__ import annotations

from decimal import Decimal
from typing import Annotated, Self

from pydantic import BaseModel, ConfigDict, Field, model_validator

from ledger.errors import Refused
from ledger.money import to_amount, to_minor
from ledger.policies.policy import LATER
from ledger.policies.values import (
    Allowed,
    Closes,
    Confirmation,
    Count,
    Days,
    DaysOrNone,
    Decision,
    Denominator,
    Documents,
    Factor,
    Hours,
    HoursOrNone,
    MinutesOrNone,
    MoneyText,
    MonthsOrNone,
    Percent,
    Rate,
    RatesByService,
    Rounding,
    Services,
    StarCount,
    Stars,
    WindowKind,
    refuse,
)


class Section(BaseModel):
    """A frozen table of a policy file; unknown keys are refused."""

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)


class Window(Section):
    """Which accepted missions a cancellation rate looks at."""

    kind: WindowKind = "all"
    days: Days | None = Field(default=None, description='with kind = "days"')
    n: Count | None = Field(default=None, description='with kind = "last_accepted"')

    @model_validator(mode="after")
    def _only_what_the_kind_needs(self) -> Self:
        needed = {"all": None, "days": "days", "last_accepted": "n"}[self.kind]
        for key in ("days", "n"):
            if key != needed and getattr(self, key) is not None:
                raise refuse("policy_rule", f'does not go with kind = "{self.kind}": take it out', key)
            if key == needed and getattr(self, key) is None:
                raise refuse("policy_rule", f'is missing: kind = "{self.kind}" needs it', key)
        return self

    @property
    def size(self) -> int:
        """Days or missions, by `kind`; 0 where everything counts."""
        return self.days or self.n or 0


class Cap(Section):
    """An amount of money; the currency's decimals are respected."""

    amount: MoneyText
    currency: Annotated[str, Allowed("an ISO 4217 code such as EUR or CHF")]

    @model_validator(mode="after")
    def _has_the_decimals_of_its_currency(self) -> Self:
        try:
            to_minor(format(self.amount, "f"), self.currency)
        except Refused as refusal:
            key = "amount" if refusal.code == "too_precise" else "currency"
            raise refuse("policy_rule", f"is not allowed: {refusal.message}", key) from None
        return self

    @property
    def minor(self) -> int:
        """Minor units of `currency`."""
        return to_minor(format(self.amount, "f"), self.currency)

    @property
    def text(self) -> str:
        """The amount with exactly the currency's decimals: `"40.00"`."""
        return to_amount(self.minor, self.currency)


class Cancellation(Section):
    """The cancellation rate and its two bounds."""

    denominator: Denominator = Field(
        default="accepted", description='accepted missions, or only those due: "accepted_and_due"'
    )
    window: Window = Field(
        default=Window(),
        description='all missions, { kind = "days", days = 90 } or { kind = "last_accepted", n = 200 }',
    )
    min_accepted: Count = Field(default=20, description="missions; below it a rate is not judged")
    average: Rate = Field(
        default=Decimal("0.04"), description="above it the pro is warned; a published city baseline replaces it"
    )
    maximum: Rate = Field(
        default=Decimal("0.06"), description="above it access may be lost; a published baseline replaces it"
    )

    @model_validator(mode="after")
    def _average_up_to_maximum(self) -> Self:
        if self.average > self.maximum:
            raise refuse("policy_rule", f"is above the maximum {self.maximum:f}: average ≤ maximum", "average")
        return self


class LateCancellation(Section):
    """Cancellations shortly before the start."""

    threshold_hours: HoursOrNone = Field(default=24, description="elapsed hours before the start; fewer is late")
    count: Count = Field(default=3, description="late cancellations that restrict")
    window_days: Days = Field(default=30, description="days within which they count together")
    restrict_hours: Hours = Field(default=48, description="hours without new missions")


class NoShow(Section):
    """Missed appointments without notice."""

    confirmation: Confirmation = Field(
        default="none", description='"none" counts at once, "required" waits for a person'
    )
    warn_at: Count = Field(default=1, description="no-shows that warn")
    exclude_at: Count = Field(default=2, description="no-shows that exclude")

    @model_validator(mode="after")
    def _warned_before_excluded(self) -> Self:
        if self.warn_at > self.exclude_at:
            raise refuse("policy_rule", f"is above exclude_at {self.exclude_at}: warn_at ≤ exclude_at", "warn_at")
        return self


class Rating(Section):
    """The mean of the clients' stars."""

    window: Count = Field(default=50, description="last rated missions, in the order of completion")
    min_ratings: Count = Field(default=20, description="ratings; below it the mean is not judged")
    minimum: Stars = Field(
        default=Decimal("4.20"), description="stars; equal is fine; a published city baseline replaces it"
    )
    approach_margin: Stars = Field(default=Decimal("0.10"), description="stars above the minimum that already warn")


class NegativeReviews(Section):
    """Repeated bad ratings from different clients."""

    max_stars: StarCount = Field(default=2, description="stars; a rating up to this is negative")
    count: Count = Field(default=3, description="negative ratings from different clients")
    window: Count = Field(default=20, description="last rated missions")


class Warnings(Section):
    """The ladder: how many notifications come before access is lost."""

    max: Count = Field(default=3, description="unexpired warnings; the next event proposes removal")
    cooldown_days: DaysOrNone = Field(default=14, description="days between two warnings of one ladder")
    expiry_days: Days = Field(default=180, description="days after which a warning no longer counts")


class ClientAbsent(Section):
    """The client did not come: the wait, and what the pro is paid."""

    wait_minutes: MinutesOrNone = Field(
        default=20, description="minutes on site before the declaration; equal is enough"
    )
    checkin_replaces_wait: Services = Field(
        default=("cleaning",), description="services where a verified check-in is enough"
    )
    fee_percent: Percent = Field(default=Decimal(100), description="percent of the gross amount")
    fee_cap: Annotated[Cap, Allowed('a table such as { amount = "40.00", currency = "EUR" }')] = Field(
        default=Cap(amount=Decimal("40.00"), currency="EUR"), description="the fee is never more than this"
    )


class Billing(Section):
    """When a bill closes, and what the platform keeps."""

    closes: Closes = Field(
        default="end_of_next_local_day",
        description='or "end_of_same_local_day", "noon_next_local_day"; in the mission\'s zone',
    )
    commission: Rate = Field(default=Decimal("0.15"), description="of the rounded gross, at the rate at acceptance")
    commission_by_service: RatesByService = Field(
        default={"cleaning": Decimal("0.18")}, description="instead, for these services"
    )
    vat: Rate = Field(default=Decimal("0.20"), description="of the rounded commission")
    rounding: Rounding = Field(default="half_up", description='or "half_even"; always per line')


class Damage(Section):
    """The file of a damage."""

    documents: Documents = Field(
        default=("sworn_statement", "no_other_insurance"), description="what a complete file holds"
    )
    declare_within_days: DaysOrNone = Field(default=3, description="days; a later declaration is marked late")


class CityBaseline(Section):
    """How `city compute` pools the figures of a city."""

    days: Days = Field(default=90, description="days that `city compute` looks back on")
    min_pros: Count = Field(default=10, description="pros; below it the national figure serves, flagged")
    max_factor: Factor = Field(default=Decimal("1.5"), description="maximum = max(max_floor, max_factor × average)")
    max_floor: Rate = Field(default=Decimal("0.05"), description="the lowest maximum")


class DueProcess(Section):
    """Notice and recourse."""

    policy_notice_days: DaysOrNone = Field(default=15, description="days between notice of a version and its effect")
    termination_notice_days: DaysOrNone = Field(
        default=30, description="days between notice of a termination and its effect"
    )
    complaint_months: MonthsOrNone = Field(default=6, description="calendar months for a complaint after the decision")
    grace_days: DaysOrNone = Field(
        default=LATER["due_process"]["grace_days"],
        description="days of this version that spare pros who are in breach as it takes effect",
    )


class Terms(Section):
    """Everything a policy says, for one place: what remains after a city's overrides are applied."""

    decision: Decision = Field(default="automatic", description='"automatic", or "human": proposals wait for `decide`')
    cancellation: Cancellation = Cancellation()
    late_cancellation: LateCancellation = LateCancellation()
    no_show: NoShow = NoShow()
    rating: Rating = Rating()
    negative_reviews: NegativeReviews = NegativeReviews()
    warnings: Warnings = Warnings()
    client_absent: ClientAbsent = ClientAbsent()
    billing: Billing = Billing()
    damage: Damage = Damage()
    city_baseline: CityBaseline = CityBaseline()
    due_process: DueProcess = DueProcess()
