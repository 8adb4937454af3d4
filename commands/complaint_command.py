"""`complaint`: the pro's recourse against a decision or a warning."""

from __future__ import annotations

import shlex
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import click

from commands import output, sentences, tables
from commands.instants import POSITION, event_at, resolved
from commands.lazy import Command, LazyGroup
from commands.session import Session
from commands.tables import Column
from commands.writing import event_options, now_text, record_one

if TYPE_CHECKING:
    from projections.live import LiveLedger, Outcome

complaint = LazyGroup(
    name="complaint",
    table={
        "open": ("commands.complaint_command:open_", "Record that a pro contests a decision or a warning."),
        "decide": ("commands.complaint_command:decide", "Record what a person answered."),
        "list": ("commands.complaint_command:list_", "Complaints: what they contest, deadline, answer."),
        "stats": ("commands.complaint_command:stats", "A year in numbers, as the P2B regulation wants it published."),
    },
    help="""The pro's recourse: complaints about decisions and warnings, and what a person answered.

    A complaint is in time until the end of the day that is the policy's months after the decision (six; 31 August gives
    the last of February). Pros have no zone, so days are those of UTC. A later complaint is recorded and marked late.

    An upheld complaint gives no access back by itself: access follows from `decide --reinstate` alone.

    \b
    Example:
      mission-ledger complaint open pro-7 --text "I was in hospital that day"
      mission-ledger complaint decide pro-7 --outcome upheld --by "A. Favre" --reason "papers seen"
      mission-ledger complaint stats --year 2026
    """,
)

OUTCOMES = ("upheld", "rejected", "partly_upheld")
YEAR = click.IntRange(1971, 9000)
Document = Mapping[str, Any]


@click.command("open", cls=Command)
@click.argument("pro")
@click.option("--text", help="What the pro says. Sealed under the pro's key; no list prints it.")
@click.option(
    "--decision", metavar="EVENT_ID|#N", help="What is contested. Default: the pro's latest decision by then."
)
@event_options
@click.pass_obj
def open_(
    session: Session,
    pro: str,
    text: str | None,
    decision: str | None,
    event_id: str | None,
    source: str | None,
    time: str | None,
) -> None:
    """Record that PRO contests a decision (`pro.suspended`) or a warning (`pro.warned`).

    Without --decision it is the pro's latest decision before the complaint, and where there is none the latest warning;
    the event then names it, so that a later void does not change what was contested. Where none is recorded the
    complaint is kept, and is about the decision of an earlier day once that arrives. `record pro.complaint_opened PRO`
    does the same, but names nothing.

    \b
    Example:
      mission-ledger complaint open pro-7 --text "the client had cancelled"
    """
    with session.ledger() as ledger:
        ledger.standing(pro)  # a pro that no event mentions is refused here
        time = resolved(ledger, time) or now_text(session)
        stated = {"text": text, "decision": _id(ledger, decision) or ledger.contested(pro, time)}
        data = {name: value for name, value in stated.items() if value is not None}

        def more(outcome: Outcome) -> tuple[dict[str, Any], list[str]]:
            found = _at(ledger.complaints(pro=pro), outcome.position)
            return {"complaint": found}, [_opened(found)] if found else []

        event = "pro.complaint_opened"
        record_one(session, ledger, event, pro, data, event_id=event_id, source=source, time=time, more=more)


@click.command("decide", cls=Command)
@click.argument("pro")
@click.option("--outcome", type=click.Choice(OUTCOMES), required=True, help="What became of it.")
@click.option("--by", metavar="NAME", help="Who decides. A person: `engine` is refused.")
@click.option("--reason", metavar="TEXT", help="Why; the pro reads it.")
@click.option("--complaint", metavar="EVENT_ID|#N", help="Which complaint. Default: the oldest open one.")
@event_options
@click.pass_obj
def decide(
    session: Session,
    pro: str,
    outcome: str,
    by: str | None,
    reason: str | None,
    complaint: str | None,
    event_id: str | None,
    source: str | None,
    time: str | None,
) -> None:
    """Record a person's answer to a complaint of PRO; it closes that complaint.

    Needs --by and --reason (`no_statement` without). An upheld complaint does not give access back: the command that
    does is printed, and `complaint list` flags it when nobody has within 24 hours.

    \b
    Example:
      mission-ledger complaint decide pro-7 --outcome rejected --by "A. Favre" --reason "three other no-shows stand"
    """
    with session.ledger() as ledger:
        known = ledger.complaints(pro=pro)["complaints"]  # a pro that no event mentions is refused here
        waiting = [each for each in known if each["status"] == "open"]
        if complaint is None and waiting:
            complaint = str(waiting[0]["event"])
        stated = {"outcome": outcome, "by": by, "reason": reason, "complaint": _id(ledger, complaint)}
        data = {name: value for name, value in stated.items() if value is not None}

        def more(recorded: Outcome) -> tuple[dict[str, Any], list[str]]:
            listed = ledger.complaints(pro=pro)["complaints"]
            found = next(
                (each for each in listed if (each["decided"] or {}).get("position") == recorded.position), None
            )
            return {"complaint": found}, _next(pro, found) if found else []

        event = "pro.complaint_decided"
        record_one(session, ledger, event, pro, data, event_id=event_id, source=source, time=time, more=more)


_COLUMNS = (
    Column(title="opened"),
    Column(title="pro", style="bold"),
    Column(title="contests"),
    Column(title="rule"),
    Column(title="in time until"),
    Column(title="status"),
    Column(title="answer"),
    Column(title="complaint", leave_out=1),
)


@click.command("list", cls=Command)
@click.option("--open", "only_open", is_flag=True, help="Only those nobody has decided.")
@click.option("--pro", help="Only this pro's.")
@click.option("--year", type=YEAR, help="Only those opened in this year (UTC).")
@click.pass_obj
def list_(session: Session, only_open: bool, pro: str | None, year: int | None) -> None:
    """List complaints in the order they were opened: what each contests, its deadline, and the answer.

    What the pro wrote is not shown; `events --pro PRO --type pro.complaint_opened` has it for those who need it. An
    upheld complaint whose decision is still in force is marked, and `overdue` after 24 hours (P2B art. 4(3)).

    \b
    Examples:
      mission-ledger complaint list --open
      mission-ledger complaint list --json | jq '.complaints[] | select(.reinstatement_overdue)'
    """
    with session.ledger() as ledger:
        document = ledger.complaints(pro=pro, year=year, only_open=only_open)
    if session.json:
        output.print_json(document)
        return
    screen = output.console()
    found = document["complaints"]
    if found:
        tables.show(screen, _COLUMNS, [_row(each) for each in found])
    output.line(screen, f"{sentences.count(len(found), 'complaint')}; up to #{document['position']}", style="dim")


@click.command("stats", cls=Command)
@click.option("--year", type=YEAR, required=True, help="The year in which complaints were opened (UTC).")
@click.pass_obj
def stats(session: Session, year: int) -> None:
    """Print a year's complaints in numbers: how many, about which rules, their outcomes, average days to decide.

    Regulation (EU) 2019/1150, article 11(4), has platforms publish these every year. A complaint belongs to the year in
    which it was opened (UTC); the average is over those decided, in days of 24 hours, one decimal, half up.

    \b
    Example:
      mission-ledger complaint stats --year 2026 --json
    """
    with session.ledger() as ledger:
        document = ledger.complaint_statistics(year)
    if session.json:
        output.print_json(document)
        return
    average = f"{document['average_days']} days" if document["average_days"] is not None else "–"
    rows: list[tuple[object, ...]] = [
        ("complaints", document["complaints"]),
        *((f"about {each['rule'] or 'no rule named'}", each["complaints"]) for each in document["rules"]),
        ("opened late", document["late"]),
        ("open", document["open"]),
        ("decided", document["decided"]),
        *((outcome.replace("_", " "), number) for outcome, number in document["outcomes"].items()),
        ("average time to decide", average),
    ]
    tables.show(output.console(), (Column(title=str(year), style="bold"), Column(title="", number=True)), rows)


def _id(ledger: LiveLedger, named: str | None) -> str | None:
    """The id of an event named by it or by its position."""
    if named is None or not named.startswith("#"):
        return named
    return str(event_at(ledger, POSITION.convert(named, None, None))["id"])


def _at(document: Document, position: int | None) -> dict[str, Any] | None:
    return next((each for each in document["complaints"] if each["position"] == position), None)


def _contested(found: Document) -> str:
    contested = found["contested"]
    if contested is None:
        return "nothing recorded yet"
    voided = ", voided" if contested["voided"] else ""
    return f"{contested['kind']} #{contested['position']} of {sentences.date_only(contested['time'])}{voided}"


def _opened(found: Document) -> str:
    if found["contested"] is None:
        return "no decision and no warning is recorded that it could contest; it is kept until one of an earlier day is"
    when = "it came late: it was in time" if found["late"] else "in time"
    return f"contests the {_contested(found)}; {when} until the end of {found['last_day']} (UTC)"


def _next(pro: str, found: Document) -> list[str]:
    """What an answer does not do by itself."""
    if found["decided"]["outcome"] == "rejected" or found["contested"] is None:
        return []
    said = "--by NAME --reason TEXT"
    if found["contested"]["kind"] == "warning":
        named = shlex.quote(f"#{found['contested']['position']}")
        return [f"the warning still counts; to withdraw it: mission-ledger void {named} {said}"]
    if not found["contested"]["in_force"]:
        return ["the decision it contests is no longer in force"]
    return [f"access is unchanged; to give it back: mission-ledger decide {shlex.quote(pro)} --reinstate {said}"]


def _row(found: Document) -> tuple[object, ...]:
    decided = found["decided"]
    answer = ""
    if decided:
        answer = f"{decided['outcome'].replace('_', ' ')} by {decided['by']}, {sentences.date_only(decided['time'])}"
        if found["reinstatement_due"]:
            overdue = " for more than 24 hours" if found["reinstatement_overdue"] else ""
            answer += f"; not reinstated{overdue}"
    return (
        sentences.stamp(found["time"]),
        found["pro"],
        _contested(found),
        (found["contested"] or {}).get("rule"),
        f"{found['last_day'] or '–'}{' (late)' if found['late'] else ''}",
        found["status"],
        answer,
        f"#{found['position']}",
    )
