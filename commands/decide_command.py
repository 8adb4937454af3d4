"""`decide`: a person's decision about a pro's access."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import click

from commands.instants import INSTANT, event_at, resolved
from commands.lazy import Command
from commands.session import Session
from commands.writing import event_options, now_text, record_one
from ledger.errors import Misused

if TYPE_CHECKING:
    from projections.live import LiveLedger

KINDS = ("restriction", "suspension", "termination", "exclusion")
EXCEPTIONS = ("legal_obligation", "imperative_reason", "repeated_infringement")


@click.command("decide", cls=Command)
@click.argument("pro")
@click.option("--suspend", is_flag=True, help="Take access away, in the kind proposed or given by --kind.")
@click.option("--dismiss", is_flag=True, help="Decide against the open proposals; access stays.")
@click.option("--reinstate", is_flag=True, help="Give access back.")
@click.option("--by", metavar="NAME", help="Who decides. A person: `engine` is refused.")
@click.option("--reason", metavar="TEXT", help="Why; the pro reads it.")
@click.option("--kind", type=click.Choice(KINDS), help="Default: that of the open proposal.")
@click.option("--rule", metavar="RULE", help="The rule; with several open proposals, the one that is meant.")
@click.option(
    "--until", type=INSTANT, help="When a restriction ends by itself. Default: what the proposal's policy says."
)
@click.option("--notified-at", type=INSTANT, help="When the pro was told; a termination needs it.")
@click.option("--notice-exception", type=click.Choice(EXCEPTIONS), help="Why no notice is due; needs --evidence.")
@click.option("--evidence", multiple=True, metavar="ID|#N", help="An event that proves it; may be repeated.")
@event_options
@click.pass_obj
def decide(
    session: Session,
    pro: str,
    suspend: bool,
    dismiss: bool,
    reinstate: bool,
    by: str | None,
    reason: str | None,
    kind: str | None,
    rule: str | None,
    until: str | None,
    notified_at: str | None,
    notice_exception: str | None,
    evidence: tuple[str, ...],
    event_id: str | None,
    source: str | None,
    time: str | None,
) -> None:
    """Record what a person decided about PRO: exactly one of --suspend, --dismiss and --reinstate.

    --suspend follows the open proposal, from which it takes kind, rule and the proposal's id; without one, give --kind.
    A restriction proposed for late cancellations ends after the policy's hours unless --until is given.
    --dismiss decides against all open proposals. --reinstate ends every suspension, restriction and exclusion in force;
    ladders start anew, counted no-shows stay.

    Every decision needs --by and --reason (`no_statement` without). A termination takes effect at --time, which the
    policy wants some days after --notified-at (`notice_too_short`), unless --notice-exception is given with --evidence:
    recorded events about PRO or of a mission that PRO accepted or was named in (`unknown_event` otherwise), for
    repeated_infringement two at least. Nothing is recorded ahead of the clock,
    neither a decision nor a notice (`future_event`): record a termination on the day it takes effect.

    A decision may be dated before one that is recorded already: access follows the order of recording, and `why` marks
    it as dated back. A review (`reviews`) ends with --reinstate, or with --suspend under the same --rule, which keeps
    the decision.

    \b
    Examples:
      mission-ledger decide pro-7 --suspend --by "A. Favre" --reason "three warnings, then 5 of 48 cancelled"
      mission-ledger decide pro-7 --dismiss --by "A. Favre" --reason "hospital, papers seen"
      mission-ledger decide pro-7 --suspend --kind termination --by "A. Favre" --reason "second account" \\
        --notified-at 2026-03-01 --time 2026-04-01
      mission-ledger decide pro-7 --suspend --kind exclusion --rule no_show --by "A. Favre" \\
        --reason "reviewed: the other two no-shows stand"
    """
    if suspend + dismiss + reinstate != 1:
        raise Misused("usage", "give exactly one of --suspend, --dismiss and --reinstate")
    only_suspending = {
        "--kind": kind,
        "--rule": rule,
        "--until": until,
        "--notified-at": notified_at,
        "--notice-exception": notice_exception,
        "--evidence": evidence,
    }
    given = [name for name, value in only_suspending.items() if value]
    if given and not suspend:
        raise Misused("usage", f"{given[0]} belongs to --suspend")
    with session.ledger() as ledger:
        proposals = ledger.standing(pro)["proposals"]  # a pro that no event mentions is refused here
        data: dict[str, Any] = {"by": by, "reason": reason}
        event_type = "pro.suspension_dismissed" if dismiss else "pro.reinstated"
        if suspend:
            event_type = "pro.suspended"
            data |= _proposed(proposals, kind, rule, pro)
            time = resolved(ledger, time) or now_text(session)
            if until is None and data["kind"] == "restriction":
                until = _end_proposed(ledger, proposals, data.get("proposal"), time)
            data |= {"until": resolved(ledger, until), "notified_at": resolved(ledger, notified_at)}
            data |= {"notice_exception": notice_exception, "evidence": [_proof(ledger, each) for each in evidence]}
        stated = {name: value for name, value in data.items() if value not in (None, [])}
        record_one(session, ledger, event_type, pro, stated, event_id=event_id, source=source, time=time)


def _proposed(
    proposals: Sequence[dict[str, Any]], kind: str | None, rule: str | None, pro: str
) -> dict[str, str | None]:
    """Kind, rule and proposal: what was given, else what the open proposal says."""
    meant = [each for each in proposals if rule is None or each["rule"] == rule]
    if len(meant) > 1 and kind is None:
        rules = ", ".join(each["rule"] for each in meant)
        raise Misused("usage", f"{pro} has several open proposals ({rules}); name one with --rule")
    if len(meant) != 1:
        if kind is None:
            about = f" under {rule}" if rule else ""
            raise Misused("usage", f"{pro} has no open proposal{about}; say with --kind what you decide")
        return {"kind": kind, "rule": rule}
    (proposal,) = meant
    return {"kind": kind or proposal["kind"], "rule": proposal["rule"], "proposal": proposal["event"]}


def _end_proposed(
    ledger: LiveLedger, proposals: Sequence[dict[str, Any]], proposal: str | None, time: str
) -> str | None:
    """When what was proposed ends by itself, counted from the decision: a restriction lasts the policy's hours."""
    meant = next((each for each in proposals if each["event"] == proposal), None)
    if meant is None:
        return None
    city = event_at(ledger, meant["position"])["data"]["figures"].get("city") or ""
    return ledger.ends_at(meant["rule"], city, time)


def _proof(ledger: LiveLedger, named: str) -> str | int:
    """An event named by its id, which must be known, or by `#N`."""
    if named.startswith("#") and named.isascii() and named[1:].isdigit():
        return int(named[1:])
    return ledger.locate(named)[1]
