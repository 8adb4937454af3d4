"""CPU per event for a pro with many missions, under each window and denominator of the cancellation rate.

Run by hand: `python -m tests.benchmarks.incremental [MISSIONS]`. A career is recorded first; then, one event at a time,
missions are accepted, cancelled in time and late, done and rated, and after each event the figures are counted as the
projection of standing counts them. Goal: less than a millisecond an event, whatever the window.
"""

from __future__ import annotations

import gc
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parents[1]))

from missions.kit import Document, Story, accepted, cancelled, completed, policy, rated, requested
from rules.career import day

MEASURED = 200
GOAL_MS = 1.0


def career(count: int) -> Iterator[Document]:
    """A mission an hour: one in fifty cancelled, of these one in ten late; two thirds of the others rated."""
    for number in range(count):
        mission, at = f"m-{number}", number / 24 - 500
        yield requested(mission, day(at), starts_at=day(at + 5), client=f"client-{number % 997}")
        yield accepted(mission, "p-1", day(at + 0.01))
        if number % 50 == 7:
            yield cancelled(mission, day(at + (4.5 if number % 500 == 7 else 1)))
        elif number % 100 < 95:
            yield completed(mission, day(at + 5.1))
            if number % 3:
                yield rated(mission, 5 if number % 20 else 3, day(at + 5.2))


def measured(count: int) -> Iterator[Document]:
    """More of the same, as it goes on."""
    for number in range(count, count + MEASURED):
        mission, at = f"m-{number}", count / 24 - 500 + (number - count) / 24
        yield requested(mission, day(at), starts_at=day(at + 2))
        yield accepted(mission, "p-1", day(at + 0.01))
        if number % 4 == 0:
            yield cancelled(mission, day(at + (1.5 if number % 8 else 0.5)))
        else:
            yield completed(mission, day(at + 2.1))
            yield rated(mission, 2 if number % 5 == 0 else 5, day(at + 2.2))


def run(count: int, window: dict[str, Any], denominator: str) -> tuple[float, float, int]:
    """Milliseconds of CPU an event: the mean, and the worst; and how many findings there were."""
    terms = policy(
        "2",
        "2020-02-01 00:00",
        "2020-01-01 00:00",
        cancellation={"window": window, "denominator": denominator, "average": "0.90", "maximum": "0.95"},
        late_cancellation={"count": 1000},
        negative_reviews={"count": 1000},
        rating={"minimum": "0.10"},
    )
    story = Story(terms, *career(count))
    gc.collect()
    gc.freeze()  # as an import does: what the collector would look at is not what is measured
    worst = total = 0.0
    events = 0
    for document in measured(count):
        started = time.process_time()
        story.when(document)
        pro = story.pro("p-1")
        for city, figures in pro.cities.items():  # as `projections.standing` counts them after each commit
            at = pro.latest_at
            now = story.book.chronicle.latest.parameters(at, city)
            figures.rate(now, at)
            figures.rating(now)
            figures.late_figures(now, at, pro.reinstated_at)
        spent = time.process_time() - started
        events, total, worst = events + 1, total + spent, max(worst, spent)
    gc.unfreeze()
    findings = sum(each.by_engine for each in story.entries)
    return 1000 * total / events, 1000 * worst, findings


def main(count: int = 10_000) -> None:
    """Print a line for each way to count."""
    print(f"{count:,} missions, then {MEASURED} more; ms of CPU an event, goal < {GOAL_MS}")
    windows = ({"kind": "all"}, {"kind": "days", "days": 90}, {"kind": "days", "days": 4000})
    windows = (*windows, {"kind": "last_accepted", "n": 200}, {"kind": "last_accepted", "n": count})
    for window in windows:
        for denominator in ("accepted", "accepted_and_due"):
            mean, worst, findings = run(count, window, denominator)
            size = next((str(value) for key, value in window.items() if key != "kind"), "")
            name = f"{window['kind']} {size} {denominator}"
            print(f"{name:<42} mean {mean:6.3f}   worst {worst:6.3f}   {findings} findings")


if __name__ == "__main__":
    main(*(int(each) for each in sys.argv[1:]))
