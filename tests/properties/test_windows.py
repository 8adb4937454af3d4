"""The cancellation rate is kept in step with the missions; here it is counted again, plainly, for every window."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st
from missions.kit import Story

from ledger.instants import DAY
from ledger.missions.mission import NOTHING_ADVERSE, PRO_NO_SHOW, Contribution
from ledger.policies.parameters import WINDOW_DAYS, WINDOW_LAST_ACCEPTED, Parameters

from .histories import PROS, WINDOWS, plans, send_all, shuffled


def counted(missions: list[Contribution], terms: Parameters, at: int) -> tuple[int, int, int]:
    """(accepted, cancelled, no-shows) of a window, mission by mission, as the contract says it."""
    window = sorted(missions, key=lambda each: (each.accepted_at, each.accepted_position))
    size = terms.cancellation_window_size
    if terms.cancellation_counts_due_only:
        window = [each for each in window if each.due_at <= at or each.adverse != NOTHING_ADVERSE]
    if terms.cancellation_window_kind == WINDOW_DAYS:
        window = [each for each in window if at - size * DAY < each.accepted_at <= at]
    if terms.cancellation_window_kind == WINDOW_LAST_ACCEPTED:
        window = window[-size:]
    missed = {each.mission for each in window if each.adverse == PRO_NO_SHOW}
    cancelled = {each.series or each.mission for each in window if each.adverse not in (NOTHING_ADVERSE, PRO_NO_SHOW)}
    return len(window), len(cancelled), len(missed)


@given(st.data())
@settings(max_examples=250, deadline=None)
def test_the_rate_of_every_window_is_the_plain_count(data: st.DataObject) -> None:
    missions = data.draw(plans(most=9))
    story = send_all(Story(), data.draw(shuffled(missions)))
    moments = {each.at for each in story.entries} | {story.entries[-1].at + number * 40 * DAY for number in (-2, 1, 3)}
    chosen = data.draw(st.lists(st.sampled_from(sorted(moments)), min_size=1, max_size=5))

    for pro in PROS:
        for city, figures in story.pro(pro).cities.items():
            mine = [
                history.contributions[pro]
                for history in (story.history(plan.mission) for plan in missions)
                if pro in history.contributions and history.mission.city == city
            ]
            for terms in WINDOWS.values():
                for at in chosen:
                    assert figures.rate(terms, at) == counted(mine, terms, at)
                    window = figures.rate_window(terms, at)
                    above = figures.above_the_line(window)
                    missed = sum(each.adverse == PRO_NO_SHOW for each in above)
                    assert (len(window), len(above) - missed, missed) == counted(mine, terms, at)
