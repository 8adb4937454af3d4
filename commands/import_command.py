"""`import`: a history from files or stdin."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from commands import output, sentences
from commands.lazy import Command
from commands.progress import progress
from commands.session import Session
from commands.text import escaped
from ledger.errors import Refused

if TYPE_CHECKING:
    from projections.import_runs import ImportSummary

COUNTS = ("lines", "recorded", "findings", "duplicates", "refused")


@click.command("import", cls=Command)
@click.argument(
    "files", metavar="FILE...", nargs=-1, required=True, type=click.Path(exists=True, dir_okay=False, allow_dash=True)
)
@click.option("--live", is_flag=True, help="Judge deadlines by this machine's clock, as `record` does.")
@click.option(
    "--format",
    "file_format",
    type=click.Choice(["ndjson", "csv"]),
    help="What the lines are. Default: by the name (.csv, also .csv.gz), else NDJSON.",
)
@click.pass_obj
def import_(session: Session, files: tuple[str, ...], live: bool, file_format: str | None) -> None:
    """Record the events of each FILE, one CloudEvents document a line, or CSV; `-` is stdin. `.gz` and `.zst` are read.

    A line that is refused is written to FILE.rejected.ndjson with its code and message; the rest is recorded, and the
    exit code is 1. Running it again after any crash goes on where it stopped: what is recorded already is a duplicate.

    Deadlines are judged by each event's own time, as befits a history; with --live by this machine's clock. Events
    more than 5 minutes ahead of the clock are refused either way. A file is read from its beginning to its end once;
    several files are read one after the other.

    \b
    Examples:
      mission-ledger import history.ndjson.zst
      mission-ledger import missions.csv --json
      generate-events | mission-ledger import --live -
    """
    from projections.importing import import_file

    summaries: list[dict[str, Any]] = []
    try:
        with session.ledger() as ledger:
            for name in files:
                with progress(f"importing {escaped(name)}") as advance:
                    summary = import_file(ledger, name, live=live, format=file_format, progress=advance)
                summaries.append(document := _document(name, summary))
                if not session.json:
                    _show(document)
    finally:
        if session.json and summaries:
            output.print_json({**_totals(summaries), "files": summaries})
    refused = sum(each["refused"] for each in summaries)
    if refused:
        where = ", ".join(str(each["rejected_file"]) for each in summaries if each["rejected_file"])
        lines = "line was" if refused == 1 else "lines were"
        message = f"{refused} {lines} refused, the rest is recorded; see {where or 'the codes above'}"
        raise Refused("lines_refused", message, refused=refused)


def _document(name: str, summary: ImportSummary) -> dict[str, Any]:
    read = summary.lines - summary.resumed_at  # what an earlier run dealt with is passed over
    per_second = round(read / summary.seconds) if summary.seconds > 0 else None
    return {
        "file": name,
        **{count: getattr(summary, count) for count in COUNTS},
        "lines": summary.recorded + summary.duplicates + summary.refused,  # blank ones hold nothing
        "refused_by_code": dict(summary.refused_by_code),
        "rejected_file": str(summary.rejected_path) if summary.rejected_path else None,
        "resumed_at": summary.resumed_at,
        "position": summary.position,
        "seconds": round(summary.seconds, 3),
        "events_per_second": per_second,
    }


def _totals(summaries: list[dict[str, Any]]) -> dict[str, Any]:
    totals = {count: sum(each[count] for each in summaries) for count in COUNTS}
    return {**totals, "position": summaries[-1]["position"]}


def _show(document: dict[str, Any]) -> None:
    screen = output.console()
    output.heading(screen, document["file"])
    speed = f", {document['events_per_second']:,} events/s" if document["events_per_second"] else ""
    output.line(screen, f"  {sentences.count(document['lines'], 'line')} in {document['seconds']:.1f} s{speed}")
    if document["resumed_at"]:
        output.line(screen, f"  went on after line {document['resumed_at']:,}, where an earlier run stopped")
    output.line(
        screen,
        f"  {document['recorded']:,} recorded, {sentences.count(document['duplicates'], 'duplicate')}, "
        f"{sentences.count(document['findings'], 'finding')}; the log ends at #{document['position']}",
    )
    if document["refused"]:
        codes = sorted(document["refused_by_code"].items(), key=lambda each: (-each[1], each[0]))
        output.line(screen, f"  {document['refused']:,} refused: " + ", ".join(f"{n:,} {code}" for code, n in codes))
        if document["rejected_file"]:
            output.line(screen, f"  they are in {document['rejected_file']}")
