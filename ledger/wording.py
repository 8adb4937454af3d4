"""What documents say in each language: words and mentions, read from `ledger/texts`, and how a date is written."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from datetime import date
from functools import lru_cache
from importlib.resources import files
from typing import Any

from ledger.invoicing import CREDIT_NOTE
from ledger.settings import Mentions

LANGUAGES = ("fr", "en", "de")


@lru_cache(maxsize=len(LANGUAGES))
def texts(language: str) -> Mapping[str, Mapping[str, Any]]:
    """The tables `mentions` and `words` of a language."""
    assert language in LANGUAGES
    return tomllib.loads((files("ledger") / "texts" / f"{language}.toml").read_text(encoding="utf-8"))


def day(on: date, language: str) -> str:
    """`31/03/2026`, as the language writes it."""
    return on.strftime(texts(language)["words"]["date_format"])


def mentions(
    language: str, own: Mentions, *, kind: str, of: str, due: date, seller_regime: str, buyer_regime: str, vat: int
) -> list[str]:
    """The sentences at the foot of a document; `own` are the issuer's, in place of the standing ones.

    Why there is no VAT is said only where there is none: the policy decides that, and the regimes give the reason.
    """
    shipped = texts(language)["mentions"]
    said: list[str] = []
    if kind == CREDIT_NOTE:
        said.append(shipped["credited"].format(of=of))
    else:
        said.append(shipped["due"].format(due_date=day(due, language)))
    if vat == 0 and seller_regime == "franchise":
        said.append(shipped["franchise"])
    elif vat == 0 and buyer_regime == "reverse_charge":
        said.append(shipped["reverse_charge"])
    standing = getattr(own, language)
    if standing is not None:
        said += standing
    elif kind != CREDIT_NOTE:  # they are about paying
        said += shipped["standing"]
    return said
