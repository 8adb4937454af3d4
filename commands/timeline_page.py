"""`timeline` for people: one line an event, and under it a line for each thing it changed.

What is said about a change is in `timeline_changes`; here is how the page is laid out.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from commands import output, reasons, sentences
from commands.text import escaped
from commands.timeline_changes import change_lines

if TYPE_CHECKING:
    from commands.screen import Screen

Document = Mapping[str, Any]
AT_MOST = 40
PLANNED = ("starts_at", "minutes")
GAP = "  "
TITLES = ("", "happened (UTC)", "recorded (UTC)", "mission", "what, and what it changed")


def show(screen: Screen, document: Document, *, everything: bool) -> None:
    """Print the page; without `everything` the last 40 events."""
    entries: Sequence[Document] = document["entries"]
    shown = entries if everything else entries[-AT_MOST:]
    counted = sentences.count(len(entries), "event")
    kind = str(document["kind"]).capitalize()
    output.line(screen, f"{kind} {document['subject']}: {counted} up to #{document['position']}", style="bold")
    if len(shown) < len(entries):
        earlier = sentences.count(len(entries) - len(shown), "earlier event")
        output.line(screen, f"{earlier} left out; --all prints them", style="dim")
    if not shown:
        return
    of_pro = document["kind"] == "pro"
    positions = {str(each["event"]): int(each["position"]) for each in entries}
    rows = [_row(each, positions) for each in shown]
    kept = [index for index in range(5) if index != 3 or of_pro]
    widths = [max(len(row[index]) for row in (TITLES, *rows)) for index in range(4)]
    indent = len(GAP) + sum(widths[index] + len(GAP) for index in kept[:-1])
    screen.print()
    _print(screen, TITLES, kept, widths, style="bold")
    for entry, row in zip(shown, rows, strict=True):
        _print(screen, row, kept, widths, style="dim strike" if entry["voided"] else "")
        for words in _below(entry, of_pro):
            output.line(screen, " " * indent + words, style="dim" if entry["voided"] else "")
    if any(each["late"] for each in shown):
        screen.print()
        output.line(screen, "late: recorded after something that had happened later", style="dim")


def _row(entry: Document, positions: Mapping[str, int]) -> tuple[str, ...]:
    late = " late" if entry["late"] else ""
    return (
        f"#{entry['position']}",
        sentences.stamp(entry["time"]),
        sentences.stamp(entry["recorded"]) + late,
        escaped(entry["mission"] or ""),
        escaped(_what(entry, positions)),
    )


def _what(entry: Document, positions: Mapping[str, int]) -> str:
    words = str(entry["summary"])
    if str(entry["type"]).startswith("pro."):
        words = f"{entry['pro']}: {words}"
    if entry["figures"]:
        words += f" ({sentences.figures_in_short(entry['figures'])})"
    if entry["cause"] in positions:
        words += f", because of #{positions[entry['cause']]}"
    return words


def _below(entry: Document, of_pro: bool) -> list[str]:
    """What the event changed, why it does not count, and whether it was taken back."""
    # The line above says when a mission starts that was just requested; on its own page its minutes are told too.
    known = [each for each in entry["changes"] if not (of_pro and each["what"] in PLANNED and each["before"] is None)]
    lines = change_lines(known)
    if entry["reason"]:
        prefix = "" if lines else "counts for nothing: "
        lines.append(f"{prefix}{reasons.in_words(entry['reason'])}")
    elif not lines and (of_pro or not str(entry["type"]).startswith("pro.")):
        lines.append("changes nothing")
    if entry["void"]:
        void = entry["void"]
        lines.append(f"VOIDED by #{void['position']}, {void['by']}: {void['reason']}")
    return lines


def _print(screen: Screen, cells: Sequence[str], kept: Sequence[int], widths: Sequence[int], *, style: str) -> None:
    padded = [cells[index].ljust(widths[index]) for index in kept[:-1]]
    output.line(screen, GAP.join([*padded, cells[kept[-1]]]), style=style)
