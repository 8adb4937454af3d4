"""Who stands on a document: the issuer from its settings, a pro from the settings and from its own registration.

A pro whose key was destroyed is known by its id alone, whatever the settings still say: the documents about it stay,
its name does not.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any

from ledger.entries import entry_of_row
from ledger.events.sealing import ERASED, unseal
from ledger.settings import Section, Settings
from ledger.store.database import Connection
from ledger.store.log import LAST, read
from projections.archive import PostgresArchive

Document = dict[str, Any]
REGISTERED = ("name", "email")
_NOT_PRINTED = frozenset({"zone", "language", "sap_number"})


def seller(settings: Settings) -> Document | None:
    """The issuer as its documents name it; None while the settings do not name one."""
    return _said(settings.issuer) if settings.issuer.name else None


def buyers(connection: Connection, settings: Settings, pros: Collection[str]) -> Mapping[str, Document]:
    """What is known of each pro; those erased, or of whom nothing is known, are left out."""
    archive = PostgresArchive(connection)
    keys = dict(archive.keys(pros))
    registered = _registered(connection, pros, keys)
    found: dict[str, Document] = {}
    for pro in pros:
        if keys.get(pro, b"") is None:
            continue
        known = registered.get(pro, {})
        if pro in settings.pros:
            known |= _said(settings.pros[pro])
        if known:
            found[pro] = known
    return found


def _registered(connection: Connection, pros: Collection[str], keys: dict[str, bytes | None]) -> dict[str, Document]:
    """Name and email as each pro last registered them; voided registrations are left out."""
    rows = list(read(connection, streams=[f"pro/{each}" for each in pros], types=("pro.registered",)))
    if not rows:
        return {}
    _, voided = PostgresArchive(connection, until=LAST).chronicle()
    found: dict[str, Document] = {}
    for row in rows:
        if row.position in voided:
            continue
        entry = entry_of_row(row)
        data = unseal(entry.doc, keys)["data"]
        known = {name: data[name] for name in REGISTERED if data.get(name) and data[name] != ERASED}
        found.setdefault(entry.subject, {}).update(known)
    return found


def _said(party: Section) -> Document:
    """A section of the settings as a document names it: only what is said, nested sections as tables."""
    return {
        name: value
        for name, value in party.model_dump(mode="json", exclude_none=True).items()
        if name not in _NOT_PRINTED
    }
