"""What may never move a figure: refusals, lapsed proposals, a client's cancellation, another pro, a voided event."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st
from missions.kit import RECORDED, Document, Story, cancelled, event, policy, voided

from .histories import PROS, Plan, figures, findings, in_time, lines, oddities, plans

EAGER = policy(
    "eager",
    "2024-02-01 00:00",
    "2024-01-01 00:00",
    cancellation={"min_accepted": 2, "average": "0.05", "maximum": "0.10"},
    late_cancellation={"count": 2, "window_days": 200},
    rating={"window": 4, "min_ratings": 2},
    negative_reviews={"count": 2, "window": 6},
    warnings={"max": 1, "cooldown_days": 1},
)
"""Warns and removes on small histories, so that there are findings to compare."""


@st.composite
def lapsed(draw: st.DrawFn, missions: list[Plan]) -> list[tuple[int, Document]]:
    """Refusals and expiries with the place in the telling where they are put in."""
    chosen = []
    for number in range(draw(st.integers(1, 12))):
        plan = draw(st.sampled_from(missions))
        kind = draw(st.sampled_from(["mission.refused", "mission.expired"]))
        time = plan.at(draw(st.integers(-9, 3)), 1 + number)
        document = event(kind, plan.mission, time, pro=draw(st.sampled_from([*PROS, "p-9"])), id=f"lapsed-{number}")
        chosen.append((draw(st.integers(0, 40)), document))
    return chosen


@given(st.data())
@settings(max_examples=150, deadline=None)
def test_refusals_and_lapsed_proposals_change_no_finding_and_no_figure(data: st.DataObject) -> None:
    missions = data.draw(plans())
    documents = in_time(missions)
    plain = Story(EAGER, *documents)

    more = Story(EAGER)
    extra = data.draw(lapsed(missions))
    for place, document in enumerate(documents):
        for where, each in extra:
            if where == place:
                more.when(each)  # recorded, or refused because the holder cannot refuse any more
        more.given(document)
    for where, each in extra:
        if where >= len(documents):
            more.when(each)

    assert figures(more) == figures(plain)
    assert findings(more) == findings(plain)
    assert lines(more, missions) == lines(plain, missions)
    assert oddities(more, missions) == oddities(plain, missions)
    assert figures(more, ("p-9",)) == {}


@st.composite
def damages(draw: st.DrawFn, missions: list[Plan]) -> list[tuple[int, Document]]:
    """Declared damages and their documents with the place in the telling where they are put in."""
    chosen = []
    for number in range(draw(st.integers(1, 12))):
        plan = draw(st.sampled_from(missions))
        time = plan.at(draw(st.integers(-9, 6)), 1 + number)
        kind = draw(st.sampled_from(["declared", "sworn_statement", "invoice"]))
        if kind == "declared":
            data = {"description": "a vase", "client_informed": draw(st.booleans())}
            document = event("mission.damage_declared", plan.mission, time, id=f"damage-{number}", **data)
        else:
            data = {"kind": kind, "reference": "f-1"}
            document = event("mission.damage_document_added", plan.mission, time, id=f"damage-{number}", **data)
        chosen.append((draw(st.integers(0, 40)), document))
    return chosen


@given(st.data())
@settings(max_examples=150, deadline=None)
def test_a_declared_damage_changes_no_finding_no_figure_and_no_bill(data: st.DataObject) -> None:
    """Contract, section 3, never counted: declared damage. Nor does it keep out anything that comes after."""
    missions = data.draw(plans())
    documents = in_time(missions)
    plain = Story(EAGER, *documents)

    more = Story(EAGER)
    extra = data.draw(damages(missions))
    for place in range(41 + len(documents)):
        for where, each in extra:
            if where == place:
                assert more.when(each).code in (RECORDED, "unknown_mission", "before_origin")
        more.given(*documents[place : place + 1])

    assert figures(more) == figures(plain)
    assert findings(more) == findings(plain)
    assert lines(more, missions) == lines(plain, missions)
    before, after = oddities(plain, missions), oddities(more, missions)
    assert [_but_of_damages(each) for each in after] == [_but_of_damages(each) for each in before]


def _but_of_damages(odd: tuple[list[str], list[str]]) -> tuple[list[str], list[str]]:
    about_damages = ("damage_without_acceptance", "document_without_damage")
    return [each for each in odd[0] if each not in about_damages], odd[1]


@given(plans(), st.sampled_from(["client", "platform"]), st.integers(-9, 9))
@settings(max_examples=100, deadline=None)
def test_a_cancellation_by_client_or_platform_never_enters_a_numerator(
    missions: list[Plan], by: str, days: int
) -> None:
    story = Story(EAGER, *in_time(missions))
    before = {(pro, city): story.rate(pro, city) for pro in PROS for city in ("lyon", "geneve")}

    for plan in missions:
        outcome = story.when(cancelled(plan.mission, plan.at(days, 3), by=by))
        assert not any(rule in ("no_show", "cancellation.rate") for _, _, rule in outcome.found)

    for (pro, city), (accepted, called_off, missed) in before.items():
        now = story.rate(pro, city)
        # A timely one sets a reported no-show aside, so the numerator may shrink; it can never grow.
        assert now[0] == accepted
        assert now[1] + now[2] <= called_off + missed
        assert now[2] <= missed


@given(plans(least=2))
@settings(max_examples=100, deadline=None)
def test_one_pros_events_never_move_anothers_figures(missions: list[Plan]) -> None:
    together = Story(EAGER, *in_time(missions))

    for pro in PROS:
        concerned = [plan for plan in missions if plan.pro == pro or (plan.handed_over and plan.other == pro)]
        alone = Story(EAGER, *in_time(concerned))
        assert figures(alone, (pro,)) == figures(together, (pro,))
        mine = [each for each in findings(together) if each[1] == pro]
        assert [each for each in findings(alone) if each[1] == pro] == mine
        assert alone.access(pro) == together.access(pro)


@given(st.data())
@settings(max_examples=150, deadline=None)
def test_voiding_an_event_equals_the_history_without_it(data: st.DataObject) -> None:
    missions = data.draw(plans(most=5))
    documents = in_time(missions)
    wrong = data.draw(st.sampled_from(documents))

    corrected = Story(*documents).given(voided(wrong))
    without = Story()
    for document in documents:
        if document is not wrong:
            without.when(document)  # refused where the missing event was needed

    assert figures(corrected) == figures(without)
    assert lines(corrected, missions) == lines(without, missions)


@given(st.data())
@settings(max_examples=100, deadline=None)
def test_a_voided_event_may_be_told_again(data: st.DataObject) -> None:
    """A correction: void, then the same fact under another id; the figures are what they were."""
    missions = data.draw(plans(most=4))
    documents = in_time(missions)
    wrong = data.draw(st.sampled_from(documents))
    plain = Story(*documents)

    corrected = Story(*documents).given(voided(wrong))
    assert corrected.when({**wrong, "id": f"again/{wrong['id']}"}).code == RECORDED

    assert {key: _without_ids(value) for key, value in figures(corrected).items()} == {
        key: _without_ids(value) for key, value in figures(plain).items()
    }
    assert lines(corrected, missions) == lines(plain, missions)


def _without_ids(value: object) -> object:
    assert isinstance(value, tuple)
    rate, rated, late, adverse, accepted, order = value
    return rate, rated, late, [each[:-1] for each in adverse], sorted(each[1:] for each in accepted), len(order)
