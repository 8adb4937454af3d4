"""Money as integers of a currency's minor unit, and exact rounding.

Exponents are those of ISO 4217 (list one, published by SIX): two decimals unless listed here.
"""

from __future__ import annotations

import re
from decimal import Decimal
from fractions import Fraction
from functools import lru_cache

from ledger.errors import Refused

_CODES = (
    "AED AFN ALL AMD AOA ARS AUD AWG AZN BAM BBD BDT BGN BHD BIF BMD BND BOB BOV BRL BSD BTN BWP BYN BZD CAD CDF CHE "
    "CHF CHW CLF CLP CNY COP COU CRC CUP CVE CZK DJF DKK DOP DZD EGP ERN ETB EUR FJD FKP GBP GEL GHS GIP GMD GNF GTQ "
    "GYD HKD HNL HTG HUF IDR ILS INR IQD IRR ISK JMD JOD JPY KES KGS KHR KMF KPW KRW KWD KYD KZT LAK LBP LKR LRD LSL "
    "LYD MAD MDL MGA MKD MMK MNT MOP MRU MUR MVR MWK MXN MXV MYR MZN NAD NGN NIO NOK NPR NZD OMR PAB PEN PGK PHP PKR "
    "PLN PYG QAR RON RSD RUB RWF SAR SBD SCR SDG SEK SGD SHP SLE SOS SRD SSP STN SVC SYP SZL THB TJS TMT TND TOP TRY "
    "TTD TWD TZS UAH UGX USD USN UYI UYU UYW UZS VED VES VND VUV WST XAF XCD XCG XOF XPF YER ZAR ZMW ZWG"
)
_EXPONENTS = {
    0: "BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX UYI VND VUV XAF XOF XPF",
    3: "BHD IQD JOD KWD LYD OMR TND",
    4: "CLF UYW",
}
EXPONENT: dict[str, int] = dict.fromkeys(_CODES.split(), 2) | {
    code: exponent for exponent, codes in _EXPONENTS.items() for code in codes.split()
}

HALF_UP = 0
HALF_EVEN = 1

AMOUNT = re.compile(r"[0-9]{1,12}(?:\.[0-9]{1,8})?")
_RECORDED = re.compile(r"(\d{1,12})(?:\.(\d{1,8}))?")
"""As events may hold an amount: until they were told apart on the way in, digits of every script were recorded."""


@lru_cache(maxsize=4096)  # an import meets the same prices again and again
def to_minor(amount: str, currency: str) -> int:
    """Minor units of a decimal text: `"33.50", "EUR"` → 3350.

    Refuses a currency ISO 4217 does not know (`invalid_event`) and decimals the currency does not have (`too_precise`).
    """
    exponent = EXPONENT.get(currency)
    if exponent is None:
        raise Refused("invalid_event", f"{currency!r} is not a currency of ISO 4217; use a code such as EUR or CHF")
    match = _RECORDED.fullmatch(amount)
    if match is None:
        raise Refused("invalid_event", f"{amount!r} is not an amount; write digits and a point, as in 33.50")
    whole, decimals = match[1], match[2] or ""
    if len(decimals.rstrip("0")) > exponent:
        raise Refused("too_precise", f"{currency} has {exponent} decimals; {amount} has more; round it before sending")
    return int(whole) * int(10**exponent) + int(decimals.ljust(exponent, "0")[:exponent] or "0")


def to_amount(minor: int, currency: str) -> str:
    """The decimal text of minor units: `3350, "EUR"` → `"33.50"`."""
    exponent = EXPONENT[currency]
    sign, digits = ("-" if minor < 0 else ""), str(abs(minor)).rjust(exponent + 1, "0")
    return f"{sign}{digits[:-exponent]}.{digits[-exponent:]}" if exponent else f"{sign}{digits}"


def signed_minor(amount: str, currency: str) -> int:
    """Minor units of what `to_amount` wrote: `"-33.50", "EUR"` → -3350. Sums may be larger than any one amount sent."""
    exponent = EXPONENT[currency]
    whole, _, decimals = amount.removeprefix("-").partition(".")
    minor = int(whole) * int(10**exponent) + int(decimals.ljust(exponent, "0")[:exponent] or "0")
    return -minor if amount.startswith("-") else minor


def ratio_text(ratio: Fraction) -> str:
    """A rate as its decimal text: 3/20 → `0.15`. Rates come from decimal texts, so none is endless."""
    return _quotient_text(ratio.numerator, ratio.denominator)


@lru_cache(maxsize=1024)
def _quotient_text(numerator: int, denominator: int) -> str:
    return f"{Decimal(numerator) / Decimal(denominator):f}"


def rounded(numerator: int, denominator: int, mode: int) -> int:
    """`numerator / denominator` to the nearest integer, exactly; ties up (away from zero) or to even."""
    sign = -1 if (numerator < 0) != (denominator < 0) else 1
    numerator, denominator = abs(numerator), abs(denominator)
    quotient, rest = divmod(numerator, denominator)
    if 2 * rest > denominator or (2 * rest == denominator and (mode == HALF_UP or quotient % 2 == 1)):
        quotient += 1
    return sign * quotient
