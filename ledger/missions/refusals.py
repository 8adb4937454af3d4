"""Why the life cycle refuses an event: a small integer for the fold, a code and a sentence for people."""

from __future__ import annotations

(
    _OK,
    ALREADY_REQUESTED,
    BEFORE_REQUEST,
    REFUSED_AFTER_ACCEPTANCE,
    ACCEPTED_ALREADY,
    HELD_BY_ANOTHER,
    MISSION_OVER,
    COMPLETED_ALREADY,
    NOT_HELD,
    ANOTHER_PRO,
    WAIT_TOO_SHORT,
    BEFORE_START,
    BEFORE_END,
    ENDS_AFTER_REPORT,
    CLOSED,
    OTHER_CURRENCY,
    NOT_RATABLE,
    RATED_ALREADY,
    NO_SHOW_REPORTED_ALREADY,
    CONTRADICTS_LATER,
) = range(20)

# reason → (code of the contract, what to tell). Placeholders: mission, pro, holder, state, starts_at, closes_at, wait,
# absent_from, requested_at, ended_at, currency, other, position.
REFUSALS: dict[int, tuple[str, str]] = {
    ALREADY_REQUESTED: ("invalid_transition", "mission {mission} was requested already; a new mission needs a new id"),
    BEFORE_REQUEST: ("before_origin", "this happened before mission {mission} was requested ({requested_at})"),
    REFUSED_AFTER_ACCEPTANCE: (
        "invalid_transition",
        "{pro} holds mission {mission}; after acceptance only a cancellation ends that",
    ),
    ACCEPTED_ALREADY: ("invalid_transition", "{pro} accepted mission {mission} already"),
    HELD_BY_ANOTHER: ("invalid_transition", "mission {mission} is held by {holder}; it must be given up first"),
    MISSION_OVER: ("invalid_transition", "mission {mission} is {state}; void that event first if it is wrong"),
    COMPLETED_ALREADY: ("already_completed", "mission {mission} was completed at {ended_at}"),
    NOT_HELD: ("invalid_transition", "nobody holds mission {mission} at that time; its last pro gave it up"),
    ANOTHER_PRO: ("not_assigned", "mission {mission} is held by {holder}, not by {pro}"),
    WAIT_TOO_SHORT: (
        "wait_too_short",
        "the client of mission {mission} is absent from {absent_from} on, not before: "
        "the wait on site is {wait} minutes from the later of start ({starts_at}) and arrival",
    ),
    BEFORE_START: ("invalid_transition", "mission {mission} starts at {starts_at}; nobody can be absent before"),
    BEFORE_END: (
        "invalid_transition",
        "the session of mission {mission} ended at {ended_at}; change its duration after",
    ),
    ENDS_AFTER_REPORT: ("invalid_transition", "ended_at of mission {mission} lies after the event's own time"),
    CLOSED: ("billing_closed", "billing of mission {mission} closed at {closes_at}; only a credit note changes it now"),
    OTHER_CURRENCY: ("currency_mismatch", "mission {mission} is priced in {currency}; add services in that currency"),
    NOT_RATABLE: ("not_eligible", "mission {mission} cannot be rated: it has no acceptance or did not take place"),
    RATED_ALREADY: ("not_eligible", "mission {mission} was rated already in this direction"),
    NO_SHOW_REPORTED_ALREADY: ("invalid_transition", "this no-show of mission {mission} was reported already"),
    CONTRADICTS_LATER: (
        "invalid_transition",
        "placed at its time, this contradicts event {other} of mission {mission}, recorded at #{position}",
    ),
}
