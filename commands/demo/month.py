"""The demo month: a few hundred events of three cities, in the order they arrive. March 2026, and what led to it.

Always the same documents: fixed dates, no clock, no chance. Under the default policy `mila-2018-06` each story ends as
its docstring says; the tests check every one of them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable

from commands.demo.stories import absences, arrivals, cancelling, paperwork, proposals, ratings, sessions
from commands.demo.writing import Document, Script

WRITTEN: tuple[Callable[[Script], None], ...] = (
    paperwork.pros_registered,
    paperwork.baseline_published,
    cancelling.warned_three_times_then_suspended,
    cancelling.cancellations_that_never_count,
    cancelling.cancelled_then_accepted_by_another,
    cancelling.wrongly_recorded_cancellation_voided,
    absences.excluded_after_second_no_show,
    absences.disputed_no_show_rejected,
    absences.client_absent_after_waiting,
    absences.cleaning_client_absent_with_check_in,
    proposals.refusals_and_lapsed_proposals,
    proposals.two_pros_tap_at_once,
    ratings.rating_slid_and_recovered,
    sessions.durations_changed,
    sessions.rescheduled_and_delayed,
    sessions.night_of_the_time_change,
    sessions.two_cities_two_currencies,
    arrivals.sent_twice,
    arrivals.sent_changed,
    arrivals.acceptance_arrives_late,
    arrivals.rated_before_completion,
    paperwork.damage_with_both_documents,
    paperwork.damage_with_incomplete_file,
)
"""Every story, in the order of this list; `events` sorts what they write by arrival."""

EXPLAINED = "pro-bruno"
"""The suspended pro whose account the demo explains."""

STORIES: dict[str, str] = {
    "pro-bruno": "warned three times for cancellations, then suspended at 5 of 48 accepted: above Lyon's maximum",
    "pro-chloe": "warned after a first no-show, excluded after the second",
    "pro-dario": "rating slid to 4.17, below the minimum of 4.20; warned twice, recovered to 4.32",
    "pro-amina": "20 accepted, three called off by client, platform and with an excuse: none counts",
    "pro-elif": "eight refusals and six lapsed proposals never count",
    "pro-felix": "two cities, two currencies: figures per city, totals per currency",
    "pro-gaelle": "accepted, cancelled in time; Hugo took the mission over",
    "pro-hugo": "did what Gaëlle gave up and what Elif let lapse",
    "pro-ines": "reported absent, but had checked in: a person rejected the report",
    "pro-jonas": "moved one session instead of cancelling, announced a delay on another",
    "pro-karim": "worked through the night of 29 March: five hours on the wall, four on the bill",
    "pro-lea": "client absent after 20 minutes: a fee of 40.00 €, no commission",
    "pro-malik": "client absent in cleaning: the check-in replaces the wait",
    "pro-nour": "one duration changed in time, one too late (refused), one service added",
    "pro-oscar": "phone offline: a duplicate, a changed resend, a late acceptance, an early rating",
    "pro-pauline": "a cancellation recorded by mistake and voided",
    "pro-quentin": "two damage files, one complete and one not; neither counts",
}
"""Per pro, what the demo shows."""

EXPECTED_REFUSALS: dict[str, str] = {
    "m-geneve-0421.accepted-2": "invalid_transition",
    "m-paris-0221.client_absent": "wait_too_short",
    "m-paris-0221.rated": "not_eligible",
    "m-paris-0302.duration_modified": "billing_closed",
    "m-paris-0502.completed": "idempotency_conflict",
}
"""The events that the ledger must refuse, with their codes. The rest lands (one of them twice, as a duplicate)."""

EXPECTED_DUPLICATES = ("m-paris-0501.completed",)
"""The events sent a second time with the same content."""


def events() -> Iterable[Document]:
    """The wire documents of the month (CloudEvents 1.0) in the order they arrive."""
    script = Script()
    for story in WRITTEN:
        story(script)
    return script.documents()
