"""What is recorded about the pros themselves: in any order, voided, linked – the same figures as told plainly."""

from __future__ import annotations

import copy

from hypothesis import given, settings
from hypothesis import strategies as st
from missions.kit import Document, Story, event, voided

from .histories import (
    PROS,
    Comparable,
    Plan,
    about_pros,
    asked,
    figures,
    findings,
    in_time,
    inserted,
    lines,
    plans,
    send_all,
    shuffled,
)
from .test_neutrality import EAGER


def persons(story: Story) -> Comparable:
    """How each pro stands apart from figures: accounts, excused missions, documents, reports."""
    return {
        pro: (
            person.accounts,
            sorted(person.excused),
            sorted(person.expired),
            sorted(person.reports),
            sorted(each[:3] for each in person.unavailable),
        )
        for pro in PROS
        for person in (story.pro(pro),)
    }


@given(st.data())
@settings(max_examples=150, deadline=None)
def test_any_order_of_arrival_gives_the_same_figures(data: st.DataObject) -> None:
    missions = data.draw(plans(most=6))
    about = data.draw(about_pros(missions))
    told = Story(*in_time(missions, about))

    heard = send_all(Story(), data.draw(inserted(data.draw(shuffled(missions)), about)))

    assert figures(heard) == figures(told)
    assert asked(heard) == asked(told)
    assert persons(heard) == persons(told)


@given(st.data())
@settings(max_examples=150, deadline=None)
def test_voiding_one_equals_the_history_without_it(data: st.DataObject) -> None:
    missions = data.draw(plans(most=5))
    about = data.draw(about_pros(missions).filter(bool))
    documents = in_time(missions, about)
    wrong = data.draw(st.sampled_from([*about, *documents]))

    corrected = Story(*documents).given(voided(wrong))
    without = Story()
    for document in documents:
        if document is not wrong:
            without.when(document)  # refused where the missing event was needed

    assert figures(corrected) == figures(without)
    assert asked(corrected) == asked(without)
    assert persons(corrected) == persons(without)
    assert lines(corrected, missions) == lines(without, missions)


@given(st.data())
@settings(max_examples=100, deadline=None)
def test_accounts_that_are_linked_count_like_one_account(data: st.DataObject) -> None:
    """The same history told of one pro alone: whatever p-2 did, p-1 did; when the link is told does not matter."""
    missions = data.draw(plans(most=6))
    about = [each for each in data.draw(about_pros(missions)) if each["type"] != "pro.accounts_linked"]
    link = event("pro.accounts_linked", "p-2", "2025-06-01T00:00:40Z", accounts=["p-1"], by="ines")
    documents = in_time(missions, about)

    linked = Story(*data.draw(inserted(documents, [link])))
    alone = Story(*(_renamed(each) for each in documents))

    for pro in ("p-1", "p-2"):
        both, one = linked.pro(pro), alone.pro("p-1")
        assert sorted(both.cities) == sorted(one.cities)
        for city in both.cities:
            assert linked.rate(pro, city) == alone.rate("p-1", city)
            assert linked.rating(pro, city) == alone.rating("p-1", city)
            assert linked.late(pro, city) == alone.late("p-1", city)
        assert sorted(both.excused) == sorted(one.excused)
        assert sorted(both.expired) == sorted(one.expired)
        assert list(asked(linked, (pro,)).values()) == list(asked(alone, ("p-1",)).values())
    assert figures(linked, ("p-3",)) == figures(alone, ("p-3",))


def _renamed(document: Document) -> Document:
    """The same event, with p-1 in the place of p-2."""
    renamed = copy.deepcopy(document)
    if renamed["subject"] == "p-2":
        renamed["subject"] = "p-1"
    if renamed["data"].get("pro") == "p-2":
        renamed["data"]["pro"] = "p-1"
    return renamed


@given(st.data())
@settings(max_examples=100, deadline=None)
def test_what_is_recorded_about_one_pro_never_moves_another(data: st.DataObject) -> None:
    missions = data.draw(plans(most=6))
    pro = data.draw(st.sampled_from(PROS))
    about = [
        each
        for each in data.draw(about_pros(missions, most=8))
        if each["subject"] == pro and each["type"] != "pro.accounts_linked"
    ]
    plain = Story(EAGER, *in_time(missions))
    more = Story(EAGER, *in_time(missions, about))

    others = tuple(each for each in PROS if each != pro)
    assert figures(more, others) == figures(plain, others)
    assert [each for each in findings(more) if each[1] != pro] == [each for each in findings(plain) if each[1] != pro]
    assert [more.access(each) for each in others] == [plain.access(each) for each in others]


@given(st.data())
@settings(max_examples=80, deadline=None)
def test_lapsed_proposals_change_nothing_about_persons_either(data: st.DataObject) -> None:
    missions: list[Plan] = data.draw(plans(most=5))
    about = data.draw(about_pros(missions))
    documents = in_time(missions, about)
    refused = [
        event(kind, plan.mission, plan.at(-8.5, 1 + number), pro="p-9", id=f"lapsed-{number}")
        for number, plan in enumerate(missions)
        for kind in (data.draw(st.sampled_from(["mission.refused", "mission.expired"])),)
    ]
    plain = Story(EAGER, *documents)
    more = Story(EAGER, *in_time(missions, [*about, *refused]))

    assert figures(more) == figures(plain)
    assert findings(more) == findings(plain)
    assert persons(more) == persons(plain)
    assert [more.access(pro) for pro in PROS] == [plain.access(pro) for pro in PROS]
