"""`policy diff`: what is different between two policies, in words."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack
from itertools import groupby
from typing import TYPE_CHECKING, Any

import click

from commands import output, sentences
from commands.lazy import Command
from commands.session import Session

if TYPE_CHECKING:
    from ledger.policies.comparing import Difference
    from ledger.policies.policy import Policy


@click.command("diff", cls=Command)
@click.argument("a")
@click.argument("b")
@click.option("--city", metavar="CITY", help="Compare what the two say in this city.")
@click.pass_obj
def diff(session: Session, a: str, b: str, city: str | None) -> None:
    """Print every parameter in which policy B differs from policy A. Each is a file, a preset or id@version.

    `stricter` and `milder` say which way B is for a pro; windows and amounts of money are neither. Without --city,
    first what holds wherever no city says otherwise, then what a city has of its own. Bounds that a city's baseline
    replaces (cancellation.average, cancellation.maximum, rating.minimum) are the policies' own. It exits with 0, also
    where there are differences; files and presets are compared without a database.

    \b
    Examples:
      mission-ledger policy diff mila-2018-06 ours.toml
      mission-ledger policy diff mila@2018-06 mila@2026-04 --city lyon --json
    """
    from ledger.policies.comparing import differences

    before, after = _named(session, a, b)
    found = differences(before, after, city)
    if session.json:
        listed = [
            {
                "path": each.path,
                "city": each.city,
                "a": each.a,
                "b": each.b,
                "text": each.text,
                "effect": each.effect,
                "not_in": list(each.not_in),
            }
            for each in found
        ]
        output.print_json({"a": _header(before), "b": _header(after), "differences": listed})
        return
    screen = output.console()
    for letter, policy in (("a", before), ("b", after)):
        header = _header(policy)
        since = sentences.stamp(header["effective_from"])
        output.line(screen, f"{letter}  {policy.name}, effective from {since} UTC, sha256 {policy.sha256}")
    if not found:
        output.line(screen, f"no difference{f' in {city}' if city else ''}{_only_in_name(before, after)}")
    for place, group in groupby(found, key=lambda each: each.city):
        output.heading(screen, "everywhere" if place is None else f"in {place}")
        for each in group:
            output.paragraph(screen, _sentence(each), indent=2)


def _named(session: Session, *names: str) -> Iterator[Policy]:
    """The policies; the ledger is opened once, and only for a name that no file and no preset has."""
    from ledger.policies.shipped import load, presets

    with ExitStack() as stack:
        ledger = None
        for name in names:
            if name in presets() or name.lower().endswith(".toml"):
                yield load(name)
                continue
            if ledger is None:
                ledger = stack.enter_context(session.ledger())
            yield ledger.policy(name)


def _header(policy: Policy) -> dict[str, Any]:
    from ledger.instants import to_text

    return {
        "policy": policy.name,
        "sha256": policy.sha256,
        "effective_from": to_text(policy.effective_from_us),
    }


def _sentence(each: Difference) -> str:
    """`cancellation.maximum: 6.00 % → 5.00 %: the city's maximum cancellation rate; stricter`."""
    effect = f"; {each.effect}" if each.effect else ""
    elsewhere = f" (not in {', '.join(each.not_in)}: the same there in both)" if each.not_in else ""
    return f"{each.path}: {each.a_shown} → {each.b_shown}: {each.text}{effect}{elsewhere}"


def _only_in_name(a: Policy, b: Policy) -> str:
    return "" if a == b else " in what they say: only name, start or spelling differ"
