"""Standings as tables: one pro in full, or a line for each pro and city."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

from commands import decision_sentences, output, reasons, sentences, tables
from commands.tables import Column

if TYPE_CHECKING:
    from commands.screen import Screen

Document = Mapping[str, Any]

_CITY = (
    Column(title="city"),
    Column(title="accepted", number=True, leave_out=1),
    Column(title="cancelled", number=True),
    Column(title="no-shows", number=True),
    Column(title="rate", number=True),
    Column(title="rated", number=True, leave_out=2),
    Column(title="rating", number=True),
    Column(title="late", number=True, leave_out=3),
)


def show_all(screen: Screen, document: Document) -> None:
    """Every pro with its figures in each city."""
    columns = (
        Column(title="pro", style="bold"),
        Column(title="access"),
        *_CITY,
        Column(title="warnings", number=True),
        *((Column(title="proposal"),) if any(each.get("proposals") for each in document["pros"]) else ()),
    )
    pros = document["pros"]
    if pros:
        tables.show(screen, columns, _lines(pros, len(columns) - len(_CITY) - 2))
    output.line(
        screen,
        f"{sentences.count(len(pros), 'pro')}; up to #{document['position']}, policy in force {document['policy']}",
        style="dim",
    )


def _lines(pros: list[Document], columns_after: int) -> Iterator[tuple[object, ...]]:
    for each in pros:
        access = str(each["access"]) + (f" until {sentences.stamp(each['until'])}" if each.get("until") else "")
        proposals = ", ".join(f"{one['kind']}: {one['rule']}" for one in each.get("proposals") or ())
        head: tuple[object, ...] = (each["pro"], access)
        tail: tuple[object, ...] = (len(each.get("warnings") or ()), proposals)[:columns_after]
        for city, figures in (each.get("cities") or {}).items() or [(None, None)]:
            yield (*head, *_figures(city, figures), *tail)
            head, tail = (None, None), (None,) * columns_after


def _figures(city: str | None, figures: Document | None) -> tuple[object, ...]:
    if figures is None:
        return (city, *[None] * 7)
    share = figures.get("cancellation_percent")
    return (
        city,
        figures["accepted"],
        figures["cancelled"],
        figures["no_shows"],
        f"{share} %" if share is not None else "–",
        figures["rated"],
        figures.get("rating") or "–",
        figures.get("late_cancellations"),
    )


def show_one(screen: Screen, document: Document) -> None:
    """One pro: access, figures, warnings, open proposals, and what is still to be cleared up."""
    until = f", until {sentences.moment(document['until'])}" if document.get("until") else ""
    words = decision_sentences.ACCESS.get(document["access"], f"is {document['access']}")
    output.line(screen, f"{document['pro']} {words}{until}", style="bold")
    if document.get("accounts"):
        output.line(screen, f"one person with the accounts {', '.join(document['accounts'])}: this is their union")
    output.line(
        screen,
        f"{sentences.count(document['no_shows'], 'no-show')} in all cities; up to #{document['position']}, "
        f"{_policy(document)}",
    )
    cities = document.get("cities") or {}
    if cities:
        screen.print()
        tables.show(screen, _CITY, [_figures(city, figures) for city, figures in cities.items()])
    _warnings(screen, document.get("warnings") or [])
    for each in document.get("proposals") or ():
        screen.print()
        output.line(screen, decision_sentences.proposal_sentence(each))
    reviewed = {each["position"] for each in document.get("reviews") or ()}
    if reviewed:
        rest = sentences.count(len(reviewed), "finding rests", "findings rest")
        screen.print()
        output.line(
            screen,
            f"To be reviewed: {rest} on facts that no longer stand; mission-ledger reviews --pro {document['pro']}",
        )
    _anomalies(screen, document.get("anomalies") or [])


def _policy(document: Document) -> str:
    """The policy by which the figures are counted, and that in force now where it is another."""
    policy, now = document["policy"], document.get("policy_in_force")
    if now in (None, policy):
        return f"policy {policy}"
    return f"counted by {policy}, the policy of the latest event; in force now is {now}"


def _warnings(screen: Screen, warnings: list[Document]) -> None:
    if not warnings:
        return
    screen.print()
    columns = (
        Column(title="warned"),
        Column(title="ladder"),
        Column(title="rule"),
        Column(title="expires"),
        Column(title="position", number=True),
    )
    rows = [
        (
            sentences.stamp(each["time"]),
            each["ladder"],
            each["rule"],
            sentences.counts_until(each, sentences.stamp),
            f"#{each['position']}",
        )
        for each in warnings
    ]
    tables.show(screen, columns, rows)


def _anomalies(screen: Screen, anomalies: list[Document]) -> None:
    if not anomalies:
        return
    screen.print()
    columns = (Column(title="to be cleared up"), Column(title="mission"), Column(title="position", number=True))
    rows = [(reasons.in_words(each["code"]), each["mission"], f"#{each['position']}") for each in anomalies]
    tables.show(screen, columns, rows)
