"""Every story of the demo month ends as it says, under the default policy."""

from __future__ import annotations

import pytest

from commands.demo.month import STORIES, events
from ledger.billing import Line
from ledger.instants import parse_us, to_text

from .playing import Played

GONE = {"pro-bruno": "suspended", "pro-chloe": "excluded"}
WARNED = {
    "pro-bruno": [("cancellation.rate", day) for day in ("2026-01-22", "2026-02-11", "2026-03-02")],
    "pro-chloe": [("no_show", "2026-03-10")],
    "pro-dario": [("rating.approaching", "2026-02-03"), ("rating.minimum", "2026-02-24")],
}


@pytest.mark.parametrize("pro", STORIES)
def test_access_and_warnings(played: Played, pro: str) -> None:
    assert played.access(pro) == GONE.get(pro, "active")
    assert played.warnings(pro) == WARNED.get(pro, [])
    assert played.pro(pro).proposals == []


@pytest.mark.parametrize(
    ("pro", "city", "accepted", "cancelled", "no_shows"),
    [
        ("pro-bruno", "lyon", 48, 5, 0),
        ("pro-gaelle", "lyon", 3, 1, 0),
        ("pro-hugo", "lyon", 1, 0, 0),
        ("pro-chloe", "paris", 7, 0, 2),
        ("pro-ines", "paris", 2, 0, 0),
        ("pro-amina", "paris", 20, 0, 0),
        ("pro-elif", "paris", 5, 0, 0),
        ("pro-felix", "paris", 4, 0, 0),
        ("pro-felix", "geneve", 4, 0, 0),
        ("pro-jonas", "geneve", 3, 0, 0),
        ("pro-oscar", "paris", 4, 0, 0),
        ("pro-pauline", "lyon", 2, 0, 0),
        ("pro-lea", "paris", 2, 0, 0),
        ("pro-quentin", "geneve", 2, 0, 0),
    ],
)
def test_rates(played: Played, pro: str, city: str, accepted: int, cancelled: int, no_shows: int) -> None:
    assert played.rate(pro, city) == (accepted, cancelled, no_shows)


@pytest.mark.parametrize(
    ("pro", "city", "rated", "stars"),
    [
        ("pro-dario", "geneve", 28, 121),
        ("pro-bruno", "lyon", 11, 51),
        ("pro-felix", "paris", 3, 14),
        ("pro-felix", "geneve", 3, 13),
        ("pro-oscar", "paris", 3, 14),
        ("pro-lea", "paris", 1, 5),
        ("pro-jonas", "geneve", 3, 14),
    ],
)
def test_ratings(played: Played, pro: str, city: str, rated: int, stars: int) -> None:
    assert played.rating(pro, city) == (rated, stars)


def test_bruno_is_warned_and_suspended_on_exactly_these_figures(played: Played) -> None:
    warned = played.findings("pro-bruno", "pro.warned")
    (proposed,) = played.findings("pro-bruno", "pro.suspension_proposed")
    (suspended,) = played.findings("pro-bruno", "pro.suspended")
    shown = [(each.data["figures"]["rate"], each.data["figures"]["percent"]) for each in (*warned, proposed)]
    assert shown == [("1/20", "5.00"), ("2/30", "6.67"), ("3/39", "7.69"), ("5/48", "10.42")]
    assert [len(each.data["evidence"]) for each in (*warned, proposed)] == [21, 32, 42, 53]
    assert (proposed.data["kind"], suspended.data["kind"], suspended.data["by"]) == (
        "suspension",
        "suspension",
        "engine",
    )
    assert suspended.position == proposed.position + 1
    assert suspended.doc["causationid"] == "m-lyon-0148.cancelled"
    assert to_text(suspended.at) == "2026-03-20T06:40:00Z"


def test_brunos_cancellation_within_the_cooldown_finds_nothing(played: Played) -> None:
    causes = [each.doc["causationid"] for each in played.entries if each.by_engine]
    assert "m-lyon-0139.cancelled" in causes
    assert "m-lyon-0140.cancelled" not in causes


def test_lyons_baseline_bounds_what_bruno_may_cancel(played: Played) -> None:
    terms = played.book.chronicle.latest.parameters(parse_us("2026-03-20T07:00:00Z"), "lyon")
    assert (terms.cancellation_average_numerator, terms.cancellation_average_denominator) == (9, 200)
    assert (terms.cancellation_maximum_numerator, terms.cancellation_maximum_denominator) == (27, 400)


def test_chloe_is_warned_once_for_two_reports_and_excluded_for_a_second_mission(played: Played) -> None:
    (warned,) = played.findings("pro-chloe", "pro.warned")
    (proposed,) = played.findings("pro-chloe", "pro.suspension_proposed")
    (suspended,) = played.findings("pro-chloe", "pro.suspended")
    assert warned.doc["causationid"] == "m-paris-0205.no_show"
    assert (warned.data["figures"]["no_shows"], proposed.data["figures"]["no_shows"]) == (1, 2)
    assert suspended.data["kind"] == "exclusion"
    by_id = {each.id: each.position for each in played.entries}
    assert proposed.data["evidence"] == [by_id["m-paris-0205.no_show"], by_id["m-paris-0206.no_show"]]


def test_dario_slides_on_exactly_these_means(played: Played) -> None:
    figures = [each.data["figures"] for each in played.findings("pro-dario", "pro.warned")]
    assert [(each["rated"], each["stars"], each["mean"]) for each in figures] == [(21, 89, "4.24"), (23, 96, "4.17")]


def test_what_never_counts_would_have_warned_amina(played: Played) -> None:
    off = [each for each in played.entries if each.type == "mission.cancelled" and "pro-amina" in each.pros]
    assert [each.data["by"] for each in off] == ["client", "platform", "pro"]
    assert off[2].data["excused"] is True
    terms = played.book.chronicle.latest.parameters(off[2].at, "paris")
    assert len(off) * terms.cancellation_average_denominator > 20 * terms.cancellation_average_numerator


def test_elif_refused_eight_and_let_six_lapse(played: Played) -> None:
    kinds = [each.type for each in played.entries if each.data.get("pro") == "pro-elif"]
    assert (kinds.count("mission.refused"), kinds.count("mission.expired")) == (8, 6)


def test_the_mission_gaelle_gave_up_is_hugos(played: Played) -> None:
    assert held_by(played, "m-lyon-0301") == "pro-hugo"
    assert set(played.book.mission("m-lyon-0301").contributions) == {"pro-gaelle", "pro-hugo"}


def test_ines_is_cleared_by_a_person(played: Played) -> None:
    known = played.book.mission("m-paris-0211").mission.no_show
    assert known is not None
    assert known.disputed
    assert known.ruled == 2


def test_the_voided_cancellation_no_longer_counts(played: Played) -> None:
    by_id = {each.id: each.position for each in played.entries}
    assert played.book.voided.keys() == {by_id["m-lyon-0311.cancelled"]}
    assert played.line("m-lyon-0311") is None


def test_before_the_void_the_cancellation_was_paulines() -> None:
    before = [each for each in events() if parse_us(each["time"]) < parse_us("2026-03-19T09:00:00+01:00")]
    partial = Played(each for each in before if each["id"] != "m-lyon-0311.cancelled-2")
    assert partial.rate("pro-pauline", "lyon") == (1, 1, 0)


def test_until_the_acceptance_arrives_the_completion_is_an_anomaly() -> None:
    ordered = list(events())
    arrival = next(index for index, each in enumerate(ordered) if each["id"] == "m-paris-0503.accepted")
    partial = Played(ordered[:arrival])
    assert partial.anomalies("m-paris-0503") == ["completed_without_acceptance"]
    assert partial.line("m-paris-0503") is None
    partial.send(ordered[arrival])
    assert partial.anomalies("m-paris-0503") == []
    assert held_by(partial, "m-paris-0503") == "pro-oscar"


def test_the_early_rating_counts_once_the_completion_is_known() -> None:
    ordered = list(events())
    arrival = next(index for index, each in enumerate(ordered) if each["id"] == "m-paris-0504.completed")
    partial = Played(ordered[:arrival])
    assert partial.anomalies("m-paris-0504") == ["rated_without_completion"]
    before = partial.rating("pro-oscar", "paris")
    partial.send(ordered[arrival])
    assert partial.anomalies("m-paris-0504") == []
    assert partial.rating("pro-oscar", "paris") == (before[0] + 1, before[1] + 5)


def test_the_faster_tap_holds_the_mission(played: Played) -> None:
    assert held_by(played, "m-geneve-0421") == "pro-jonas"


def test_moving_a_session_moves_its_start(played: Played) -> None:
    assert to_text(played.book.mission("m-geneve-0301").mission.starts_at) == "2026-03-13T09:00:00Z"


@pytest.mark.parametrize(
    ("mission", "documents"),
    [
        ("m-geneve-0501", ("sworn_statement", "no_other_insurance")),
        ("m-geneve-0502", ("sworn_statement",)),
    ],
)
def test_damage_files(played: Played, mission: str, documents: tuple[str, ...]) -> None:
    assert played.book.mission(mission).mission.damage_documents == documents


def held_by(played: Played, mission: str) -> str:
    line = played.line(mission)
    assert isinstance(line, Line)
    return line.pro
