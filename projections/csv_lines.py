"""CSV (RFC 4180) to wire documents: one event a row, one column a field, nested fields with a dot (`price.amount`).

Columns named like envelope attributes (`type`, `subject`, `time`, `id`, `source`, …) are those; all others are fields
of `data`. An empty cell is a field left out. A local time without offset may stand beside a `timezone` column; one that
the zone skips or repeats is refused rather than guessed.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from typing import Any, get_args
from zoneinfo import ZoneInfo

import orjson
from pydantic import BaseModel

from ledger.errors import Misused, Refused
from ledger.events.models import MODEL_OF
from ledger.events.reading import INSTANT_FIELDS, MAX_BYTES, OURS
from ledger.instants import zone

ENVELOPE = frozenset(
    {"specversion", "id", "source", "type", "subject", "time", "datacontenttype", *OURS}
    | {"correlationid", "causationid", "traceparent"}
)
NEEDED = frozenset({"type", "subject", "time", "id", "source"})
SEPARATORS = {";": "semicolons", "\t": "tabs", "|": "bars"}
"""What spreadsheets and databases write in place of commas, and its name."""

_WHOLE = re.compile(r"-?[0-9]{1,18}")


def documents(raw_lines: Iterable[bytes]) -> Iterator[tuple[bytes, bytes | Refused]]:
    """(the row as text, its wire document or its refusal), row by row. Misused: `unreadable_file` without a header."""
    read: list[bytes] = []  # the lines of the row that is being read
    rows = csv.reader(_decoded(raw_lines, read), strict=True)
    csv.field_size_limit(MAX_BYTES)
    header: list[str] | None = None
    while True:
        try:
            row = next(rows)
        except StopIteration:
            return
        except csv.Error as error:
            yield b"\n".join(read), Refused("invalid_event", f"line {rows.line_num} is not CSV: {error}")
            read.clear()
            continue
        read.clear()
        if header is None:
            header = _names(row)
            if not set(header) >= NEEDED:
                raise _not_a_history(header)
            continue
        if row:
            yield _line(row), _document(header, row)


def _names(row: Iterable[str]) -> list[str]:
    return [name.strip().lstrip("\ufeff") for name in row]


def _not_a_history(header: list[str]) -> Misused:
    """The refusal of a file without the columns that each event needs; where they are parted otherwise, it says so."""
    text = "a CSV history needs the columns type, subject, time, id and source"
    for separator, name in SEPARATORS.items():
        if len(header) == 1 and set(_names(header[0].split(separator))) >= NEEDED:
            text += f"; this file parts them by {name}: save it with commas"
    return Misused("unreadable_file", text)


def _decoded(raw_lines: Iterable[bytes], read: list[bytes]) -> Iterator[str]:
    for raw in raw_lines:
        read.append(raw)
        yield raw.decode("utf-8", errors="replace") + "\n"


def _line(row: list[str]) -> bytes:
    text = io.StringIO()
    csv.writer(text, lineterminator="").writerow(row)
    return text.getvalue().encode()


def _document(header: list[str], row: list[str]) -> bytes | Refused:
    if len(row) != len(header):
        return Refused("invalid_event", f"the row has {len(row)} cells, the header {len(header)}")
    if any("\ufffd" in cell for cell in row):
        return Refused("invalid_event", "the row is not valid UTF-8")
    cells = {name: cell.strip() for name, cell in zip(header, row, strict=True) if cell.strip()}
    try:
        return orjson.dumps(_assembled(cells))
    except Refused as refusal:
        return refusal


def _assembled(cells: dict[str, str]) -> dict[str, Any]:
    timezone = cells.get("timezone")
    event_type = cells.get("type", "")
    doc: dict[str, Any] = {"specversion": "1.0"}
    data: dict[str, Any] = {}
    model = MODEL_OF.get(event_type)
    fields: Any = model.model_fields["data"].annotation if model else None
    for name, cell in cells.items():
        if name in ENVELOPE:
            doc[name] = _instant(cell, timezone) if name == "time" else cell
        elif name == "timezone" and not (fields and "timezone" in fields.model_fields):
            continue  # it only says in which zone this row's local times are
        else:
            *path, last = name.split(".")
            inner = data
            for step in path:
                inner = inner.setdefault(step, {})
            inner[last] = _instant(cell, timezone) if last in INSTANT_FIELDS else _typed(cell, name, fields)
    doc["data"] = data
    return doc


def _typed(cell: str, name: str, fields: Any) -> Any:
    """A cell as the JSON value its field's type wants; what does not fit stays text for the schema to refuse."""
    kinds = _kinds(fields, name.split("."))
    if bool in kinds and cell.lower() in ("true", "false"):
        return cell.lower() == "true"
    if int in kinds and _WHOLE.fullmatch(cell):
        return int(cell)
    if cell[:1] in "[{" and str not in kinds:
        try:
            return orjson.loads(cell)
        except ValueError:
            return cell
    return cell


def _kinds(model: Any, path: list[str]) -> set[Any]:
    """The plain types a field may have."""
    if not (isinstance(model, type) and issubclass(model, BaseModel)) or path[0] not in model.model_fields:
        return set()
    annotation = model.model_fields[path[0]].annotation
    options = {annotation, *get_args(annotation)}
    if len(path) > 1:
        return set().union(*(_kinds(option, path[1:]) for option in options))
    return options


def _instant(cell: str, timezone: str | None) -> str:
    """RFC 3339 with an offset: as given, or a local time resolved in the row's zone."""
    try:
        local = datetime.fromisoformat(cell)
    except ValueError:
        return cell  # the schema says what is wrong with it
    if local.tzinfo is not None or timezone is None:
        return cell
    try:
        place = zone(timezone)
    except (KeyError, ValueError, OSError):
        raise Refused("invalid_event", f"timezone: {timezone!r} is not an IANA zone; write Europe/Paris") from None
    return _resolved(local, place, cell, timezone)


def _resolved(local: datetime, place: ZoneInfo, cell: str, timezone: str) -> str:
    first, second = (local.replace(tzinfo=place, fold=fold) for fold in (0, 1))
    if first.astimezone(UTC).astimezone(place).replace(tzinfo=None) != local:
        raise Refused("nonexistent_local_time", f"{cell} does not exist in {timezone}: the clocks go forward over it")
    if first.utcoffset() != second.utcoffset():
        raise Refused("ambiguous_local_time", f"{cell} comes twice in {timezone}: write it with its offset")
    return first.isoformat()
