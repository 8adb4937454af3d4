"""The timelines of the demo month as a stranger reads them: whole pages, but for when they were recorded."""

# ruff: noqa: E501  pages as they are

from __future__ import annotations

import io
import re
from collections.abc import Iterator

import pytest
from rich.console import Console

from commands import timeline_page
from commands.demo.month import events
from commands.demo.people import PROS
from commands.screen import Screen
from ledger.instants import parse_us
from ledger.store.database import Database
from projections.live import LiveLedger, open_ledger


@pytest.fixture
def ledger(database: Database) -> Iterator[LiveLedger]:
    with open_ledger(database.url, clock=lambda: parse_us("2026-11-01T00:00:00Z")) as live:
        live.record(list(events()), live=False)
        yield live


def page(ledger: LiveLedger, subject: str, *, everything: bool = False) -> str:
    file = io.StringIO()
    document = ledger.timeline(subject)
    timeline_page.show(Screen(file, Console(file=file, width=200)), document, everything=everything)
    return "\n".join(_without_recorded(line).rstrip() for line in file.getvalue().splitlines())


def _without_recorded(line: str) -> str:
    """The second instant of a line is that of its recording, which is now."""
    return re.sub(r"^(#\d+ +\S+ \S+  )\d{4}-\d\d-\d\d \d\d:\d\d", r"\1yyyy-mm-dd hh:mm", line)


CANCELLED_BY_MISTAKE = """\
Mission m-lyon-0311: 5 events up to #600

      happened (UTC)    recorded (UTC)         what, and what it changed
#482  2026-03-15 17:17  yyyy-mm-dd hh:mm       requested in lyon (hairdressing) for 2026-03-19T11:00:00+01:00
                                                 open
                                                 start 2026-03-19 10:00, minutes 60
#489  2026-03-16 08:17  yyyy-mm-dd hh:mm       accepted by pro-pauline
                                                 open → held by pro-pauline
                                                 counts for pro-pauline: nothing → accepted
#534  2026-03-18 15:40  yyyy-mm-dd hh:mm       cancelled by the pro
                                                 held by pro-pauline → open
                                                 counts for pro-pauline: accepted → accepted, cancelled late
                                                 VOIDED by #538, Nadia Fictive: the client called, not the pro: the wrong button
#538  2026-03-19 08:05  yyyy-mm-dd hh:mm       declared #534 (mission.cancelled) wrong, by Nadia Fictive: the client called, not the pro: the wrong button
                                                 open → held by pro-pauline
                                                 counts for pro-pauline: accepted, cancelled late → accepted
#539  2026-03-18 15:40  yyyy-mm-dd hh:mm late  cancelled by the client
                                                 held → cancelled
                                                 the client called the mission off, which never counts

late: recorded after something that had happened later"""

PHONE_OFFLINE = """\
Mission m-paris-0503: 4 events up to #600

      happened (UTC)    recorded (UTC)         what, and what it changed
#363  2026-03-07 17:41  yyyy-mm-dd hh:mm       requested in paris (wifi_repair) for 2026-03-11T09:00:00+01:00
                                                 open
                                                 start 2026-03-11 08:00, minutes 60
#418  2026-03-11 09:05  yyyy-mm-dd hh:mm       completed, 65 minutes
                                                 open → completed
                                                 minutes 60 → 65
                                                 to be cleared up: #418, completed without a known acceptance
#421  2026-03-08 07:15  yyyy-mm-dd hh:mm late  accepted by pro-oscar
                                                 holder unknown → pro-oscar
                                                 bill: gross 69.33 EUR, commission 10.40 EUR, VAT 2.08 EUR
                                                 billing closes 2026-03-12 23:00
                                                 counts for pro-oscar: nothing → accepted
                                                 cleared up: #418
#427  2026-03-11 17:45  yyyy-mm-dd hh:mm       client gave 4 stars
                                                 counts for pro-oscar: accepted → accepted, 4 stars

late: recorded after something that had happened later"""

EXCLUDED = """\
#589  2026-03-24 14:50  yyyy-mm-dd hh:mm  m-paris-0206  no-show reported by the client
                                                          held by pro-chloe → open
                                                          paris: no-shows 1 → 2, rate 1/7 = 14.29 % → 2/7 = 28.57 %
#590  2026-03-24 14:50  yyyy-mm-dd hh:mm                pro-chloe: exclusion proposed: no_show (2 no-shows), because of #589
                                                          open proposals: none → exclusion under no_show
#591  2026-03-24 14:50  yyyy-mm-dd hh:mm                pro-chloe: exclusion by engine, because of #589
                                                          access: active → excluded
                                                          open proposals: exclusion under no_show → none
                                                          decisions in force: none → exclusion by engine
#592  2026-03-24 16:00  yyyy-mm-dd hh:mm  m-paris-0207  cancelled by the platform
                                                          held → cancelled
                                                          the platform called the mission off, which never counts"""


def test_a_cancellation_recorded_by_mistake(ledger: LiveLedger) -> None:
    assert page(ledger, "m-lyon-0311") == CANCELLED_BY_MISTAKE


def test_an_acceptance_that_arrives_after_the_session(ledger: LiveLedger) -> None:
    assert page(ledger, "m-paris-0503") == PHONE_OFFLINE


def test_the_second_no_show(ledger: LiveLedger) -> None:
    assert page(ledger, "pro-chloe").endswith(EXCLUDED)


def test_refusals_count_for_nothing(ledger: LiveLedger) -> None:
    said = page(ledger, "pro-elif", everything=True)
    assert said.count("counts for nothing: declining a proposal never counts") == 8
    assert said.count("counts for nothing: a proposal that lapsed or went to another pro never counts") == 6
    assert "left out" not in said
    assert "12 earlier events left out; --all prints them" in page(ledger, "pro-elif")


def test_every_timeline_ends_at_the_standing(ledger: LiveLedger) -> None:
    """The last value of each figure is what `standing` shows; the sums of the bills are those of `billing`."""
    for pro in PROS:
        latest = {}
        gross: dict[str, str] = {}
        for entry in ledger.timeline(pro)["entries"]:
            for change in entry["changes"]:
                latest[change["what"], change["city"]] = change["after"]
                if change["what"] == "gross":
                    gross[entry["mission"]] = change["after"]["amount"]
        standing = ledger.standing(pro)
        for city, figures in standing["cities"].items():
            for what, value in figures.items():
                at_the_end = latest.get((what, city), 0 if isinstance(value, int) else None)
                # The window of late cancellations moves with time, which is no event's doing.
                assert at_the_end == value or what == "late_cancellations", (pro, what)
        assert latest.get(("access", None), "active") == standing["access"]
        assert gross == {each["mission"]: each["gross"] for each in ledger.billing(pro=pro)["lines"]}


def test_no_name_and_no_address_is_told(ledger: LiveLedger) -> None:
    said = "".join(str(ledger.timeline(subject)) for subject in (*PROS, "m-geneve-0501", "m-paris-0221"))
    for text in (*(name for name, _ in PROS.values()), "example.org", "rue ", "chemin ", "vase", "Fantôme"):
        assert text not in said, text
