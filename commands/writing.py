"""Recording one event from the command line: its envelope, its options, and what is said about the outcome."""

from __future__ import annotations

import getpass
import re
from collections.abc import Callable
from typing import TYPE_CHECKING, Any, TypeVar
from uuid import uuid4

import click

from commands import output
from commands.instants import INSTANT, resolved
from commands.session import Session

if TYPE_CHECKING:
    from projections.live import LiveLedger, Outcome

Decorated = TypeVar("Decorated", bound=Callable[..., Any])


def id_and_time_options(command: Decorated) -> Decorated:
    """`--id` and `--time`, which every command that records an event takes."""
    command = click.option(
        "--time", type=INSTANT, help="When it happened: RFC 3339, a date, or #N (as the event at N). Default: now."
    )(command)
    return click.option(
        "--id",
        "event_id",
        default=None,
        help="The event's id. Default: a new one. Repeating an --id with the same --time and content writes nothing.",
    )(command)


def event_options(command: Decorated) -> Decorated:
    """Those two, and `--source`."""
    command = click.option(
        "--source", help="Who says so. Default: cli/<your user name>. With --id it names the event."
    )(command)
    return id_and_time_options(command)


def default_source() -> str:
    """`cli/<user>`."""
    try:
        user = getpass.getuser()
    except (OSError, KeyError, ImportError):  # no entry for this user, as in some containers
        user = "unknown"
    return f"cli/{re.sub(r'[^A-Za-z0-9._@-]', '_', user)}"


def envelope(
    session: Session,
    event_type: str,
    subject: str,
    data: dict[str, Any],
    *,
    event_id: str | None = None,
    source: str | None = None,
    time: str | None = None,
) -> dict[str, Any]:
    """The wire document of an event; what is not given is made up: a new id, this user, now."""
    return {
        "specversion": "1.0",
        "id": event_id or str(uuid4()),
        "source": source or default_source(),
        "type": event_type,
        "subject": subject,
        "time": time or now_text(session),
        "data": data,
    }


def record_one(
    session: Session,
    ledger: LiveLedger,
    event_type: str,
    subject: str,
    data: dict[str, Any],
    *,
    event_id: str | None,
    source: str | None,
    time: str | None,
    more: Callable[[Outcome], tuple[dict[str, Any], list[str]]] | None = None,
) -> None:
    """Record one event and say what came of it. Raises the refusal or the conflict.

    `more` adds to what is said once it is recorded: keys of the JSON document, and lines for people.
    """
    happened = resolved(ledger, time)
    document = envelope(session, event_type, subject, data, event_id=event_id, source=source, time=happened)
    (outcome,) = ledger.record([document], live=True)
    if outcome.error is not None:
        raise outcome.error
    keys, lines = more(outcome) if more is not None else ({}, [])
    if session.json:
        output.print_json(
            {
                "status": outcome.status,
                "position": outcome.position,
                "event": outcome.event,
                "findings": outcome.findings,
                **keys,
            }
        )
        return
    screen = output.console()
    named = f"{event_type} {subject}"
    if outcome.status == "duplicate":
        output.line(screen, f"#{outcome.position} {named} is recorded already with the same content; nothing written")
    else:
        output.line(screen, f"#{outcome.position} {named} recorded (id {document['id']}, source {document['source']})")
    for finding in outcome.findings:
        output.line(screen, f"#{finding['sequence']} {_found(finding)}", style="bold")
    for each in lines:
        output.line(screen, each)


def now_text(session: Session) -> str:
    """What time it is, in RFC 3339."""
    return session.clock().isoformat().replace("+00:00", "Z")


def _found(finding: dict[str, Any]) -> str:
    data = finding["data"]
    rule = data.get("rule") or ""
    words = {
        "pro.warned": f"{finding['subject']} is warned under {rule}",
        "pro.suspension_proposed": f"{data.get('kind')} of {finding['subject']} is proposed under {rule}",
        "pro.suspended": f"{finding['subject']}: {data.get('kind')} in force under {rule}, decided by {data.get('by')}",
    }
    return words.get(finding["type"], f"{finding['type']} {finding['subject']}")
