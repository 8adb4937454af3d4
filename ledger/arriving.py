"""What an event that comes from outside is asked about the log it comes into, beside the rules of its own stream.

It is asked once, when it comes. What is recorded stays recorded: no fold, no replay and no `verify` asks it again, so a
log of an older program holds what today would be refused, and a replay of one pro need not know the whole log.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping

from ledger.book import Book
from ledger.errors import Refused
from ledger.events.catalogue import OF_MISSIONS
from ledger.events.incoming import Incoming
from ledger.pros import decisions


def _suspended(book: Book, incoming: Incoming) -> None:
    """What a decision names as proof, or as its proposal, is about the person it is about (`unknown_event`)."""
    pro = book.pro(incoming.subject)

    def named(name: str | int) -> Mapping[int, bool]:
        return {position: _is_about(book, position, pro.accounts) for position in book.positions_of(name)}

    decisions.check_named(pro, incoming.doc["data"], named)


def _is_about(book: Book, position: int, accounts: Collection[str]) -> bool:
    """Whether an event is of the person's own stream, or of a mission that the person accepted or was named in."""
    event = book.at(position)
    if event is None:
        return False
    if event.type.startswith("pro."):
        return event.subject in accounts
    if not event.type.startswith(OF_MISSIONS):
        return False
    history = book.mission(event.subject)
    return any(each.pro in accounts and each.position not in history.voided for each in history.facts)


def _published(book: Book, incoming: Incoming) -> None:
    """One name, one text (`invalid_transition`): what was judged by a version that was voided since still names it."""
    data = incoming.doc["data"]
    name = f"{incoming.subject}@{data['version']}"
    earlier = [each for each in book.chronicle.published() if each.policy.name == name]
    if not earlier:
        return
    from ledger.policies.document import from_document  # noqa: PLC0415  pydantic: only where something is published

    text = from_document(data["document"], origin=f"policy {incoming.subject}").sha256
    for each in earlier:
        if each.policy.sha256 != text:
            told = f"{name} was published with another text (#{each.position}, sha256 {each.policy.sha256[:12]}…)"
            raise Refused("invalid_transition", f"{told}; give the change a version of its own")


CHECKS: dict[str, Callable[[Book, Incoming], None]] = {
    "pro.suspended": _suspended,
    "policy.published": _published,
}
"""Type → what raises `Refused`, and leaves the book as it was."""
