"""Compare a ledger that imported the flights with what `expected` computed without it.

    python -m tests.benchmarks.flights.check --database FOLDER_OR_URL [--data DIR] [--limit N] [--command CMD]

Asks the installed tool for `standing --json`, `billing --json` and the suspensions among its `events`, and compares
every figure of every aircraft and city, the totals, the access, each warning and each removal. Prints the number of
differences of each with the first five, and ends with exit code 1 if there is any. Differences in warnings and
removals alone may mean another reading of the contract: see the options of `expected`, all accepted here.
"""

import argparse
import json
import os
import shlex
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import fields
from datetime import UTC, datetime
from typing import Any

from tests.benchmarks.flights.expected import Figures, Finding, add_options, figures, findings, load, reading_of

MONEY = ("gross", "commission", "vat")
REMOVED = ("suspended", "excluded")
SHOWN = 5

Pair = tuple[str, str]
Value = Any
Table = dict[Any, Value]


def ask(command: str, database: str, *arguments: str) -> str:
    """What the tool prints; its own error line ends the check."""
    began = time.monotonic()
    environment = os.environ | {"MISSION_LEDGER_DATABASE": database, "NO_COLOR": "1"}
    order = [*shlex.split(command), *arguments]
    done = subprocess.run(order, env=environment, stdout=subprocess.PIPE, text=True, check=False)
    if done.returncode:
        sys.exit(f"{shlex.join(order)} ended with {done.returncode}")
    print(f"  {shlex.join(arguments)}: {time.monotonic() - began:.1f} s", file=sys.stderr)
    return done.stdout


def cents(amount: str) -> int:
    """Exactly two decimals or none, as USD has them."""
    whole, _, part = amount.partition(".")
    if len(part) not in (0, 2):
        raise ValueError(f"not an amount in USD: {amount!r}")
    return int(whole + part.ljust(2, "0"))


def two_decimals(numerator: int, denominator: int) -> str | None:
    """The quotient rounded half-up to two decimals, as text; nothing of nothing."""
    if not denominator:
        return None
    hundredths = (200 * numerator + denominator) // (2 * denominator)
    return f"{hundredths // 100}.{hundredths % 100:02}"


def utc(instant: str) -> str:
    """One spelling for every instant."""
    return datetime.fromisoformat(instant).astimezone(UTC).isoformat()


def expected_columns(table: dict[Pair, Figures]) -> dict[str, Table]:
    """Figure by figure: (aircraft, city) → value."""
    columns: dict[str, Table] = {
        field.name: {pair: getattr(each, field.name) for pair, each in table.items()} for field in fields(Figures)
    }
    columns["cancellation_rate"] = {
        pair: f"{each.cancelled + each.no_shows}/{each.accepted}" for pair, each in table.items()
    }
    columns["cancellation_percent"] = {
        pair: two_decimals(100 * (each.cancelled + each.no_shows), each.accepted) for pair, each in table.items()
    }
    columns["rating"] = {pair: two_decimals(each.stars, each.rated) for pair, each in table.items()}
    sums = {name: sum(columns[name].values()) for name in MONEY}
    sums["net"] = sums["gross"] - sums["commission"] - sums["vat"]
    columns["totals"] = {("USD", name): value for name, value in sums.items()}
    return columns


def ledger_columns(standing: dict[str, Any], billing: dict[str, Any]) -> dict[str, Table]:
    """The same, as the ledger says it."""
    cities = {(each["pro"], city): shown for each in standing["pros"] for city, shown in each["cities"].items()}
    columns: dict[str, Table] = {
        name: {pair: shown.get(name, "(missing)") for pair, shown in cities.items()}
        for name in (
            *("accepted", "cancelled", "no_shows", "rated", "stars"),
            *("cancellation_rate", "cancellation_percent", "rating"),
        )
    }
    sums: dict[str, Counter[Pair]] = {name: Counter(dict.fromkeys(cities, 0)) for name in ("billed", *MONEY)}
    for line in billing["lines"]:
        pair = (line["pro"], line["city"])
        amounts = {name: cents(line[name]) for name in MONEY}
        sums["billed"][pair] += amounts["gross"] != 0  # a cancelled mission may have a line of nothing
        for name in MONEY:
            sums[name][pair] += amounts[name]
    totals = {
        (currency, name): cents(amounts[name])
        for currency, amounts in billing["totals"].items()
        for name in (*MONEY, "net")
    }
    return {**columns, **sums, "totals": totals}


def expected_findings(found: Iterable[Finding]) -> dict[str, Table]:
    """Access, and each finding as (aircraft, rule, time) → how many of them."""
    found = list(found)
    return {
        "access": {each.pro: "removed" for each in found if each.removal},
        "warnings": _counted(each for each in found if not each.removal and not each.restriction),
        "removals": _counted(each for each in found if each.removal),
        "restrictions": _counted(each for each in found if each.restriction),
    }


def _counted(found: Iterable[Finding]) -> Table:
    return Counter((each.pro, each.rule, each.instant) for each in found)


def ledger_findings(standing: dict[str, Any], suspensions: str) -> dict[str, Table]:
    decided = [json.loads(line) for line in suspensions.splitlines()]
    return {
        "access": {each["pro"]: "removed" for each in standing["pros"] if each["access"] in REMOVED},
        "warnings": Counter(
            (each["pro"], warning["rule"], utc(warning["time"]))
            for each in standing["pros"]
            for warning in each["warnings"]
        ),
        "removals": _decided(each for each in decided if each["data"]["kind"] != "restriction"),
        "restrictions": _decided(each for each in decided if each["data"]["kind"] == "restriction"),
    }


def _decided(decisions: Iterable[dict[str, Any]]) -> Table:
    return Counter((each["subject"], each["data"]["rule"], utc(each["time"])) for each in decisions)


def differences(expected: Table, ledger: Table) -> Iterator[tuple[Any, Value, Value]]:
    """Keys whose values differ, a missing one included, in order."""
    for key in sorted(expected.keys() | ledger.keys()):
        ours, theirs = expected.get(key), ledger.get(key)
        if ours != theirs:
            yield key, ours, theirs


def report(expected: dict[str, Table], ledger: dict[str, Table]) -> int:
    """Print a line a figure and the first differences; return how many there are."""
    count = 0
    print(f"{'figure':<22}{'compared':>10}{'differences':>13}")
    for name, wanted in expected.items():
        found = list(differences(wanted, ledger[name]))
        count += len(found)
        print(f"{name:<22}{len(wanted.keys() | ledger[name].keys()):>10}{len(found):>13}")
        for key, ours, theirs in found[:SHOWN]:
            listed = key if isinstance(key, str) else " ".join(map(str, key))
            print(f"    {listed}: expected {ours}, the ledger has {theirs}")
    return count


def by_rule(keys: Table) -> str:
    rules: Counter[str] = Counter()
    for (_, rule, _), count in keys.items():
        rules[rule] += count
    return ", ".join(f"{rule} {count}" for rule, count in sorted(rules.items())) or "-"


def main() -> int:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--database", required=True, help="the folder or URL of the ledger")
    parser.add_argument("--command", default="mission-ledger", help='e.g. "python -m commands.main" (%(default)s)')
    add_options(parser)
    options = parser.parse_args()

    base = load(options.data, options.limit)
    expected = expected_columns(figures(base)) | expected_findings(findings(base, reading_of(options)))

    standing = json.loads(ask(options.command, options.database, "standing", "--json"))
    billing = json.loads(ask(options.command, options.database, "billing", "--json"))
    suspensions = ask(options.command, options.database, "events", "--type", "pro.suspended")
    ledger = ledger_columns(standing, billing) | ledger_findings(standing, suspensions)

    count = report(expected, ledger)
    print(f"policy of the ledger: {standing['policy']}, position {standing['position']}")
    for title, side in (("expected", expected), ("ledger", ledger)):
        print(f"{title}: {len(side['access'])} aircraft suspended or excluded")
        print(f"  removals by rule: {by_rule(side['removals'])}")
        print(f"  restrictions by rule: {by_rule(side['restrictions'])}")
        print(f"  warnings by rule: {by_rule(side['warnings'])}")
    print("no difference" if count == 0 else f"{count} differences")
    return int(count > 0)


if __name__ == "__main__":
    sys.exit(main())
