"""Answers about the versions of the policy: those that are published, and those that were voided since.

What was judged or billed by a version goes on naming it, so a voided one can still be looked up.
"""

from __future__ import annotations

from typing import Any

from ledger.entries import stored_document
from ledger.errors import Misused
from ledger.instants import to_text
from ledger.policies.policy import Policy
from ledger.policies.register import Publication
from ledger.policies.shipped import DEFAULT, preset
from ledger.store.database import Connection
from ledger.store.log import read_at
from projections.archive import PostgresArchive

Answer = dict[str, Any]


def policies(connection: Connection, *, now: int) -> list[Answer]:
    """Every version in order of effect, after the preset that applies before any of them.

    `[{"policy", "effective_from", "position", "event", "forced", "sha256", "in_force", "voided", "void"}]`; `void` is
    `{"position", "by", "reason"}` of the void, or null.
    """
    archive = PostgresArchive(connection)
    chronicle = archive.published(cities=())
    published, in_force = chronicle.published(), chronicle.latest.publication_in_force(now)
    voids = _voids(archive, published)
    default = preset(DEFAULT)
    first = {
        "policy": default.name,
        "effective_from": to_text(default.effective_from_us),
        "position": None,
        "event": None,
        "forced": False,
        "sha256": default.sha256,
        "in_force": in_force is None,
        "voided": False,
        "void": None,
    }
    published.sort(key=lambda each: (each.policy.effective_from_us, each.position))
    return [first, *(_listed(each, in_force, voids.get(each.position)) for each in published)]


def policy(connection: Connection, name: str) -> Policy:
    """A policy by file, preset or `id@version`; a voided version where no other is called so. Misused as `named`."""
    chronicle = PostgresArchive(connection).published(cities=())
    try:
        return chronicle.latest.named(name)
    except Misused as unknown:
        called = [each.policy for each in chronicle.published() if each.policy.name == name]
        if unknown.code != "unknown_policy" or not called:
            raise
        return called[-1]


def _listed(each: Publication, in_force: Publication | None, void: Answer | None) -> Answer:
    return {
        "policy": each.policy.name,
        "effective_from": to_text(each.policy.effective_from_us),
        "position": each.position,
        "event": each.event_id.partition(" ")[2],
        "forced": each.forced,
        "sha256": each.policy.sha256,
        "in_force": each is in_force,
        "voided": void is not None,
        "void": void,
    }


def _voids(archive: PostgresArchive, published: list[Publication]) -> dict[int, Answer]:
    """Position of a voided publication → its void."""
    target = {each.position: each.target for each in archive.voids(positions=[each.position for each in published])}
    return {
        target[row.position]: {"position": row.position, **{name: said.get(name) for name in ("by", "reason")}}
        for row in read_at(archive.connection, list(target))
        for said in [stored_document(row)["data"]]
    }
