"""What the ledger's short codes mean: why an event does not count, and what is still to be cleared up.

A code without words here is shown without its underscores; a test walks the ledger for codes that have none.
"""

from __future__ import annotations

from collections.abc import Mapping

NOT_COUNTED: Mapping[str, str] = {
    "refusal_never_counts": "declining a proposal never counts",
    "lapsed_proposal_never_counts": "a proposal that lapsed or went to another pro never counts",
    "reschedule_never_counts": "moving a mission instead of cancelling it never counts",
    "client_absence_is_no_fault": "the client's absence is no fault of the pro",
    "damage_is_no_fault": "a damage declared in good faith never counts",
    "client_cancellation_never_counts": "the client called the mission off, which never counts",
    "platform_cancellation_never_counts": "the platform called the mission off, which never counts",
    "excused_cancellation": "excused, so it does not count",
    "cancelled_inside_an_unavailability": "requested inside an unavailability declared before, so excused",
    "series_counted_already": "part of a series that ended, which counts once",
    "voided": "declared wrong by a later event",
    "rating_of_an_absent_client": "a client who was absent cannot rate the session",
    "rating_of_a_mission_that_did_not_take_place": "the mission did not take place",
    "rating_waits_for_the_completion": "counts once the completion of the mission is known",
    "second_report_of_one_no_show": "the same missed mission reported twice counts once",
    "rating_of_the_client_never_counts": "what the pro thinks of the client never counts",
    "no_show_rejected": "a person found that it did not happen",
    "contradicted_by_an_earlier_event": "what had happened before it, and was recorded later, contradicts it",
}
"""Why an event of a pro's missions is set aside."""

OVERRULED: Mapping[str, str] = {
    "invalid_transition": "what had happened before it, and was recorded later, leaves no room for it",
    "before_origin": "it had happened before the mission was requested",
    "already_completed": "the session had been completed before it, which was recorded later",
    "not_assigned": "another pro held the mission then, which was recorded later",
    "wait_too_short": "by what was recorded later, the wait on site was too short",
    "billing_closed": "by what was recorded later, billing had closed before it",
    "currency_mismatch": "it is in another currency than the mission",
    "not_eligible": "by what was recorded later, the mission could not be rated",
}
"""Why a recorded event yields to one that was recorded later but had happened before it."""

ANOMALIES: Mapping[str, str] = {
    "delayed_without_acceptance": "delay announced without a known acceptance",
    "checked_in_without_acceptance": "checked in without a known acceptance",
    "client_absent_without_acceptance": "client absent without a known acceptance",
    "no_show_without_acceptance": "no-show without a known acceptance",
    "rescheduled_without_acceptance": "rescheduled by a pro without a known acceptance",
    "cancelled_without_acceptance": "cancelled by a pro without a known acceptance",
    "completed_without_acceptance": "completed without a known acceptance",
    "damage_without_acceptance": "damage declared without a known acceptance",
    "duration_modified_without_completion": "duration changed, but the completion is not known yet",
    "rated_without_completion": "rated, but the completion is not known yet",
    "confirmed_without_report": "a no-show was confirmed that nobody reported",
    "rejected_without_report": "a no-show was rejected that nobody reported",
    "document_without_damage": "a damage document, but no damage is declared",
    "no_show_disputed": "disputed by a check-in or a declared absence of the client; waits for a person",
    "no_show_awaits_confirmation": "waits for a person's confirmation",
}
"""What is recorded although an earlier step is missing, or waits for a person."""

WORDS: Mapping[str, str] = {**OVERRULED, **ANOMALIES, **NOT_COUNTED}


def in_words(code: str) -> str:
    """A code of the ledger as words; a sentence stays as it is."""
    return WORDS.get(code) or (code.replace("_", " ") if " " not in code else code)
