"""How stories are written: a script of CloudEvents documents, and missions that speak in local time.

`Script` keeps each document with the instant it arrives, which is its own time unless the story says otherwise.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

from commands.demo import people

Document = dict[str, Any]
DESK = "desk/fr"
"""The source of what people in the office record."""


class City(NamedTuple):
    """Where missions take place: its zone, its currency, and the app that sends its events."""

    timezone: str
    currency: str
    app: str


CITIES = {
    "paris": City("Europe/Paris", "EUR", "app/fr"),
    "lyon": City("Europe/Paris", "EUR", "app/fr"),
    "geneve": City("Europe/Zurich", "CHF", "app/ch"),
}
PRICES = {
    ("EUR", "hairdressing"): ("59.90", "mission"),
    ("EUR", "cleaning"): ("29.90", "hour"),
    ("EUR", "wifi_repair"): ("64.00", "hour"),
    ("CHF", "hairdressing"): ("72.50", "mission"),
    ("CHF", "cleaning"): ("38.50", "hour"),
    ("CHF", "wifi_repair"): ("92.00", "hour"),
}


def local(city: str, text: str) -> datetime:
    """The instant of a local time: `local("paris", "2026-03-02 09:00")`."""
    return datetime.fromisoformat(text).replace(tzinfo=ZoneInfo(CITIES[city].timezone))


def workdays(first: str, count: int, *hours: int) -> Iterator[str]:
    """`count` local times at these hours of the days from `first` on, weekends left out."""
    day = date.fromisoformat(first)
    while count > 0:
        if day.weekday() < 5:
            for hour in hours[:count]:
                yield f"{day} {hour:02d}:00"
            count -= len(hours)
        day += timedelta(days=1)


class Script:
    """The documents of all stories."""

    def __init__(self) -> None:
        self._lines: list[tuple[datetime, Document]] = []
        self._names: Counter[str] = Counter()

    def write(
        self, kind: str, subject: str, when: datetime, /, *, sender: str, arrives: datetime | None = None, **data: Any
    ) -> Document:
        """Add an event. Its id is made of its subject and kind: `m-paris-0042.accepted`, `….cancelled-2`."""
        name = f"{subject}.{kind.partition('.')[2]}"
        self._names[name] += 1
        number = self._names[name]
        document: Document = {
            "specversion": "1.0",
            "id": name if number == 1 else f"{name}-{number}",
            "source": sender,
            "type": kind,
            "subject": subject,
            "time": when.isoformat(),
            "data": {key: value for key, value in data.items() if value is not None},
        }
        self._lines.append((arrives or when, document))
        return document

    def resend(self, document: Document, arrives: datetime, /, **changed: Any) -> None:
        """Send a document again under its id – the keys in another order, and with `changed` other content."""
        again = dict(reversed(document.items()))
        self._lines.append((arrives, {**again, "data": {**document["data"], **changed}}))

    def documents(self) -> list[Document]:
        """All documents in the order they arrive."""
        return [document for _, document in sorted(self._lines, key=lambda line: line[0])]


class Mission:
    """One mission of a story; made, it is requested (four days before its start unless said)."""

    def __init__(
        self,
        script: Script,
        city: str,
        number: int,
        service: str,
        starts: str,
        minutes: int,
        *,
        requested: str = "",
        series: str | None = None,
        comment: str | None = None,
    ) -> None:
        self.script = script
        self.city = city
        self.number = number
        self.id = f"m-{city}-{number:04d}"
        self.minutes = minutes
        self.starts = local(city, starts)
        amount, per = PRICES[CITIES[city].currency, service]
        self.say(
            "requested",
            requested or self._before(days=4, hour=18),
            client=people.client(city, number),
            city=city,
            service=service,
            starts_at=self.starts.isoformat(),
            timezone=CITIES[city].timezone,
            duration_minutes=minutes,
            price={"amount": amount, "currency": CITIES[city].currency, "per": per},
            series=series,
            address=people.address(city, number),
            comment=comment or people.comment(number),
        )

    def say(self, kind: str, when: str | datetime, /, *, sender: str = "", arrives: str = "", **data: Any) -> Document:
        """An event of this mission at a local time; `arrives` later when the story says so."""
        return self.script.write(
            f"mission.{kind}",
            self.id,
            self._moment(when),
            sender=sender or CITIES[self.city].app,
            arrives=self._moment(arrives) if arrives else None,
            **data,
        )

    def accepted(self, pro: str, when: str = "") -> Mission:
        """A pro accepts, three days before the start unless said."""
        self.say("accepted", when or self._before(days=3, hour=9), pro=pro)
        return self

    def completed(self, minutes: int = 0) -> datetime:
        """The session takes place on time and ends; the instant it ended."""
        ended = self.ends(minutes)
        self.say("completed", ended, duration_minutes=minutes or self.minutes)
        return ended

    def ends(self, minutes: int = 0) -> datetime:
        """When the session ends, in elapsed time: a night may have 23 hours."""
        ended = self.starts.astimezone(UTC) + timedelta(minutes=minutes or self.minutes)
        return ended.astimezone(self.starts.tzinfo)

    def done(self, pro: str, stars: int = 0, comment: str | None = None) -> Mission:
        """The ordinary course: accepted, completed, and rated by the client the same evening if `stars`."""
        ended = self.accepted(pro).completed()
        if stars:
            self.say("rated", ended + timedelta(hours=2), by="client", stars=stars, comment=comment)
        return self

    def _moment(self, when: str | datetime) -> datetime:
        return local(self.city, when) if isinstance(when, str) else when

    def _before(self, *, days: int, hour: int) -> str:
        day = self.starts.date() - timedelta(days=days)
        return f"{day} {hour:02d}:{self.number * 7 % 60:02d}"
