"""What `why` tells of a person with several accounts: by which link, since when, and whose each event is."""

from __future__ import annotations

from typing import Any

from missions.kit import accepted, event, no_show, requested, voided
from telling import Telling

LINK = event("pro.accounts_linked", "lou", "2026-02-20 09:00", id="one-person", accounts=["kim"], by="Ops")


def taken(mission: str, pro: str, starts_at: str) -> list[dict[str, Any]]:
    asked = requested(mission, "2026-02-01 08:00", starts_at=starts_at)
    return [asked, accepted(mission, pro, "2026-02-01 09:00")]


TAKEN = (
    *taken("k1", "kim", "2026-02-08 09:00"),
    *taken("k2", "kim", "2026-02-09 09:00"),
    *taken("l1", "lou", "2026-03-10 09:00"),
    *taken("m1", "max", "2026-02-08 09:00"),
)
MISSED = (
    *TAKEN,
    no_show("m1", "2026-02-08 09:30"),
    no_show("k1", "2026-02-08 09:30"),
    no_show("k2", "2026-02-09 09:30"),
)


def test_since_when_and_by_which_link_a_decision_holds_for_another_account(telling: Telling) -> None:
    telling.record(*MISSED)
    (link,) = telling.record(LINK)
    named = f"One person with the accounts kim, lou: kim and lou linked by Ops on 20 February 2026, 09:00 UTC (#{link}"
    for text in (telling.page("lou"), telling.statement("lou")):
        assert "lou is excluded since 20 February 2026, 09:00 UTC" in text
        assert f"{named}, event one-person)." in text
        assert f"decided about kim; it holds for lou since 20 February 2026, 09:00 UTC, by the link #{link}." in text
        assert "k1 (kim) no-show reported by the client" in text
        assert "k2 (kim) no-show reported by the client" in text
    assert "1. 2026-02-08 no_show (kim) 1 no-show" in telling.page("lou")
    told = telling.json("lou")
    assert told["accounts"] == ["kim", "lou"]
    assert told["links"] == [
        {
            "event": "one-person",
            "position": link,
            "time": "2026-02-20T09:00:00Z",
            "by": "Ops",
            "accounts": ["kim", "lou"],
        }
    ]
    assert told["decision"]["time"] == "2026-02-09T09:30:00Z"
    assert (told["decision"]["pro"], told["decision"]["holds_since"]) == ("kim", "2026-02-20T09:00:00Z")
    assert told["decision"]["link"] == told["links"][0]
    assert [(each["mission"], each["pro"]) for each in told["evidence"]] == [("k1", "kim"), ("k2", "kim")]
    assert [each["pro"] for each in told["decisions"]] == ["kim"]
    telling.sound()


def test_of_the_account_it_was_decided_about(telling: Telling) -> None:
    telling.record(*MISSED, LINK)
    for text in (telling.page("kim"), telling.statement("kim")):
        assert "kim is excluded since 9 February 2026, 09:30 UTC" in text
        assert "One person with the accounts kim, lou: kim and lou linked by Ops" in text
        assert "(kim)" not in text
        assert "it holds for" not in text
    told = telling.json("kim")["decision"]
    assert (told["pro"], told["holds_since"], told["link"]) == ("kim", "2026-02-09T09:30:00Z", None)


def test_of_a_decision_after_the_link_and_of_one_account(telling: Telling) -> None:
    """The second no-show is of lou, after the link: the decision holds for both from then on."""
    telling.record(*MISSED[:-1], LINK, no_show("l1"))
    assert "kim is excluded since 10 March 2026, 09:30 UTC" in telling.page("kim")
    told = telling.json("kim")
    assert (told["decision"]["pro"], told["decision"]["holds_since"]) == ("lou", "2026-03-10T09:30:00Z")
    assert [(each["mission"], each["pro"]) for each in told["evidence"]] == [("k1", "kim"), ("l1", "lou")]

    alone = telling.json("max")
    assert (alone["accounts"], alone["links"]) == (["max"], [])
    assert "One person" not in telling.page("max")


def test_a_voided_link_is_none(telling: Telling) -> None:
    telling.record(*MISSED, LINK, voided(LINK))
    assert (telling.json("lou")["access"], telling.json("lou")["links"]) == ("active", [])
    assert telling.json("kim")["decision"]["link"] is None


def test_of_several_links_the_one_that_joined_both_is_named(telling: Telling) -> None:
    first = event("pro.accounts_linked", "lou", "2026-02-15 09:00", id="lou-ann", accounts=["ann"], by="Ops")
    second = event("pro.accounts_linked", "ann", "2026-02-18 09:00", id="ann-kim", accounts=["kim"], by="Ines")
    third = event("pro.accounts_linked", "kim", "2026-02-19 09:00", id="kim-lou", accounts=["lou"], by="Omar")
    telling.record(*MISSED, first, second, third)
    assert telling.json("lou")["decision"]["link"]["event"] == "ann-kim"
    assert [each["event"] for each in telling.json("max")["links"]] == []
    assert "ann and kim linked by Ines on 18 February 2026" in telling.page("lou")


def test_a_fact_that_no_longer_counts_is_of_the_account_that_had_the_mission(telling: Telling) -> None:
    telling.record(*MISSED, LINK, voided(MISSED[-1]))
    assert [(each["mission"], each["pro"]) for each in telling.json("lou")["evidence"]] == [
        ("k1", "kim"),
        ("k2", "kim"),
    ]
