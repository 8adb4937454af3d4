"""What the tests of `rebuild` do in processes of their own: rebuild, stop somewhere and wait to be killed, record."""

from __future__ import annotations

import sys
from collections.abc import Callable
from select import select

import orjson

from ledger.errors import LedgerError
from ledger.store.database import Connection, resolve
from projections import beside, folding, rebuilding
from projections.live import open_ledger
from tests.importing.histories import accepted, requested
from tests.importing.ledgers import NOW

SMALL = 50


def say(line: str) -> None:
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


def rebuild(named: str, progress: Callable[[int, int], None] = lambda done, of: None) -> None:
    """Rebuild in small batches; says the answer, or the code of the error."""
    folding.BATCH = SMALL
    rebuilding.LITTLE = 0
    try:
        say(orjson.dumps(rebuilding.rebuild(resolve(named), progress=progress)).decode())
    except LedgerError as error:
        say(orjson.dumps({"code": error.code, "exit": error.exit_code, "message": error.message}).decode())


def stop_half_way(named: str, after: str) -> None:
    """Rebuild as far as a position, say so, and wait."""

    def progress(done: int, of: int) -> None:
        if done >= int(after):
            say("there")
            sys.stdin.read()

    rebuild(named, progress)


def stop_before_the_commit(named: str) -> None:
    """Rebuild, exchange the tables, say so, and wait with the commit."""
    exchange = beside.exchange

    def waiting(connection: Connection) -> bool:
        done = exchange(connection)
        say("there")
        sys.stdin.read()
        return done

    beside.exchange = waiting
    rebuild(named)


def record(named: str, name: str) -> None:
    """Record a mission and its acceptance, one event a commit, until the input ends; says how many missions."""
    with open_ledger(named, clock=lambda: NOW) as ledger:
        number = 0
        while number < 5 or not select([sys.stdin], [], [], 0)[0]:
            mission = f"{name}-{number}"
            for document in (requested(mission), accepted(mission, f"pro-{number % 2 * 3}")):
                (outcome,) = ledger.record([document], live=False)
                assert outcome.status == "recorded", outcome
            number += 1
            if number == 5:
                say("there")
    say(str(number))


TASKS = {each.__name__: each for each in (rebuild, stop_half_way, stop_before_the_commit, record)}

if __name__ == "__main__":
    TASKS[sys.argv[1]](*sys.argv[2:])
