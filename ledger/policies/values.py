"""The kinds of value a policy file may hold, each with the sentence that says what is allowed.

A value is read exactly or refused: decimals come as strings (a TOML float such as 0.04 is already not 4 %), counts as
whole numbers within bounds, instants with an offset. `Allowed` stands beside each kind and is what an error message
quotes, so that what is checked and what a person is told are written in one place.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, Field
from pydantic_core import PydanticCustomError

IDENTIFIER = re.compile(r"[A-Za-z0-9._:-]{1,128}", re.ASCII)
"""Identifiers of policies, versions and cities (contract, section 1)."""

# At most 9 digits before the point and 6 behind it: rules multiply these with counts inside 64-bit integers.
_DECIMAL = re.compile(r"(0|[1-9][0-9]{0,8})(\.[0-9]{1,6})?", re.ASCII)
_INSTANT = re.compile(
    r"[0-9]{4}-[0-9]{2}-[0-9]{2}[Tt ][0-9]{2}:[0-9]{2}:[0-9]{2}(\.[0-9]{1,6})?(?P<offset>[Zz]|[+-][0-9]{2}:[0-9]{2})?",
    re.ASCII,
)
_SERVICE = re.compile(r"[^\x00-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff]{1,128}")


@dataclass(frozen=True, slots=True)
class Allowed:
    """What may stand at this place, as the end of the sentence “write …”."""

    text: str


def refuse(kind: str, text: str, key: str = "") -> PydanticCustomError:
    """A refusal in our own words; `problems` shows `text` as it is. `key` names the value inside a section."""
    return PydanticCustomError(kind, "{text}", {"text": text, "key": key})


def _decimal_between(low: int, high: int) -> Callable[[Any], Decimal]:
    def read(value: Any) -> Decimal:
        if isinstance(value, Decimal):
            value = format(value, "f")
        if isinstance(value, float):
            raise refuse("policy_float", f'is not exact: write it as a string "{value!r}"')
        if isinstance(value, int) and not isinstance(value, bool):
            value = str(value)  # a whole number is exact
        if not isinstance(value, str) or not _DECIMAL.fullmatch(value):
            raise refuse("policy_value", "")
        number = Decimal(value)
        if not low <= number <= high:
            raise refuse("policy_value", "")
        return number

    return read


def _instant(value: Any) -> datetime:
    """UTC, microseconds. A date, a local time and a text without offset name no instant."""
    if isinstance(value, str):
        match = _INSTANT.fullmatch(value)
        if match is None:
            raise refuse(
                "naive_timestamp" if re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", value) else "policy_value", ""
            )
        try:
            value = datetime.fromisoformat(value.upper())
        except ValueError:
            raise refuse("policy_value", "") from None
    if isinstance(value, datetime):
        if value.tzinfo is None:
            raise refuse("naive_timestamp", "")
        try:
            return value.astimezone(UTC)
        except OverflowError:
            raise refuse("policy_value", "") from None
    raise refuse("naive_timestamp" if isinstance(value, date) else "policy_value", "")


def _identifier(value: Any) -> str:
    if not isinstance(value, str) or not IDENTIFIER.fullmatch(value):
        raise refuse("policy_value", "")
    return value


def _version(value: Any) -> str:
    if not isinstance(value, str) or not IDENTIFIER.fullmatch(value) or len(value) > 64:
        raise refuse("policy_value", "")
    return value


def _services(value: Any) -> tuple[str, ...]:
    if not isinstance(value, list | tuple) or not all(
        isinstance(each, str) and _SERVICE.fullmatch(each) for each in value
    ):
        raise refuse("policy_value", "")
    if len(set(value)) != len(value):
        raise refuse("policy_rule", "names a service twice: name each once")
    return tuple(value)


DOCUMENT_KINDS = ("sworn_statement", "no_other_insurance", "client_statement", "invoice")
"""What `mission.damage_document_added` may bring (contract, section 2)."""


def _documents(value: Any) -> tuple[str, ...]:
    if not isinstance(value, list | tuple) or not all(each in DOCUMENT_KINDS for each in value):
        raise refuse("policy_value", "")
    if len(set(value)) != len(value):
        raise refuse("policy_rule", "names a document twice: name each once")
    return tuple(value)


_rate = _decimal_between(0, 1)


def _rates_by_service(value: Any) -> dict[str, Decimal]:
    if not isinstance(value, dict) or not all(isinstance(key, str) and _SERVICE.fullmatch(key) for key in value):
        raise refuse("policy_value", "")
    rates = {}
    for service, rate in value.items():
        try:
            rates[service] = _rate(rate)
        except PydanticCustomError as error:
            text = (error.context or {}).get("text") or 'is not allowed: write a decimal string from "0" to "1"'
            raise refuse("policy_rule", text, service) from None
    return rates


def one_of(*choices: str) -> Allowed:
    """The sentence for a closed choice."""
    return Allowed("one of " + ", ".join(f'"{choice}"' for choice in choices))


Identifier = Annotated[
    str,
    BeforeValidator(_identifier),
    Allowed("a string of 1 to 128 characters out of A-Z a-z 0-9 . _ : -"),
]
Version = Annotated[
    str,
    BeforeValidator(_version),
    Allowed('a string of 1 to 64 characters out of A-Z a-z 0-9 . _ : -, such as "2018-06"'),
]
Instant = Annotated[
    datetime,
    BeforeValidator(_instant),
    Allowed("an RFC 3339 instant with an offset, such as 2018-06-01T00:00:00Z"),
]
Rate = Annotated[Decimal, BeforeValidator(_rate), Allowed('a decimal string from "0" to "1", such as "0.04"')]
Percent = Annotated[
    Decimal, BeforeValidator(_decimal_between(0, 100)), Allowed('a decimal string from "0" to "100", such as "100"')
]
Stars = Annotated[
    Decimal, BeforeValidator(_decimal_between(0, 5)), Allowed('a decimal string from "0" to "5", such as "4.20"')
]
Factor = Annotated[
    Decimal, BeforeValidator(_decimal_between(1, 100)), Allowed('a decimal string from "1" to "100", such as "1.5"')
]
MoneyText = Annotated[
    Decimal,
    BeforeValidator(_decimal_between(0, 999_999_999)),
    Allowed('a decimal string of at least "0", such as "40.00"'),
]
Count = Annotated[int, Field(strict=True, ge=1, le=1_000_000), Allowed("a whole number from 1 to 1000000")]
StarCount = Annotated[int, Field(strict=True, ge=1, le=5), Allowed("a whole number of stars from 1 to 5")]
Days = Annotated[int, Field(strict=True, ge=1, le=36_500), Allowed("a whole number of days from 1 to 36500")]
DaysOrNone = Annotated[int, Field(strict=True, ge=0, le=36_500), Allowed("a whole number of days from 0 to 36500")]
Hours = Annotated[int, Field(strict=True, ge=1, le=876_000), Allowed("a whole number of hours from 1 to 876000")]
HoursOrNone = Annotated[int, Field(strict=True, ge=0, le=876_000), Allowed("a whole number of hours from 0 to 876000")]
MinutesOrNone = Annotated[int, Field(strict=True, ge=0, le=1_440), Allowed("a whole number of minutes from 0 to 1440")]
MonthsOrNone = Annotated[int, Field(strict=True, ge=0, le=1_200), Allowed("a whole number of months from 0 to 1200")]
Services = Annotated[
    tuple[str, ...], BeforeValidator(_services), Allowed('a list of services, such as ["cleaning"], or []')
]
Documents = Annotated[
    tuple[str, ...],
    BeforeValidator(_documents),
    Allowed("a list out of " + ", ".join(f'"{kind}"' for kind in DOCUMENT_KINDS)),
]
RatesByService = Annotated[
    dict[str, Decimal],
    BeforeValidator(_rates_by_service),
    Allowed('a table of decimal strings from "0" to "1", such as { cleaning = "0.18" }'),
]
Decision = Annotated[Literal["automatic", "human"], one_of("automatic", "human")]
Denominator = Annotated[Literal["accepted", "accepted_and_due"], one_of("accepted", "accepted_and_due")]
WindowKind = Annotated[Literal["all", "days", "last_accepted"], one_of("all", "days", "last_accepted")]
Confirmation = Annotated[Literal["none", "required"], one_of("none", "required")]
Closes = Annotated[
    Literal["end_of_next_local_day", "end_of_same_local_day", "noon_next_local_day"],
    one_of("end_of_next_local_day", "end_of_same_local_day", "noon_next_local_day"),
]
Rounding = Annotated[Literal["half_up", "half_even"], one_of("half_up", "half_even")]
