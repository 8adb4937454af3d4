"""Issued documents as files: the page people read, and the structured invoice inside it (Factur-X, EN 16931)."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import TYPE_CHECKING, Any

from ledger.errors import Misused, Refused

if TYPE_CHECKING:
    from ledger.settings import Settings

Document = Mapping[str, Any]


def factur_x(document: Document, settings: Settings, language: str | None) -> bytes:
    """The PDF of a document with its structured invoice inside, in its own language or another one.

    Refuses `invalid_settings` where nothing names the issuer, `too_precise` where EN 16931 cannot express the currency.
    Misused (`documents_missing`) where the libraries are not installed.
    """
    selling = document["seller"] or {}
    missing = [f"issuer.{name}" for name in ("name", "address", "siren") if not selling.get(name)]
    if not (selling.get("vat_number") or selling.get("vat_regime") == "franchise"):
        missing.append("issuer.vat_number")
    if missing:
        text = f"{document['number']} names no whole issuer: write {', '.join(missing)} into the settings"
        raise Refused("invalid_settings", f"{text}; invoice settings --example prints a file", lacking=missing)
    try:
        from facturx import generate_from_binary

        from commands.documents.page import page
        from commands.documents.structured import structured

        spoken = language or document["language"]
        said = _mentions(document, settings, spoken)
        return bytes(
            generate_from_binary(
                page(document, said, spoken),
                structured(document, said, spoken),
                flavor="factur-x",
                level="en16931",
                lang=spoken,
                pdf_metadata={
                    "author": selling["name"],
                    "keywords": "Factur-X",
                    "title": document["number"],
                    "subject": f"{document['kind']} {document['number']}, {document['period']}",
                },
            )
        )
    except ImportError as error:
        text = f"{error.name} is not installed: pip install 'mission-ledger[documents]'"
        raise Misused("documents_missing", text) from error


def _mentions(document: Document, settings: Settings, language: str) -> list[str]:
    """Those it was issued with; in another language, what would be said there."""
    from ledger.money import signed_minor
    from ledger.wording import mentions

    if language == document["language"]:
        return list(document["mentions"])
    return mentions(
        language,
        settings.mentions,
        kind=document["kind"],
        of=document["of"] or "",
        due=date.fromisoformat(document["due_date"] or document["issue_date"]),
        seller_regime=document["seller"].get("vat_regime", "standard"),
        buyer_regime=document["buyer"].get("vat_regime", "standard"),
        vat=signed_minor(document["totals"]["vat"], document["currency"]),
    )
