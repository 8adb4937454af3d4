"""Kill an import over and over: the ledger it leaves in the end must be the one an undisturbed import makes.

    python -m tests.benchmarks.flights.kill FILE.ndjson --folder DIR [--times 5] [--seed 1] [--server] [--command CMD]

Imports FILE into the embedded ledger DIR/undisturbed; then into DIR/killed, where SIGKILL strikes the import at random
moments spread over its work, and the import is started again each time until it ends. After every kill, what is stored
must be a beginning of the undisturbed log; in the end the logs must be equal event by event, and so must `standing`,
`warnings` and `billing` – all apart from the recorded time. With --server the embedded PostgreSQL of DIR/killed
is killed as well, right after the import. Exit code 1 on any difference. The moments are random, the verdict is not:
an import that ends before it is struck is reported, never held against it.
"""

import argparse
import json
import os
import random
import shlex
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import closing
from itertools import islice, zip_longest
from pathlib import Path
from typing import Any

RECORDED = {"recordedtime", "recorded", "recorded_at"}  # the only thing two imports may differ in
DOCUMENTS = ("standing", "warnings", "billing")
SHOWN, DIFFERENCES_MAX = 5, 1000


class Ledger:
    """One embedded ledger, driven through the command line only."""

    def __init__(self, command: str, folder: Path, file: Path) -> None:
        self.command = shlex.split(command)
        self.folder = folder.resolve() / "database"
        self.environment = os.environ | {"MISSION_LEDGER_DATABASE": str(self.folder), "NO_COLOR": "1"}
        self.file = folder / file.name  # refused lines are written beside the file: each ledger has its own
        if folder.exists() and any(folder.iterdir()):
            sys.exit(f"{folder} is not empty; choose another --folder or delete it")
        folder.mkdir(parents=True, exist_ok=True)
        self.file.symlink_to(file.resolve())

    def importing(self) -> subprocess.Popen[bytes]:
        order = [*self.command, "import", str(self.file), "--json"]
        log = (self.file.parent / "import.log").open("ab")
        with closing(log):
            return subprocess.Popen(order, env=self.environment, stdout=log, stderr=log, stdin=subprocess.DEVNULL)

    def finish(self, importing: subprocess.Popen[bytes]) -> int:
        """Wait for the end: 0, or 1 where some lines were refused; anything else ends the benchmark."""
        code = importing.wait()
        if code not in (0, 1):
            sys.exit(f"the import ended with {code}, see {self.file.parent / 'import.log'}")
        return code

    def events(self) -> Iterator[str]:
        """The log in order: one event a line, keys sorted, without the recorded time."""
        with subprocess.Popen([*self.command, "events"], env=self.environment, stdout=subprocess.PIPE) as printing:
            assert printing.stdout is not None
            for line in printing.stdout:
                yield json.dumps(without_recorded(json.loads(line)), sort_keys=True)
        if printing.returncode:
            sys.exit(f"`events` of {self.folder} ended with {printing.returncode}")

    def document(self, name: str) -> Any:
        done = subprocess.run(
            [*self.command, name, "--json"], env=self.environment, stdout=subprocess.PIPE, check=False
        )
        if done.returncode:
            sys.exit(f"`{name}` of {self.folder} ended with {done.returncode}")
        return without_recorded(json.loads(done.stdout))

    def kill_server(self) -> bool:
        """SIGKILL to the embedded PostgreSQL of this folder, if one runs there."""
        killed = False
        for lock in self.folder.rglob("postmaster.pid"):
            pid = lock.read_text().split()[0]
            shown = subprocess.run(["ps", "-o", "command=", "-p", pid], capture_output=True, text=True, check=False)
            if "postgres" in shown.stdout and str(lock.parent) in shown.stdout:  # not a stranger with that number
                os.kill(int(pid), signal.SIGKILL)
                killed = True
        return killed


def without_recorded(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: without_recorded(each) for key, each in value.items() if key not in RECORDED}
    if isinstance(value, list):
        return [without_recorded(each) for each in value]
    return value


def paths_of(value: Any, path: str = "") -> Iterator[tuple[str, Any]]:
    """Every leaf with the way to it, so that a difference can be named."""
    if isinstance(value, dict) and value:
        for key, each in value.items():
            yield from paths_of(each, f"{path}.{key}")
    elif isinstance(value, list) and value:
        for index, each in enumerate(value):
            yield from paths_of(each, f"{path}[{index}]")
    else:
        yield path, value


def compare_events(undisturbed: Path, killed: Iterator[str], *, partial: bool) -> tuple[int, list[str]]:
    """How many events the killed ledger holds, and the first differences; `partial` allows it to end early."""
    count = 0
    found: list[str] = []
    with undisturbed.open(encoding="utf-8") as lines:
        for ours, theirs in zip_longest((line.rstrip("\n") for line in lines), killed):
            if theirs is None and partial:
                break
            count += theirs is not None
            if ours != theirs and len(found) < DIFFERENCES_MAX:
                found.append(f"undisturbed {ours}\n    killed      {theirs}")
    return count, found


def compare_documents(ours: Any, theirs: Any) -> list[str]:
    if ours == theirs:
        return []
    left, right = dict(paths_of(ours)), dict(paths_of(theirs))
    keys = [key for key in left | right if (key in left, left.get(key)) != (key in right, right.get(key))]
    return [f"{key}: undisturbed {left.get(key)!r}, killed {right.get(key)!r}" for key in keys[:DIFFERENCES_MAX]]


def report(title: str, found: list[str]) -> int:
    many = " or more" if len(found) == DIFFERENCES_MAX else ""
    print(f"{title}: {len(found) or 'no'}{many} difference{'' if len(found) == 1 else 's'}", flush=True)
    for each in islice(found, SHOWN):
        print(f"    {each}")
    return len(found)


def disturb(ledger: Ledger, undisturbed: Path, *, total: int, duration: float, options: argparse.Namespace) -> int:
    """Import under fire, then to the end; return the number of differences met on the way."""
    rng, stored, differences, kills = random.Random(options.seed), 0, 0, 0
    skipping = 0.0  # seconds a rerun needs to start and to pass over what is there, guessed from the last one
    while kills < options.times:
        left = duration * max(0.1, 1 - stored / max(total, 1))  # spreads the kills over the work that remains
        delay = skipping + rng.uniform(0, 2 * left / (options.times - kills + 1))
        importing = ledger.importing()
        try:
            importing.wait(delay)
        except subprocess.TimeoutExpired:
            importing.kill()
        code = importing.wait()
        if code in (0, 1):
            print(f"the import ended ({code}) before it could be struck after {delay:.1f} s; {kills} kills")
            return differences
        if code != -signal.SIGKILL:
            sys.exit(f"the import ended with {code}, see {ledger.file.parent / 'import.log'}")
        kills += 1
        server = " and its server" if options.server and ledger.kill_server() else ""
        title = f"kill {kills} after {delay:.1f} s: the import{server}"
        if not ledger.folder.exists():
            print(f"{title}; nothing was there yet")
            continue
        before = stored
        stored, found = compare_events(undisturbed, ledger.events(), partial=True)
        skipping = max(0.0, delay - duration * (stored - before) / max(total, 1))
        differences += report(f"{title}; {stored} of {total} events stored, a beginning of the undisturbed log", found)
    began = time.monotonic()
    code = ledger.finish(ledger.importing())
    print(f"the last import ran to its end ({code}) in {time.monotonic() - began:.1f} s")
    return differences


def main() -> int:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("file", type=Path, help="CloudEvents NDJSON")
    parser.add_argument("--folder", type=Path, required=True, help="for the two ledgers; must not hold any yet")
    parser.add_argument("--times", type=int, default=5, help="how many kills (%(default)s)")
    parser.add_argument("--seed", type=int, default=1, help="of the random moments (%(default)s)")
    parser.add_argument("--server", action="store_true", help="kill the embedded server too")
    parser.add_argument("--command", default="mission-ledger", help='e.g. "python -m commands.main" (%(default)s)')
    options = parser.parse_args()

    undisturbed = Ledger(options.command, options.folder / "undisturbed", options.file)
    killed = Ledger(options.command, options.folder / "killed", options.file)

    began = time.monotonic()
    code = undisturbed.finish(undisturbed.importing())
    duration = time.monotonic() - began
    log, total = undisturbed.file.parent / "events.ndjson", 0
    with log.open("w", encoding="utf-8") as out:
        for line in undisturbed.events():
            print(line, file=out)
            total += 1
    print(f"undisturbed: {total} events in {duration:.1f} s, exit code {code}", flush=True)

    differences = disturb(killed, log, total=total, duration=duration, options=options)
    stored, found = compare_events(log, killed.events(), partial=False)
    differences += report(f"{stored} events of the killed ledger", found)
    for name in DOCUMENTS:
        differences += report(name, compare_documents(undisturbed.document(name), killed.document(name)))
    print("equal" if differences == 0 else f"{differences} differences")
    return int(differences > 0)


if __name__ == "__main__":
    sys.exit(main())
