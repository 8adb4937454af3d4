"""What `why` names as the facts: those that count, and not those that counted once."""

from __future__ import annotations

from typing import Any

from missions.kit import cancelled, completed, event, no_show, rated
from missions.test_reviews import missions
from telling import Telling


def document(what: str, kind: str, time: str, pro: str = "p-1") -> dict[str, Any]:
    return event(f"pro.document_{what}", pro, time, id=f"{pro}/{kind}/{what}", kind=kind)


def reported(name: str, time: str, pro: str = "p-1") -> dict[str, Any]:
    return event("pro.conduct_reported", pro, time, id=name, ground="violence", by="client-7")


def test_the_documents_that_are_expired_now_are_named(telling: Telling) -> None:
    telling.record(
        document("expired", "identity", "2026-03-01 09:00"),
        document("expired", "photo", "2026-03-01 10:00", "p-2"),
        document("expired", "insurance", "2026-03-02 09:00"),
        document("verified", "identity", "2026-03-03 09:00"),
    )
    told = telling.json()
    assert (told["access"], told["figures"]) == ("restricted", {"expired": 1})
    assert [each["event"] for each in told["evidence"]] == ["p-1/insurance/expired"]
    for text in (telling.page(), telling.statement()):
        assert "1 document had expired" in text
        assert "identity expired" not in text
        assert "insurance expired" in text
    assert [each["event"] for each in telling.json("p-2")["evidence"]] == ["p-2/photo/expired"]
    telling.sound()


def test_the_report_that_waits_is_named(telling: Telling) -> None:
    """Not the one that a person dismissed since, for which the suspension was first decided."""
    telling.record(
        reported("r-1", "2026-03-01 09:00"),
        reported("r-9", "2026-03-01 10:00", "p-2"),
        reported("r-2", "2026-03-02 09:00"),
        event("pro.conduct_dismissed", "p-1", "2026-03-03 09:00", report="r-1", by="ines", reason="hearsay"),
    )
    told = telling.json()
    assert (told["access"], told["figures"]) == ("suspended", {"reports": 1, "confirmed": 0})
    assert [each["event"] for each in told["evidence"]] == ["r-2"]
    assert " r-2 " in telling.statement()
    assert " r-1 " not in telling.statement()
    assert [each["event"] for each in telling.json("p-2")["evidence"]] == ["r-9"]

    telling.record(event("pro.conduct_confirmed", "p-1", "2026-03-04 09:00", report="r-2", by="ines", reason="seen"))
    told = telling.json()
    assert (told["access"], told["figures"]) == ("excluded", {"reports": 0, "confirmed": 1})
    assert [each["summary"] for each in told["evidence"]] == ["violence reported", "report confirmed by ines"]


STANDING = (
    *missions("m-1", "m-2", "m-3"),
    *missions("n-1", "n-2", pro="p-2"),
    completed("m-1"),
    rated("m-1", stars=4),
    cancelled("m-2"),
    no_show("m-3"),
    no_show("n-1"),
)


def test_without_a_decision_each_figure_has_its_events(telling: Telling) -> None:
    position = {each["id"]: place for place, each in enumerate(STANDING, 1)}
    telling.record(*STANDING)
    told = telling.json()
    counted = {each["rule"]: each["evidence"] for each in told["checks"]}
    missed, stars = position[no_show("m-3")["id"]], position[rated("m-1", stars=4)["id"]]
    assert (told["decision"], told["rule"], told["figures"]) == (None, None, {})
    assert counted["no_show"] == [missed]
    assert counted["cancellation.rate"] == [2, 4, 6, position[cancelled("m-2")["id"]], missed]
    assert counted["rating.minimum"] == counted["rating.approaching"] == [stars]
    assert [each["position"] for each in told["evidence"]] == sorted({*counted["cancellation.rate"], stars})

    text = telling.page("p-1", "--all")
    assert "The events that count: no-shows (1) 2026-03-10 09:30 m-3 no-show reported by the client" in text
    assert "The events that count: cancellation rate in lyon (5)" in text
    assert "2026-03-01 09:00 m-1 accepted by p-1 #2" in text
    assert "The events that count: mean rating in lyon (1) 2026-03-10 18:00 m-1 client gave 4 stars" in text
    assert "n-1" not in text

    short = telling.page()
    assert f"cancellation rate in lyon 1 cancellation (#{counted['cancellation.rate'][3]})" in short
    assert "3 acceptances (#2 … #6)" in short
    assert "The events that count no-shows 1 no-show report" not in telling.page("p-2", "--all")
    assert [each["mission"] for each in telling.json("p-2")["evidence"]] == ["n-1", "n-2", "n-1"]
