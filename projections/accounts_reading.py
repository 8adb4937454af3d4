"""The accounts of one person: which links made them one, and which account each event is of."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from ledger.book import Book
from ledger.instants import to_text
from ledger.pros.links import Links
from ledger.pros.pro import Pro
from ledger.pros.records import ProEvent
from projections.archive import LINKED

Answer = dict[str, Any]


def links(pro: Pro) -> list[Answer]:
    """`[{"event", "position", "time", "by", "accounts"}]` in order of position; empty for a person of one account."""
    return [_link(each) for each in _links(pro)]


def held_by(pro: Pro, account: str, decision: ProEvent) -> Answer:
    """For a decision and one account of the person: since when it holds for it, and by which link.

    `{"pro", "holds_since", "link"}`; `link` is null where it was decided about that very account.
    """
    link = _joining(pro, account, decision.account)
    since = decision.at if link is None else max(decision.at, link.at)
    return {
        "pro": decision.account,
        "holds_since": to_text(since),
        "link": _link(link) if link is not None else None,
    }


def whose(book: Book, pro: Pro) -> Callable[[int, str | None], str | None]:
    """Tells of an event (its position, its mission) which account of the person it is of; None where of none."""
    if len(pro.accounts) == 1:
        return lambda position, mission: pro.accounts[0]
    found = {each.position: each.account for each in pro.events}
    had: dict[str, str] = {}
    for account, record in book.archive.pros(pro.accounts).items():
        for each in record.contributions:
            counted = (each.accepted_position, each.adverse_position, each.confirmed_position, each.rated_position)
            found |= dict.fromkeys(counted, account)
            had[each.mission] = account
    # What no longer counts is in no contribution any more; it is of whoever had the mission.
    return lambda position, mission: found.get(position) or had.get(mission or "")


def _links(pro: Pro) -> list[ProEvent]:
    if len(pro.accounts) == 1:
        return []
    return [each for each in pro.events if each.type == LINKED and each.position not in pro.voided]


def _joining(pro: Pro, one: str, other: str) -> ProEvent | None:
    """The link, in order of recording, with which both accounts were of one person; None for one and the same."""
    known = Links()
    for each in _links(pro) if one != other else ():
        known.add(each)
        if other in known.group(one):
            return each
    return None


def _link(event: ProEvent) -> Answer:
    return {
        "event": event.id,
        "position": event.position,
        "time": to_text(event.at),
        "by": event.data.get("by"),
        "accounts": sorted({event.account, *event.data["accounts"]}),
    }
