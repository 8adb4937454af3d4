"""Who invoices, whom, and under which accounts: the issuer's settings, a TOML file beside the ledger and never in it.

Everything has a default or may be left out, so that every question can be answered without the file; what a legal
document needs and the settings do not say is listed by `lacking`. Nothing here changes an amount: amounts are those of
the frozen billing entries.
"""

from __future__ import annotations

import os
import re
from calendar import monthrange
from collections.abc import Callable
from importlib.resources import files
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, ValidationError, model_validator

from ledger import registrations
from ledger.errors import Refused
from ledger.events.patterns import IDENTIFIER
from ledger.instants import zone
from ledger.policies.document import parse
from ledger.policies.faults import translate
from ledger.policies.problems import Problem, one_line, path_text, shown
from ledger.policies.shipped import read_file
from ledger.policies.values import Allowed, one_of, refuse

VARIABLE = "MISSION_LEDGER_SETTINGS"
FILE = "billing.toml"
_EXAMPLE = "billing-example.toml"


def _checked(check: Callable[[str], str | None]) -> BeforeValidator:
    def read(value: Any) -> str:
        found = check(value) if isinstance(value, str) else None
        if found is None:
            raise refuse("policy_value", "")
        return found

    return BeforeValidator(read)


def _printable(value: str) -> str:
    if not value.isprintable() or not value.strip():
        raise refuse("policy_value", "")
    return value


def _zone(value: str) -> str | None:
    try:
        zone(value)
    except (KeyError, ValueError, OSError):
        return None
    return value


def _last_day(value: str) -> str | None:
    """The last day of a month of a common year; a financial year that ends in February follows leap years."""
    return value if value in {f"{month:02d}-{monthrange(2023, month)[1]}" for month in range(1, 13)} else None


Text = Annotated[
    str, Field(min_length=1, max_length=200), AfterValidator(_printable), Allowed("one line of 1 to 200 characters")
]
Note = Annotated[
    str, Field(min_length=1, max_length=1000), AfterValidator(_printable), Allowed("one line of 1 to 1000 characters")
]
Country = Annotated[str, Field(pattern=r"^[A-Z]{2}$"), Allowed('a country of ISO 3166-1, such as "FR"')]
Siren = Annotated[str, _checked(registrations.siren), Allowed("the 9 digits of a SIREN, the last one right")]
Siret = Annotated[str, _checked(registrations.siret), Allowed("the 14 digits of a SIRET, the last one right")]
Iban = Annotated[str, _checked(registrations.iban), Allowed("an IBAN")]
VatNumber = Annotated[
    str, _checked(registrations.vat_number), Allowed('a VAT number with its country, such as "FR40303265045"')
]
Zone = Annotated[str, _checked(_zone), Allowed('an IANA zone, such as "Europe/Paris"')]
Language = Annotated[Literal["fr", "en", "de"], one_of("fr", "en", "de")]
VatRegime = Annotated[
    Literal["standard", "franchise", "reverse_charge"], one_of("standard", "franchise", "reverse_charge")
]
Prefix = Annotated[
    str, Field(pattern=r"^[A-Za-z0-9][A-Za-z0-9._-]{0,15}$"), Allowed("1 to 16 characters out of A-Z a-z 0-9 . _ -")
]
AccountNumber = Annotated[
    str, Field(pattern=r"^[0-9]{3}[0-9A-Z]{0,17}$"), Allowed('an account whose first 3 characters are digits: "706000"')
]
Days = Annotated[int, Field(ge=0, le=365), Allowed("a whole number of days from 0 to 365")]


class Section(BaseModel):
    """A table of the file; what it does not know is refused."""

    model_config = ConfigDict(strict=True, extra="forbid", frozen=True)


class Address(Section):
    """Where a party is."""

    street: Text | None = None
    postcode: Text | None = None
    city: Text | None = None
    country: Country = "FR"


class Party(Section):
    """Who stands on a document: its name, its address and the numbers it is registered under."""

    name: Text | None = None
    address: Address | None = None
    siren: Siren | None = None
    siret: Siret | None = None
    vat_number: VatNumber | None = None
    email: Text | None = None

    @model_validator(mode="after")
    def _one_company(self) -> Party:
        if self.siren and self.siret and not self.siret.startswith(self.siren):
            raise refuse("policy_rule", "does not begin with the SIREN: one of the two is another company's", "siret")
        return self


class Issuer(Party):
    """The platform, as its documents name it. `zone` gives the day of issue, `language` that of documents."""

    legal_form: Text | None = None
    capital: Text | None = None
    registration: Text | None = None
    iban: Iban | None = None
    bic: Text | None = None
    zone: Zone = "Europe/Paris"
    language: Language = "fr"
    vat_regime: Annotated[Literal["standard", "franchise"], one_of("standard", "franchise")] = "standard"
    sap_number: Text | None = None


class Buyer(Party):
    """A pro, as the commission invoices name it. `vat_regime` chooses a mention; it never changes an amount."""

    vat_regime: VatRegime = "standard"
    language: Language | None = None


class Series(Section):
    """What the numbers of invoices and of credit notes begin with; the year and the running number follow."""

    invoice: Prefix = "F"
    credit_note: Prefix = "A"

    @model_validator(mode="after")
    def _two(self) -> Series:
        if self.invoice == self.credit_note:
            raise refuse(
                "policy_rule", "is that of invoices too: credit notes need a series of their own", "credit_note"
            )
        return self


class Payment(Section):
    """When an invoice is due. At most 60 days (Code de commerce, L441-10) is for the issuer to keep."""

    due_days: Days = 30


Notes = Annotated[tuple[Note, ...], Field(strict=False), Allowed("a list of lines, each of 1 to 1000 characters")]


class Mentions(Section):
    """Sentences at the foot of every document in a language, in place of those that ship with the program."""

    fr: Notes | None = None
    en: Notes | None = None
    de: Notes | None = None


class Account(Section):
    """An account of the chart of accounts and its label."""

    number: AccountNumber
    label: Text


class Accounts(Section):
    """Where commissions are entered (plan comptable général; the defaults are a proposal, not a rule)."""

    journal: Annotated[str, Field(pattern=r"^[0-9A-Z]{1,8}$"), Allowed('1 to 8 of A-Z 0-9, such as "VE"')] = "VE"
    journal_label: Text = "Journal des ventes"
    year_ends: Annotated[str, _checked(_last_day), Allowed('the last day of a month, such as "12-31"')] = "12-31"
    customer: Account = Account(number="411000", label="Clients")
    commission: Account = Account(number="706000", label="Prestations de services")
    vat: Account = Account(number="445710", label="TVA collectée")


class Settings(Section):
    """The whole file. `pros` names what is known of a pro beyond its id."""

    issuer: Issuer = Issuer()
    series: Series = Series()
    payment: Payment = Payment()
    mentions: Mentions = Mentions()
    accounts: Accounts = Accounts()
    pros: dict[str, Buyer] = Field(default_factory=dict)

    def lacking(self) -> tuple[str, ...]:
        """What a commission invoice must say of its issuer and these settings do not (CGI, annexe II, 242 nonies A)."""
        needed = ("name", "address", "siren") + (("vat_number",) if self.issuer.vat_regime == "standard" else ())
        return tuple(f"issuer.{each}" for each in needed if getattr(self.issuer, each) is None)


def example() -> str:
    """A commented file to start from."""
    return (files("ledger") / _EXAMPLE).read_text(encoding="utf-8")


def from_toml(text: str, *, origin: str) -> Settings:
    """The settings of a TOML text. Refuses with `invalid_settings`, one line, all of it in `details["problems"]`."""
    raw, problems = parse(text)
    given = raw.pop("pros", {})
    try:
        settings = Settings.model_validate(raw)
    except ValidationError as error:
        problems += translate(error, Settings)
    pros, found = _pros(given)
    problems += found
    if problems:
        raise _refusal(problems, origin)
    return settings.model_copy(update={"pros": pros})


def _pros(given: object) -> tuple[dict[str, Buyer], list[Problem]]:
    """The tables [pros.<id>], each read by itself, so that a fault names the pro and not a kind of table."""
    if not isinstance(given, dict):
        return {}, [Problem("pros", f"= {shown(given)} is not allowed: write tables [pros.<id>]")]
    pros: dict[str, Buyer] = {}
    problems: list[Problem] = []
    for name, table in given.items():
        path = path_text(("pros", name))
        if not re.fullmatch(IDENTIFIER, name):
            problems.append(Problem(path, "is not the id of a pro: 1 to 128 characters out of A-Z a-z 0-9 . _ : -"))
        elif not isinstance(table, dict):
            problems.append(Problem(path, f"= {shown(table)} is not allowed: write a table [{path}]"))
        else:
            try:
                pros[name] = Buyer.model_validate(table)
            except ValidationError as error:
                problems += translate(error, Buyer, ("pros", name))
    return pros, problems


def _refusal(problems: list[Problem], origin: str) -> Refused:
    more = f" (and {len(problems) - 1} more)" if len(problems) > 1 else ""
    joint = ": " if problems[0].path else " "
    hint = "; invoice settings --example prints a whole one"
    message = one_line(f"{origin}{joint}{problems[0].message.replace('policy file', 'settings file')}{more}{hint}")
    return Refused("invalid_settings", message, problems=[each.message for each in problems])


def located(named: str | None, folder: Path | None) -> str | None:
    """The file: the one named, else that of MISSION_LEDGER_SETTINGS, else `billing.toml` in the ledger's folder."""
    given = named or os.environ.get(VARIABLE)
    if given:
        return given
    if folder is not None and (folder / FILE).is_file():
        return str(folder / FILE)
    return None


def load(named: str | None, folder: Path | None = None) -> Settings:
    """The settings of `located`, all defaults without a file. Misused (`unreadable_file`), Refused as `from_toml`."""
    path = located(named, folder)
    return Settings() if path is None else from_toml(read_file(path), origin=path)
