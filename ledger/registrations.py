"""The numbers a company is registered under, each checked by its own check digits: a misspelt one never gets printed.

SIREN and SIRET (INSEE): Luhn. IBAN (ISO 13616): ISO 7064 mod 97-10. A VAT number is checked for its shape; a French one
also for its key and the SIREN inside it (CGI, annexe II: key = (12 + 3 × (SIREN mod 97)) mod 97).
"""

from __future__ import annotations

import re

_SIREN = re.compile(r"[0-9]{9}", re.ASCII)
_SIRET = re.compile(r"[0-9]{14}", re.ASCII)
_IBAN = re.compile(r"[A-Z]{2}[0-9]{2}[0-9A-Z]{11,30}", re.ASCII)
_VAT = re.compile(r"[A-Z]{2}[0-9A-Z+*]{2,13}|CHE[0-9]{9}(MWST|TVA|IVA)?", re.ASCII)
_FRENCH_VAT = re.compile(r"FR([0-9]{2})([0-9]{9})", re.ASCII)
_LA_POSTE = "356000000"
"""Its establishments got numbers whose digits merely add up to a multiple of 5 (INSEE)."""


def siren(text: str) -> str | None:
    """The nine digits, spaces taken out; None when it is none."""
    digits = text.replace(" ", "")
    return digits if _SIREN.fullmatch(digits) and _luhn(digits) else None


def siret(text: str) -> str | None:
    """The fourteen digits, spaces taken out; None when it is none."""
    digits = text.replace(" ", "")
    if not _SIRET.fullmatch(digits):
        return None
    if _luhn(digits) or (digits.startswith(_LA_POSTE) and sum(map(int, digits)) % 5 == 0):
        return digits
    return None


def iban(text: str) -> str | None:
    """The account number without spaces; None when it is none."""
    account = text.replace(" ", "").upper()
    if not _IBAN.fullmatch(account):
        return None
    turned = account[4:] + account[:4]
    return account if int("".join(str(int(each, 36)) for each in turned)) % 97 == 1 else None


def vat_number(text: str) -> str | None:
    """The number without spaces, points and dashes; None when it is none."""
    number = re.sub(r"[ .-]", "", text).upper()
    if not _VAT.fullmatch(number):
        return None
    french = _FRENCH_VAT.fullmatch(number)
    if french and int(french[1]) != (12 + 3 * (int(french[2]) % 97)) % 97:
        return None
    return number


def _luhn(digits: str) -> bool:
    total = 0
    for place, digit in enumerate(reversed(digits)):
        value = int(digit) * (2 if place % 2 else 1)
        total += value - 9 if value > 9 else value
    return total % 10 == 0
