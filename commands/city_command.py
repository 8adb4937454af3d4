"""`city`: the bounds of each city, listed, given by a person, or computed from what its pros did."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import click

from commands import output, sentences, tables
from commands.instants import INSTANT, resolved
from commands.lazy import Command, LazyGroup
from commands.session import Session
from commands.tables import Column
from commands.writing import default_source, envelope, event_options, record_one

city = LazyGroup(
    name="city",
    table={
        "list": ("commands.city_command:list_", "The bounds in force in every city, and where they come from."),
        "show": ("commands.city_command:show", "One city's bounds, and every baseline published for it."),
        "publish": ("commands.city_command:publish", "Record bounds that a person gives."),
        "compute": ("commands.city_command:compute", "Pool the pros' figures and record what follows from them."),
    },
    help="""A city's baseline: its average and maximum cancellation rate and its minimum rating.

    A published baseline replaces the bounds of the policy in that city. It acts on what is evaluated after it was
    recorded and never changes what was found before. It is an event, so that one pro's missions never move the bounds
    of another pro unseen: figures are pooled when somebody says so, not whenever they change.

    \b
    Example:
      mission-ledger city compute --dry-run
      mission-ledger city compute
      mission-ledger city list
    """,
)

_BOUNDS = (
    Column(title="city", style="bold"),
    Column(title="pros", number=True),
    Column(title="counted/accepted", number=True, leave_out=1),
    Column(title="average", number=True),
    Column(title="maximum", number=True),
    Column(title="minimum rating", number=True),
    Column(title="source"),
)
_SINCE = (
    Column(title="since (UTC)"),
    Column(title="position", number=True),
    Column(title="event", leave_out=3),
    Column(title="period", leave_out=2),
)


def _bounds(each: dict[str, Any]) -> tuple[object, ...]:
    return (
        each["city"],
        each["pros"],
        f"{each['counted']}/{each['accepted']}" if each["accepted"] is not None else None,
        sentences.percent(each["average_cancellation_rate"]),
        sentences.percent(each["maximum_cancellation_rate"]),
        each["minimum_rating"],
        each["source"],
    )


def _show(baselines: Sequence[dict[str, Any]]) -> None:
    rows = [
        (
            *_bounds(each),
            sentences.stamp(each["time"]),
            f"#{each['position']}" if each["position"] else "policy",
            each["event"],
            each["period"],
        )
        for each in baselines
    ]
    tables.show(output.console(), (*_BOUNDS, *_SINCE), rows)


@click.command("list", cls=Command)
@click.pass_obj
def list_(session: Session) -> None:
    """List the bounds in force in every city that a mission or a baseline names.

    The source is `given` (published by a person), `city` (computed from the city's own pros), `national` (it had too
    few pros, so the figures of all cities serve), or `policy` (nothing published: the policy's own bounds).

    \b
    Example:
      mission-ledger city list --json | jq -r '.cities[] | select(.source == "national") | .city'
    """
    with session.ledger() as ledger:
        document = ledger.baselines()
    if session.json:
        output.print_json(document)
        return
    _show(document["cities"])
    output.line(output.console(), f"policy in force {document['policy']}", style="dim")


@click.command("show", cls=Command)
@click.argument("name", metavar="CITY")
@click.pass_obj
def show(session: Session, name: str) -> None:
    """Show the baselines published for CITY in order of recording; the last one is in force.

    Voided ones are left out: what was in force before them is in force again.

    \b
    Example:
      mission-ledger city show lyon
    """
    with session.ledger() as ledger:
        document = ledger.baselines_of(name)
    if session.json:
        output.print_json(document)
        return
    _show(document["published"] or [document["in_force"]])


@click.command("publish", cls=Command)
@click.argument("name", metavar="CITY")
@click.option("--average", required=True, metavar="RATE", help="Average cancellation rate, a share: 0.04 is 4 %.")
@click.option("--maximum", required=True, metavar="RATE", help="Maximum cancellation rate; at least the average.")
@click.option("--minimum-rating", required=True, metavar="STARS", help="Minimum mean rating: 4.20.")
@click.option("--pros", type=click.IntRange(min=0), default=0, help="How many pros it rests on. Default: 0, not said.")
@click.option("--period", metavar="TEXT", help="The time it rests on, up to 64 characters.")
@event_options
@click.pass_obj
def publish(
    session: Session,
    name: str,
    average: str,
    maximum: str,
    minimum_rating: str,
    pros: int,
    period: str | None,
    event_id: str | None,
    source: str | None,
    time: str | None,
) -> None:
    """Record the bounds of CITY as given; at most 12 decimals each, and the average not above the maximum.

    They act on what is evaluated after this was recorded, whatever its --time.

    \b
    Example:
      mission-ledger city publish lyon --average 0.04 --maximum 0.06 --minimum-rating 4.20 --pros 112 --period 2026-Q1
    """
    stated = {
        "average_cancellation_rate": average,
        "maximum_cancellation_rate": maximum,
        "minimum_rating": minimum_rating,
        "pros": pros,
        "period": period,
    }
    data = {key: value for key, value in stated.items() if value is not None}
    with session.ledger() as ledger:
        record_one(session, ledger, "city.baseline_published", name, data, event_id=event_id, source=source, time=time)


@click.command("compute", cls=Command)
@click.argument("names", metavar="[CITY...]", nargs=-1)
@click.option("--dry-run", is_flag=True, help="Print what would be recorded; record nothing.")
@click.option("--at", type=INSTANT, help="The end of the time looked back on. Default: now.")
@click.option("--source", help="Who says so. Default: cli/<your user name>.")
@click.pass_obj
def compute(session: Session, names: tuple[str, ...], dry_run: bool, at: str | None, source: str | None) -> None:
    """Pool the figures of each CITY, or of every city where a mission was accepted, and record them as its baseline.

    The numbers come from [city_baseline] of the policy in force at --at. Missions accepted in the `days` before --at
    count, as they are known now. The average is pooled: missions with an unexcused cancellation by the pro or a counted
    no-show, over missions accepted. Every pro with at least one of them counts, as pooling weighs each by its missions;
    linked accounts are one pro. With fewer than `min_pros` pros in a city, so that no pro sets its own bound, the
    figures of all cities serve: the source is then `national`, and the event's period says so.

    The average is rounded up at the 12th decimal: doubt benefits the pro. maximum = max(max_floor, max_factor ×
    average), at most 1. The charter gives no formula for the minimum rating: it stays as the city's last baseline has
    it, else as in the policy. All cities are recorded in one commit, and computing again records again.

    \b
    Examples:
      mission-ledger city compute --dry-run
      mission-ledger city compute lyon paris --at 2026-04-01
    """
    from ledger.instants import SECOND, parse_us
    from projections.city_baselines import event_data

    with session.ledger() as ledger:
        given = resolved(ledger, at)
        instant = parse_us(given) if given else ledger.clock() // SECOND * SECOND
        document = ledger.computed_baselines(names, at=instant)
        found = document["cities"]
        for each in found:
            each |= {"position": None, "event": None}
        if not dry_run:
            documents = [
                envelope(session, "city.baseline_published", each["city"], event_data(each), source=source)
                for each in found
            ]
            for each, outcome in zip(found, ledger.record(documents, live=True), strict=True):
                if outcome.error is not None:
                    raise outcome.error
                assert outcome.event is not None
                each |= {"position": outcome.position, "event": outcome.event["id"]}
    if session.json:
        output.print_json({**document, "dry_run": dry_run})
        return
    screen = output.console()
    tables.show(screen, _BOUNDS, [_bounds(each) for each in found])
    for each in found:
        if each["source"] == "national":
            few = f"{sentences.count(each['own']['pros'], 'pro')} of its own, fewer than {each['min_pros']}"
            output.line(screen, f"{each['city']} has {few}: the national figures serve")
    said = f"{document['policy']}, up to {sentences.moment(document['at'])}"
    if dry_run:
        output.line(screen, f"nothing recorded (--dry-run); {said}", style="dim")
    else:
        recorded = ", ".join(f"#{each['position']} {each['city']}" for each in found)
        output.line(screen, f"recorded {recorded} (source {source or default_source()}); {said}")
