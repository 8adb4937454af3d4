"""The page of `billing MISSION`: for somebody in finance who never saw the platform."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

from commands import output, sentences, tables
from commands.tables import Column

if TYPE_CHECKING:
    from commands.screen import Screen

Document = Mapping[str, Any]

_FACTS = (
    Column(title="position", number=True),
    Column(title="happened (UTC)"),
    Column(title="what"),
    Column(title="minutes", number=True),
    Column(title="by", leave_out=2),
    Column(title="event", leave_out=1),
)
_STEPS = (
    Column(title="step", style="bold"),
    Column(title="how"),
    Column(title="amount", number=True),
)
_ENTRIES = (
    Column(title="period", style="bold"),
    Column(title="entry"),
    Column(title="number", number=True),
    Column(title="minutes", number=True),
    Column(title="gross", number=True),
    Column(title="commission", number=True),
    Column(title="VAT", number=True),
    Column(title="net", number=True),
    Column(title="corrects"),
)
_ROUNDING = {
    "half_up": "rounded to the nearest, halves up",
    "half_even": "rounded to the nearest, halves to the even digit",
}
_CLOSING = {
    "end_of_next_local_day": "at the end of the day after the session's end",
    "end_of_same_local_day": "at the end of the day on which the session ended",
    "noon_next_local_day": "at noon of the day after the session's end",
}
_KINDS = {"completed": "The session took place", "client_absent": "The client was absent"}


def show(screen: Screen, bill: Document) -> None:
    """Facts, terms, calculation, closing, entries."""
    line = bill["line"]
    output.heading(screen, f"{bill['mission']}: {bill['service']} in {bill['city']}")
    output.paragraph(screen, _summary(bill))
    screen.print()
    output.heading(screen, "What happened")
    tables.show(screen, _FACTS, [_fact(each) for each in bill["facts"]])
    if line is not None:
        _follows(screen, bill)
    if line is None and not bill["entries"]:
        return
    screen.print()
    output.heading(screen, "In which closed periods it stands")
    if bill["entries"]:
        tables.show(screen, _ENTRIES, [_entry(each) for each in bill["entries"]])
    output.paragraph(screen, _waiting(bill))


def _follows(screen: Screen, bill: Document) -> None:
    """How the amounts of a line follow, and when it closes."""
    screen.print()
    output.heading(screen, "Which terms apply")
    for sentence in _terms(bill["terms"]):
        output.paragraph(screen, sentence)
    screen.print()
    output.heading(screen, f"How the amounts follow, in {bill['currency']}")
    tables.show(
        screen,
        _STEPS,
        [(_NAMES[each["step"]], _HOW[each["step"]](each), each["result"]) for each in bill["calculation"]],
    )
    screen.print()
    output.heading(screen, "When the bill closed" if bill["closing"]["status"] == "closed" else "When the bill closes")
    output.paragraph(screen, _closing(bill["closing"]))


def _summary(bill: Document) -> str:
    line = bill["line"]
    if line is None:
        return f"No amount follows: {_because(bill)}. Client {bill['client']}."
    currency = bill["currency"]
    return (
        f"{_KINDS[line['kind']]}: client {bill['client']}, pro {bill['pro']}. The client owes "
        f"{line['gross']} {currency}; of that the platform keeps {line['commission']} {currency} commission and "
        f"{line['vat']} {currency} VAT on it, and {line['net']} {currency} are left for the pro."
    )


def _because(bill: Document) -> str:
    """What took the amount away, or keeps it from following."""
    code, event = bill["no_amount_because"]["code"], bill["no_amount_because"]["event"]
    if code == "no_show":
        confirmed = event["type"] == "mission.no_show_confirmed"
        return f"the pro's no-show {'was confirmed' if confirmed else 'counts'} (#{event['position']})"
    if code == "not_accepted":
        return "nobody is known to have accepted the mission"
    state = f"the mission is {str(bill['state']).replace('_', ' ')}"
    if code == "declared_wrong":
        return f"{state}, and #{event['position']} ({event['type']}) was declared wrong by #{event['voided_by']}"
    return state


def _fact(fact: Document) -> tuple[object, ...]:
    before, after = fact["minutes_before"], fact["minutes_after"]
    what = fact["summary"]
    if fact["voided_by"]:
        what += f"; declared wrong by #{fact['voided_by']}, does not count"
    elif not fact["counts"]:
        what += "; contradicted by what happened before, does not count"
    minutes = f"{before} → {after}" if before and before != after else str(after or "")
    return (
        f"#{fact['position']}",
        sentences.stamp(fact["time"]),
        what,
        minutes,
        fact["by"],
        fact["event"],
    )


def _terms(terms: Document) -> list[str]:
    chosen = terms["chosen_by"]
    because = f"#{chosen['position']} ({chosen['type']})" if chosen else "the mission"
    where = f"recorded at #{terms['published']}" if terms["published"] else "which applies while none is published"
    said = [
        f"Policy {terms['policy']}, {where}, as it was in force at {sentences.moment(terms['in_force_at'])}, "
        f"the time of {because}. SHA-256 of its document: {terms['policy_document_sha256']}."
    ]
    if terms["city_overrides"]:
        said.append(f"In this city it has values of its own for {', '.join(terms['city_overrides'])}.")
    said.append(f"Each amount is {_ROUNDING[terms['rounding']]}, once, in this line.")
    return said


_NAMES = {
    "session": "session",
    "added_services": "added services",
    "fee": "fee for the absence",
    "refunded": "given back",
    "gross": "gross",
    "commission": "commission",
    "vat": "VAT on the commission",
    "net": "net, for the pro",
}


def _session(step: Document) -> str:
    if step["per"] == "mission":
        return f"price for the whole mission{_given(step['from'])}"
    minutes = f"{step['minutes']} min{_given(step['minutes_from'])}"
    return f"{step['price']} an hour{_given(step['from'])} × {minutes} / 60{_unrounded(step)}"


def _given(event: Document | None) -> str:
    return f" (#{event['position']})" if event else ""


def _unrounded(step: Document) -> str:
    return (
        f" = {step['exact']}" if step["exact"].rstrip("0").rstrip(".") != step["result"].rstrip("0").rstrip(".") else ""
    )


def _added(step: Document) -> str:
    return ", ".join(f"{each['label']} {each['amount']}" for each in step["items"])


def _fee(step: Document) -> str:
    cap = f", at most {step['cap']}" if step["cap"] else ", without a cap in this currency"
    return f"{step['percent']} % of that{_unrounded(step)}{cap}"


def _share(step: Document) -> str:
    of = {"commission": "gross", "vat": "commission"}[step["step"]]
    source = f", {step['rate_from']}" if "rate_from" in step else ""
    return f"{sentences.percent(step['rate'])} of the {of} {step['of']}{_unrounded(step)}{source}"


_HOW: dict[str, Callable[[Document], str]] = {
    "session": _session,
    "added_services": _added,
    "fee": _fee,
    "refunded": lambda step: "adjustments after the bill had closed",
    "gross": lambda step: "what the client owes",
    "commission": _share,
    "vat": _share,
    "net": lambda step: "gross − commission − VAT",
}


def _closing(closing: Document) -> str:
    ended = sentences.moment(closing["ended_at"])
    local = str(closing["closes_at_local"])[:16].replace("T", " ")
    verb = "closed" if closing["status"] == "closed" else "closes"
    return (
        f"The session ended at {ended}. A bill closes {_CLOSING[closing['rule']]}, in the zone of the mission "
        f"({closing['policy']}): it {verb} on {local} in {closing['timezone']}, which is "
        f"{sentences.moment(closing['closes_at'])}."
    )


def _entry(entry: Document) -> tuple[object, ...]:
    corrects = entry["corrects"]
    return (
        entry["period"],
        entry["role"],
        f"#{entry['position']}/{entry['number']}",
        entry["minutes"],
        entry["gross"],
        entry["commission"],
        entry["vat"],
        entry["net"],
        f"#{corrects['position']}/{corrects['number']}" if corrects else None,
    )


def _waiting(bill: Document) -> str:
    if bill["line"] is None and bill["waits_for_close"] and bill["entries"][-1]["role"] == "line":
        return "It bears nothing now: the next period that is closed takes back what is frozen."
    if bill["line"] is None:
        return "It bears nothing now, and the closed periods hold nothing of it any more."
    if bill["waits_for_close"]:
        return "What it bears now goes into the next period that is closed."
    return "What it bears now is what the closed periods hold."
