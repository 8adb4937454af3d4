"""Figures and bills do not depend on the order in which events arrive (design, section 4: « counts commute »)."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st
from missions.kit import Story

from .histories import (
    KINDS,
    LATE,
    PROS,
    SERIES_ENDED,
    Plan,
    asked,
    figures,
    in_time,
    lines,
    oddities,
    plans,
    send_all,
    shuffled,
)


@given(st.data())
@settings(max_examples=150, deadline=None)
def test_any_order_of_arrival_gives_the_same_figures_and_bills(data: st.DataObject) -> None:
    missions = data.draw(plans())
    told = Story(*in_time(missions))

    heard = send_all(Story(), data.draw(shuffled(missions)))

    assert figures(heard) == figures(told)
    assert asked(heard) == asked(told)
    assert lines(heard, missions) == lines(told, missions)
    assert oddities(heard, missions) == oddities(told, missions)


@given(st.sampled_from(sorted(KINDS)), st.data())
@settings(max_examples=200, deadline=None)
def test_one_mission_in_any_order(kind: str, data: st.DataObject) -> None:
    who = {"pro": "p-1", "other": "p-2", "city": "lyon"}
    plan = Plan(number=1, kind=kind, day=100, stars=2, minutes=125, amount=2990, **who)
    told = Story(*plan.events)

    heard = send_all(Story(), data.draw(shuffled([plan])))

    assert figures(heard) == figures(told)
    assert lines(heard, [plan]) == lines(told, [plan])
    assert oddities(heard, [plan]) == oddities(told, [plan])


@given(plans(most=10))
@settings(max_examples=100, deadline=None)
def test_the_figures_are_those_of_the_plan(missions: list[Plan]) -> None:
    """An independent count: what each mission was meant to become, added up."""
    story = Story(*in_time(missions))

    for pro in PROS:
        for city in ("lyon", "geneve"):
            mine = [plan for plan in missions if plan.city == city and plan.pro == pro]
            taken = [plan for plan in missions if plan.city == city and plan.other == pro and plan.handed_over]
            rates = [plan.adverse for plan in mine]
            series = {plan.series for plan in mine if plan.kind in SERIES_ENDED}  # each counts once
            cancelled, missed = sum(each[0] for each in rates) + len(series), sum(each[1] for each in rates)
            expected = (len(mine) + len(taken), cancelled, missed)
            assert story.rate(pro, city) == expected
            kept = ("done", "rated before reported", "moved by client", "damage")
            stars = [plan.stars for plan in mine if plan.kind in kept] + [plan.stars for plan in taken]
            assert story.rating(pro, city) == (len(stars), sum(stars))
            late = [plan.mission for plan in mine if plan.kind in LATE]
            assert story.late(pro, city) == sorted(late)


@given(plans(most=6))
@settings(max_examples=60, deadline=None)
def test_telling_one_mission_after_the_other_is_one_more_order(missions: list[Plan]) -> None:
    told = Story(*in_time(missions))

    heard = Story(*(each for plan in reversed(missions) for each in plan.events))

    assert figures(heard) == figures(told)
    assert lines(heard, missions) == lines(told, missions)
