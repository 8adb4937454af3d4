"""What `billing periods` says of an open month is what its close then books, to the cent and to the entry."""

from __future__ import annotations

from collections.abc import Iterator
from random import Random
from typing import Any

import pytest

from ledger.instants import parse_us
from ledger.store.database import Database
from projections.live import LiveLedger, open_ledger
from tests.importing.ledgers import opened
from tests.missions.kit import Document, completed, event, modified, no_show, policy, voided

from .closes import LATER, SWISS, adjustment, close, recorded, session, sound, two_pros


def waits(ledger: LiveLedger) -> dict[str, tuple[int, int, dict[str, Any]]]:
    """Month → entries, lines that are still open, totals, of the open ones."""
    return {
        each["period"]: (each["lines"], each["open"], each["totals"])
        for each in ledger.periods()["periods"]
        if each["status"] == "open"
    }


def booked(ledger: LiveLedger, period: str) -> tuple[int, int, dict[str, Any]]:
    """What its close says."""
    outcome = close(ledger, period)
    assert outcome.event is not None
    data = outcome.event["data"]
    return data["lines"], data["left_open"], data["totals"]


def gross(ledger: LiveLedger) -> dict[str, dict[str, str]]:
    return {
        period: {code: sums["gross"] for code, sums in totals.items()}
        for period, (_, _, totals) in waits(ledger).items()
    }


def corrected(ledger: LiveLedger) -> int:
    with ledger.months() as months:
        return months.waiting()


def test_a_correction_waits_net_in_the_month_that_closes_next(database: Database) -> None:
    with opened(database) as ledger:
        recorded(ledger, two_pros())
        assert gross(ledger) == {"2026-03": {"CHF": "80.00", "EUR": "60.00"}, "2026-04": {"EUR": "60.00"}}
        close(ledger, "2026-03")
        recorded(ledger, [modified("m-1", "2026-03-10 12:00", 90)])
        assert gross(ledger) == {"2026-04": {"EUR": "45.00"}}  # 60.00 − 60.00 + 45.00
        assert corrected(ledger) == 1
        announced = waits(ledger)
        assert announced["2026-04"][0] == 3
        assert booked(ledger, "2026-04") == announced["2026-04"]
        assert waits(ledger) == {}
        assert sound(ledger)


def test_where_only_a_credit_waits_it_is_shown(database: Database) -> None:
    with opened(database) as ledger:
        recorded(ledger, two_pros())
        close(ledger, "2026-03")
        close(ledger, "2026-04")
        recorded(ledger, [voided(completed("m-1"))])
        assert gross(ledger) == {"2026-05": {"EUR": "-60.00"}}
        assert corrected(ledger) == 1
        announced = waits(ledger)
        assert booked(ledger, "2026-05") == announced["2026-05"]


def test_what_did_not_change_in_the_end_does_not_wait(database: Database) -> None:
    with opened(database) as ledger:
        recorded(ledger, two_pros())
        close(ledger, "2026-03")
        close(ledger, "2026-04")
        there_and_back = [modified("m-1", "2026-03-10 12:00", 30), modified("m-1", "2026-03-10 13:00", 120)]
        without_report = event("mission.no_show_confirmed", "m-2", "2026-04-01 09:00", by="ines")
        recorded(ledger, there_and_back)
        ledger.record([without_report], live=False)  # refused or not, it changes no amount
        assert waits(ledger) == {}
        assert corrected(ledger) == 0


def test_late_lines_wait_for_the_first_month_that_can_still_be_closed(database: Database) -> None:
    with opened(database) as ledger:
        recorded(ledger, [*two_pros(), *session("m-5", "p-2", "2026-06-10")])
        close(ledger, "2026-03")
        close(ledger, "2026-04")
        recorded(ledger, session("m-late", "p-2", "2026-03-20", **SWISS))
        recorded(ledger, session("m-before", "p-2", "2026-02-20", **SWISS))  # no month of it was ever closed
        assert gross(ledger) == {"2026-06": {"CHF": "160.00", "EUR": "60.00"}}
        announced = waits(ledger)
        assert booked(ledger, "2026-06") == announced["2026-06"]


def test_lines_that_may_still_change_are_counted_in_and_named(database: Database) -> None:
    with open_ledger(database.url, clock=lambda: parse_us("2026-04-01T13:00:00Z")) as ledger:
        recorded(ledger, [*two_pros()[:6], *session("m-31", "p-2", "2026-03-31")])
        assert waits(ledger)["2026-03"][:2] == (3, 1)
    with opened(database) as ledger:
        announced = waits(ledger)
        assert announced["2026-03"][:2] == (3, 0)
        assert booked(ledger, "2026-03") == announced["2026-03"]


def taken_back(ledger: LiveLedger) -> int:
    """How many credits all closes have booked."""
    row = ledger.connection.execute(b"SELECT count(*) FROM projection.billing_entry WHERE role = 'credit'").fetchone()
    assert row is not None
    return int(row[0])


MONTHS = ("2026-02", "2026-03", "2026-04")


def sessions(random: Random, label: str) -> Iterator[Document]:
    """Missions of two pros in two currencies, some of them with an absent client."""
    for number in range(random.randrange(1, 6)):
        day = f"{random.choice(MONTHS)}-{random.randrange(1, 28):02d}"
        pro, terms = random.choice([("p-1", {}), ("p-2", SWISS), ("p-2", {})])
        mission = f"{label}-{number}"
        made = session(mission, pro, day, minutes=random.choice((30, 95, 120)), **terms)
        if random.random() < 0.3:
            made[-1] = event("mission.client_absent", mission, f"{day} 09:30")
        yield from made


def changes(random: Random, done: list[Document], label: str) -> Iterator[Document]:
    """What becomes known later of missions that were done; much of it is refused, or changes nothing in the end."""
    for number, each in enumerate(random.sample(done, min(len(done), 6))):
        mission, day, id = each["subject"], each["time"][:10], f"{label}/{number}"
        kind = random.randrange(6)
        if kind == 0:
            yield voided(each) | {"id": f"void/{id}"}
        elif kind == 1:
            yield {**each, "id": f"again/{id}"}
        elif kind == 2:
            yield modified(mission, f"{day} 11:30", random.choice((30, 95, 120)), id=f"modified/{id}")
        elif kind == 3:
            yield no_show(mission, f"{day} 09:40", id=f"missed/{id}")
            yield event(f"mission.no_show_{random.choice(('confirmed', 'rejected'))}", mission, LATER, id=id, by="ines")
        elif kind == 4:
            yield adjustment(mission, id=id, duration_minutes=random.choice((30, 95, 120)))
        else:
            yield event("mission.no_show_confirmed", mission, LATER, id=id, by="ines")


@pytest.mark.parametrize("seed", range(8))
def test_whatever_becomes_known_a_close_books_what_was_announced(database: Database, seed: int) -> None:
    random = Random(seed)
    done: list[Document] = []
    seen = 0
    with opened(database) as ledger:
        recorded(ledger, [policy("required", "2026-01-02 00:00", no_show={"confirmation": "required"})])
        for turn in range(6):
            made = list(sessions(random, f"m{turn}"))
            recorded(ledger, made)
            done += [each for each in made if each["type"] in ("mission.completed", "mission.client_absent")]
            for each in changes(random, done, f"{turn}"):
                ledger.record([each], live=False)
            announced, credits = waits(ledger), corrected(ledger) + taken_back(ledger)
            wanted = [*announced][: random.randrange(4)]
            for period in wanted:
                assert booked(ledger, period) == announced[period], (turn, period)
                seen += announced[period][0]
            if wanted == [*announced]:
                assert taken_back(ledger) == credits
        assert (seen > 0, taken_back(ledger) > 0) == (True, True)
        assert sound(ledger)
