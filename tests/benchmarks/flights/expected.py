"""What the ledger must find in the flights, computed without the ledger.

    python -m tests.benchmarks.flights.expected [--data DIR] [--limit N] [--json FILE]

Two computations, sharing no code with the product:

- `figures`: DuckDB straight from the CSV. Per aircraft and city: accepted, cancelled, no-shows, the number and sum of
  stars of the last 50 rated missions in order of completion (ties by mission id), and the sums of gross, commission
  and VAT in cents. Integers only.
- `findings`: a plain loop over the events in the order of the history, following section 3 of the contract literally:
  the warnings, removals and restrictions under `mila-2018-06`. Every cancelled flight is called off three hours before
  its start, so that each is a late cancellation.

Where the contract can be read in more than one way, a `Reading` says which way; every one is an option on the command
line of `expected` and `check`.

Local times: Python's zoneinfo, once per distinct local time, joined. DuckDB's ICU takes the second of an hour that
comes twice (2013-11-03 01:00-01:59) where Python takes the first; no flight of the year is scheduled in such an hour.
"""

import argparse
import json
import sys
import tempfile
import zipfile
from bisect import insort
from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import asdict, dataclass, fields, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import NamedTuple
from zoneinfo import ZoneInfo

import duckdb

from tests.benchmarks.flights.history import default_folder, obtain

DAY = 86_400  # seconds
LADDER_SCOPE = "pro"  # "pro": one ladder per pro over all cities; "pro_city": one per pro and city

# mila-2018-06, as integers: rates in per cent, ratings in hundredths of a star
AVERAGE_PERCENT, MAXIMUM_PERCENT, MIN_ACCEPTED = 4, 6, 20
RATING_WINDOW, MIN_RATINGS, MINIMUM_CENTI, MARGIN_CENTI = 50, 20, 420, 10
NEGATIVE_MAX_STARS, NEGATIVE_COUNT, NEGATIVE_WINDOW = 2, 3, 20
LATE_COUNT, LATE_WINDOW, RESTRICTED_FOR = 3, 30 * DAY, 2 * DAY
WARNINGS_MAX, COOLDOWN, EXPIRY = 3, 14 * DAY, 180 * DAY


@dataclass(frozen=True, kw_only=True)
class Reading:
    """How the contract is read where it can be read in more than one way."""

    ladder_scope: str = LADDER_SCOPE
    approaching_needs_min_ratings: bool = True  # literally only `rating.minimum` asks for them
    negative_reviews: bool = True
    late_cancellations: bool = True
    negative_scope: str = "pro_city"  # the reviews counted: of the city, like every figure, or of the "pro"
    ladders_first: bool = True  # at one rating: a warning of rating.minimum comes before the removal by rating.negative


@dataclass(kw_only=True)
class Figures:
    """Of one aircraft in one city; money in cents."""

    accepted: int
    cancelled: int
    no_shows: int
    rated: int
    stars: int
    billed: int  # completed missions
    gross: int
    commission: int
    vat: int


@dataclass(frozen=True, kw_only=True)
class Finding:
    """A warning or a removal; `time` in seconds UTC."""

    time: int
    pro: str
    city: str
    rule: str
    removal: bool = False
    restriction: bool = False

    @property
    def ladder(self) -> str:
        return "rating" if self.rule in ("rating.minimum", "rating.approaching") else self.rule

    @property
    def instant(self) -> str:
        return datetime.fromtimestamp(self.time, UTC).isoformat()


class Event(NamedTuple):
    """What happened to a mission; times in seconds UTC, `completed` and `stars` of the mission as it ended."""

    time: int
    serial: int
    kind: str
    pro: str
    city: str
    client: str
    mission: str
    completed: int
    stars: int


LOAD = """
CREATE TABLE flights AS
SELECT row_number() OVER () - 1 AS serial, *
FROM read_csv(?, header = true, all_varchar = true, nullstr = ['NA', '']);
"""

LOCAL = """
CREATE VIEW timed AS
SELECT *,
       make_timestamp(year::BIGINT, month::BIGINT, day::BIGINT,
                      sched_dep_time::BIGINT // 100, sched_dep_time::BIGINT % 100, 0.0) AS local
FROM flights
"""

# completed and stars are NULL unless the flight landed where it was going; every time is in seconds UTC
MISSIONS = """
CREATE TABLE missions AS
SELECT serial,
       printf('%s-%s%s-%s-%d', strftime(local, '%Y%m%d'), carrier, flight, origin, serial) AS mission,
       coalesce(tailnum, carrier || '-unassigned') AS pro,
       origin AS city,
       'client-' || dest AS client,
       starts,
       dep_time IS NULL AS cancelled,
       CASE WHEN dep_time IS NOT NULL AND air_time IS NOT NULL AND arr_delay IS NOT NULL
            THEN air_time::BIGINT END AS minutes,
       starts + 60 * (greatest(dep_delay::BIGINT, 0) + minutes) AS completed,
       CASE WHEN minutes IS NULL THEN NULL
            WHEN arr_delay::BIGINT <= 0 THEN 5
            WHEN arr_delay::BIGINT <= 15 THEN 4
            WHEN arr_delay::BIGINT <= 45 THEN 3
            WHEN arr_delay::BIGINT <= 120 THEN 2
            ELSE 1 END AS stars
FROM timed JOIN instants USING (local)
"""

# half-up of a/b is (2a + b) // 2b; 9,000 cents an hour, 15 % commission, 20 % VAT on it
FIGURES = f"""
WITH billed AS (
    SELECT *, (2 * 9000 * minutes + 60) // 120 AS gross,
           (2 * 15 * gross + 100) // 200 AS commission,
           (2 * 20 * commission + 100) // 200 AS vat
    FROM missions
), ranked AS (
    SELECT *, CASE WHEN completed IS NOT NULL THEN row_number() OVER (
        PARTITION BY pro, city ORDER BY completed DESC NULLS LAST, mission DESC) END AS nth_last
    FROM billed
)
SELECT pro, city,
       count(*) AS accepted,
       count(*) FILTER (cancelled) AS cancelled,
       0 AS no_shows,
       count(*) FILTER (nth_last <= {RATING_WINDOW}) AS rated,
       coalesce(sum(stars) FILTER (nth_last <= {RATING_WINDOW}), 0)::BIGINT AS stars,
       count(completed) AS billed,
       coalesce(sum(gross), 0)::BIGINT AS gross,
       coalesce(sum(commission), 0)::BIGINT AS commission,
       coalesce(sum(vat), 0)::BIGINT AS vat
FROM ranked GROUP BY pro, city ORDER BY pro, city
"""


def load(data: Path, limit: int | None = None) -> duckdb.DuckDBPyConnection:
    """A database in memory with the table `missions`, made from the CSV in `data`."""
    base = duckdb.connect()
    with tempfile.TemporaryDirectory() as scratch, zipfile.ZipFile(obtain(data)) as archive:
        name = next(n for n in archive.namelist() if n.endswith("flights.csv") and not n.startswith("__"))
        base.execute("SET threads = 1")  # row_number() is then the line number
        base.execute(LOAD, [archive.extract(name, scratch)])
        base.execute("RESET threads")
    if limit is not None:
        base.execute("DELETE FROM flights WHERE serial >= ?", [limit])
    base.execute(LOCAL)
    base.execute("CREATE TABLE instants (local TIMESTAMP, starts BIGINT)")
    zone = ZoneInfo("America/New_York")
    local = [moment for (moment,) in base.execute("SELECT DISTINCT local FROM timed").fetchall()]
    starts = [int(moment.replace(tzinfo=zone, fold=0).timestamp()) for moment in local]
    base.execute("INSERT INTO instants SELECT unnest(?::TIMESTAMP[]), unnest(?::BIGINT[])", [local, starts])
    base.execute(MISSIONS)
    return base


def figures(base: duckdb.DuckDBPyConnection) -> dict[tuple[str, str], Figures]:
    """The figures of every (aircraft, city)."""
    names = [field.name for field in fields(Figures)]
    table = base.execute(FIGURES).fetchall()
    return {(pro, city): Figures(**dict(zip(names, rest, strict=True))) for pro, city, *rest in table}


def events(base: duckdb.DuckDBPyConnection) -> list[Event]:
    """What a rule may count, in the order of the history: by time, at one instant by flight."""
    found = []
    columns = "serial, pro, city, client, mission, starts, cancelled, completed, stars"
    for row in base.execute(f"SELECT {columns} FROM missions").fetchall():
        serial, pro, city, client, mission, starts, cancelled, completed, stars = row
        rest = (pro, city, client, mission, completed, stars)
        found.append(Event(starts - 6 * DAY, serial, "accepted", *rest))
        if cancelled:
            found.append(Event(starts - DAY // 8, serial, "cancelled", *rest))
        if completed is not None:
            found.append(Event(completed + DAY, serial, "rated", *rest))
    found.sort(key=lambda event: event[:2])  # no two events of one mission share an instant
    return found


def findings(base: duckdb.DuckDBPyConnection, reading: Reading | None = None) -> list[Finding]:
    """Every warning and removal, in the order they arise."""
    court = Court(reading or Reading())
    for event in events(base):
        court.hear(event)
    return court.found


class Court:
    """The figures so far, the warnings so far, and what follows from the next event."""

    def __init__(self, reading: Reading) -> None:
        self.reading = reading
        self.accepted: Counter[tuple[str, str]] = Counter()
        self.cancelled: Counter[tuple[str, str]] = Counter()
        self.rated: dict[tuple[str, ...], list[tuple[int, str, int, str]]] = defaultdict(list)  # by completion
        self.warned: dict[tuple[str, ...], list[int]] = defaultdict(list)
        self.removed: set[str] = set()
        self.late: dict[tuple[str, str], list[int]] = defaultdict(list)
        self.restricted_until: dict[str, int] = {}
        self.found: list[Finding] = []

    def hear(self, event: Event) -> None:
        here = (event.pro, event.city)
        if event.kind == "accepted":
            self.accepted[here] += 1
        elif event.kind == "cancelled":
            self.cancelled[here] += 1
            self.judge(event, self.cancellation_breach(here))
            self.late[here].append(event.time)
            self.judge_late(event)
        else:
            before = [each[2] for each in self.rated[here][-RATING_WINDOW:]]
            for key in (here, (event.pro,)):
                insort(self.rated[key], (event.completed, event.mission, event.stars, event.client))
            adverse = event.stars * len(before) < sum(before)
            breach = self.rating_breach(here) if adverse else None
            first = self.reading.ladders_first and breach is not None and breach[0] == "rating.minimum"
            if first:
                self.judge(event, breach)
            self.judge_negative(event)
            if not first:
                self.judge(event, breach)

    def cancellation_breach(self, here: tuple[str, str]) -> tuple[str, bool] | None:
        """The rule in breach, and whether it is beyond the bound of removal."""
        accepted, cancelled = self.accepted[here], self.cancelled[here]
        if accepted < MIN_ACCEPTED or cancelled * 100 <= AVERAGE_PERCENT * accepted:
            return None
        return "cancellation.rate", cancelled * 100 > MAXIMUM_PERCENT * accepted

    def rating_breach(self, here: tuple[str, str]) -> tuple[str, bool] | None:
        window = [each[2] for each in self.rated[here][-RATING_WINDOW:]]
        count, total = len(window), 100 * sum(window)
        if count < MIN_RATINGS and (total < MINIMUM_CENTI * count or self.reading.approaching_needs_min_ratings):
            return None
        if total < MINIMUM_CENTI * count:
            return "rating.minimum", True
        if total < (MINIMUM_CENTI + MARGIN_CENTI) * count:
            return "rating.approaching", False
        return None

    def judge(self, event: Event, breach: tuple[str, bool] | None) -> None:
        """One step up the ladder, if an adverse event finds the pro in breach."""
        if breach is None or event.pro in self.removed:
            return
        rule, removable = breach
        finding = Finding(time=event.time, pro=event.pro, city=event.city, rule=rule)
        warned = self.warned[(finding.ladder, *self.scope(event, self.reading.ladder_scope))]
        if warned and event.time - warned[-1] < COOLDOWN:
            return
        unexpired = [at for at in warned if event.time < at + EXPIRY]
        if removable and len(unexpired) >= WARNINGS_MAX:
            self.remove(finding)
        else:
            warned.append(event.time)
            self.found.append(finding)

    def judge_negative(self, event: Event) -> None:
        """Several low ratings from different clients among the last rated missions."""
        if not self.reading.negative_reviews or event.pro in self.removed or event.stars > NEGATIVE_MAX_STARS:
            return
        mine = self.rated[self.scope(event, self.reading.negative_scope)]
        if (event.completed, event.mission) < mine[-NEGATIVE_WINDOW:][0][:2]:
            return  # it is not among those looked at
        last = self.rated[self.scope(event, self.reading.negative_scope)][-NEGATIVE_WINDOW:]
        if len({client for *_, stars, client in last if stars <= NEGATIVE_MAX_STARS}) >= NEGATIVE_COUNT:
            self.remove(Finding(time=event.time, pro=event.pro, city=event.city, rule="rating.negative"))

    def judge_late(self, event: Event) -> None:
        """Several late cancellations within some days, in one city; one restriction at a time."""
        if not self.reading.late_cancellations or event.pro in self.removed:
            return
        if event.time < self.restricted_until.get(event.pro, 0):
            return
        recent = [at for at in self.late[event.pro, event.city] if event.time - LATE_WINDOW < at <= event.time]
        if len(recent) >= LATE_COUNT:
            self.restricted_until[event.pro] = event.time + RESTRICTED_FOR
            rule = "cancellation.late"
            self.found.append(Finding(time=event.time, pro=event.pro, city=event.city, rule=rule, restriction=True))

    @staticmethod
    def scope(event: Event, scope: str) -> tuple[str, ...]:
        return (event.pro, event.city) if scope == "pro_city" else (event.pro,)

    def remove(self, finding: Finding) -> None:
        self.removed.add(finding.pro)
        self.found.append(replace(finding, removal=True))


def add_options(parser: argparse.ArgumentParser) -> None:
    """What `expected` and `check` share."""
    parser.add_argument("--data", type=Path, default=default_folder(), help="where the data set is kept (%(default)s)")
    parser.add_argument("--limit", type=int, help="the first N flights, as given to `history`")
    usual = Reading()
    for name, text in (
        ("ladder", "one ladder per pro over all cities, or per pro and city"),
        ("negative", "low reviews of one city only, or of the pro anywhere"),
    ):
        default = getattr(usual, f"{name}_scope")
        parser.add_argument(f"--{name}-scope", choices=("pro", "pro_city"), default=default, help=f"{text} ({default})")
    for flag, text in (
        ("approaching-needs-min-ratings", "rating.approaching too asks for min_ratings"),
        ("negative-reviews", "rating.negative is in force"),
        ("late-cancellations", "cancellation.late is in force"),
        ("ladders-first", "a rating may warn before rating.negative removes"),
    ):
        default = getattr(usual, flag.replace("-", "_"))
        words = f"{text} ({'yes' if default else 'no'})"
        parser.add_argument(f"--{flag}", action=argparse.BooleanOptionalAction, default=default, help=words)


def reading_of(options: argparse.Namespace) -> Reading:
    return Reading(**{field.name: getattr(options, field.name) for field in fields(Reading)})


def summary(table: dict[tuple[str, str], Figures], found: list[Finding]) -> Iterator[str]:
    """The key numbers, a line each."""
    yield f"{len(table)} aircraft × city, {len({pro for pro, _ in table})} aircraft"
    for field in fields(Figures):
        yield f"  {field.name:<12}{sum(getattr(each, field.name) for each in table.values()):>14}"
    for title, kind in (("warnings", (False, False)), ("removals", (True, False)), ("restrictions", (False, True))):
        rules = Counter(finding.rule for finding in found if (finding.removal, finding.restriction) == kind)
        listed = ", ".join(f"{rule} {count}" for rule, count in sorted(rules.items()))
        yield f"{rules.total()} {title}: {listed or '-'}"


def main() -> int:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    add_options(parser)
    parser.add_argument("--json", type=Path, help="also write every figure and finding to this file")
    options = parser.parse_args()
    base = load(options.data, options.limit)
    table, found = figures(base), findings(base, reading_of(options))
    print("\n".join(summary(table, found)))
    if options.json:
        document = {
            "figures": [{"pro": pro, "city": city, **asdict(each)} for (pro, city), each in table.items()],
            "findings": [{**asdict(each), "time": each.instant} for each in found],
        }
        options.json.write_text(json.dumps(document, indent=1) + "\n", encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
