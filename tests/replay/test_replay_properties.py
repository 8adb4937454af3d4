"""What must hold of every replay, on generated histories."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st
from missions.kit import Document, Story, event, policy, voided
from properties.histories import Plan, in_time, plans, send_all, shuffled
from properties.test_neutrality import EAGER
from properties.test_replay import busy

from ledger.policies.document import from_document

from .telling import bills, lines_of, replayed, there, told

STRICT = policy(
    "strict",
    "2024-02-01 00:00",
    "2024-01-01 00:00",
    cancellation={"min_accepted": 1, "average": "0.01", "maximum": "0.02"},
    rating={"window": 3, "min_ratings": 1, "minimum": "4.90"},
    warnings={"max": 1, "cooldown_days": 0},
    billing={"commission": "0.25", "rounding": "half_even", "vat": "0.077"},
)


@given(busy(most=6))
@settings(max_examples=150, deadline=None)
def test_the_facts_told_again_give_what_is_recorded(documents: list[Document]) -> None:
    """Also with policies, baselines, decisions and refusals; but no voids: these take facts away from the start."""
    story = Story()
    for each in documents:
        if each["type"] != "ledger.event_voided":
            story.when(each)

    derived, recorded = replayed(story), there(story)

    assert told(derived.findings, story) == told(recorded.findings, story)
    assert derived.access == recorded.access
    assert not derived.left_out
    assert not derived.unfounded


def _said_of(pro: str) -> list[Document]:
    """What may be said of a pro beside its missions, spread over the year of the histories."""
    return [
        event("pro.conduct_reported", pro, "2025-03-01 00:00", id=f"r-{pro}", ground="violence", by="client-1"),
        event("pro.conduct_dismissed", pro, "2025-04-01 00:00", report=f"r-{pro}", by="ines"),
        event("pro.conduct_reported", pro, "2025-05-01 00:00", id=f"s-{pro}", ground="disrespect", by="client-1"),
        event("pro.conduct_confirmed", pro, "2025-06-01 00:00", report=f"s-{pro}", by="ines"),
        event("pro.document_expired", pro, "2025-07-01 00:00", kind="identity"),
        event("pro.document_verified", pro, "2025-08-01 00:00", kind="identity"),
        event(
            "pro.unavailable",
            pro,
            "2025-01-02 00:00",
            starts_at="2025-02-01T00:00:00Z",
            ends_at="2025-12-01T00:00:00Z",
        ),
        event("pro.reinstated", pro, "2025-09-01 00:00", by="ines", reason="a new start"),
        event("pro.accounts_linked", pro, "2025-05-15 00:00", accounts=["p-1", "p-2"], by="ines"),
    ]


@given(plans(most=6), st.data())
@settings(max_examples=150, deadline=None)
def test_so_do_reports_documents_unavailability_and_links(missions: list[Plan], data: st.DataObject) -> None:
    documents = in_time(missions)
    said = [each for pro in ("p-1", "p-3") for each in _said_of(pro)]
    for each in data.draw(st.lists(st.sampled_from(said), max_size=8, unique_by=id)):
        documents.insert(data.draw(st.integers(0, len(documents))), each)
    story = Story(EAGER)
    taken = [each for each in documents if story.when(each).code == "recorded"]

    derived, recorded = replayed(story), there(story)
    away = data.draw(st.sampled_from(taken))
    never = Story(EAGER)
    for each in taken:
        if each is not away:
            never.when(each)
    without = replayed(story, without=[away])

    assert told(derived.findings, story) == told(recorded.findings, story)
    assert derived.access == recorded.access
    assert told(without.findings, story) == told(there(never).findings, never)
    assert without.access == there(never).access


@given(plans(), st.data())
@settings(max_examples=100, deadline=None)
def test_telling_one_pro_gives_what_telling_all_gives_of_that_pro(missions: list[Plan], data: st.DataObject) -> None:
    story = send_all(Story(EAGER), data.draw(shuffled(missions)))
    every = replayed(story)

    for pro in ("p-1", "p-2", "p-3"):
        one = replayed(story, pros=[pro])
        assert told(one.findings, story) == told([each for each in every.findings if each.pro == pro], story)
        assert one.access == {pro: every.access[pro]}
        assert bills(one.lines) == bills({name: line for name, line in every.lines.items() if line.pro == pro})


@given(plans(), st.data())
@settings(max_examples=150, deadline=None)
def test_without_an_event_is_a_history_that_never_had_it(missions: list[Plan], data: st.DataObject) -> None:
    documents = in_time(missions)
    story = Story(EAGER, *documents)
    away = data.draw(st.lists(st.sampled_from(documents), min_size=1, max_size=3, unique_by=id))

    never = Story(EAGER)
    refused = [each["id"] for each in documents if each not in away and never.when(each).code != "recorded"]
    derived = replayed(story, without=away)

    assert told(derived.findings, story) == told(there(never).findings, never)
    assert derived.access == there(never).access
    assert bills(derived.lines) == lines_of(never)
    assert sorted(each.entry.id for each in derived.left_out) == sorted(refused)


@given(plans(), st.data())
@settings(max_examples=100, deadline=None)
def test_a_voided_fact_never_happened(missions: list[Plan], data: st.DataObject) -> None:
    documents = in_time(missions)
    story = Story(EAGER, *documents)
    wrong = data.draw(st.lists(st.sampled_from(documents), min_size=1, max_size=3, unique_by=id))
    never = replayed(story, without=wrong)

    for each in wrong:
        story.given(voided(each, "2026-12-01 00:00"))
    derived = replayed(story)

    assert told(derived.findings, story) == told(never.findings, story)
    assert derived.access == never.access
    assert bills(derived.lines) == bills(never.lines)
    assert bills(derived.lines) == lines_of(story)


@given(plans(), st.data())
@settings(max_examples=150, deadline=None)
def test_in_the_order_they_occurred_late_facts_are_judged_as_if_they_had_come_in_time(
    missions: list[Plan], data: st.DataObject
) -> None:
    in_order = Story(EAGER, *in_time(missions))
    late = send_all(Story(EAGER), data.draw(shuffled(missions)))

    derived = replayed(late, by_time=True)

    assert told(derived.findings, late) == told(there(in_order).findings, in_order)
    assert derived.access == there(in_order).access
    assert bills(derived.lines) == lines_of(in_order)


@given(plans(), st.data())
@settings(max_examples=100, deadline=None)
def test_what_was_known_at_a_position_is_what_was_recorded_by_then(missions: list[Plan], data: st.DataObject) -> None:
    story = send_all(Story(EAGER), data.draw(shuffled(missions)))
    until = data.draw(st.integers(0, len(story.entries)))
    while until < len(story.entries) and story.entries[until].by_engine:
        until += 1

    derived, recorded = replayed(story, until=until), there(story, until=until)

    assert told(derived.findings, story) == told(recorded.findings, story)
    assert derived.access == recorded.access
    assert all(
        each.position <= until for each in story.entries if each.id in {found.event for found in recorded.findings}
    )


@given(plans())
@settings(max_examples=100, deadline=None)
def test_under_another_policy_is_a_history_under_that_policy(missions: list[Plan]) -> None:
    documents = in_time(missions)
    story = Story(EAGER, *documents)
    strict = Story(STRICT)
    refused = [each["id"] for each in documents if strict.when(each).code != "recorded"]

    derived = replayed(story, policy=from_document(STRICT["data"]["document"]))

    assert told(derived.findings, story) == told(there(strict).findings, strict)
    assert derived.access == there(strict).access
    assert bills(derived.lines) == lines_of(strict)
    assert [each.entry.id for each in derived.left_out] == refused
