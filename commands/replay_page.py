"""`replay` in words: which finding goes, which comes, whose access changes, which bill moves, and because of what."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from commands import output, sentences, tables
from commands.replay_findings import BECAUSE, gone, moved, named, new, paired, proposal
from commands.tables import Column

if TYPE_CHECKING:
    from commands.screen import Screen

Document = Mapping[str, Any]
AT_MOST = 20
NARROW = 2

_BILLS = (
    Column(title="mission"),
    Column(title="pro", style="bold"),
    Column(title="net recorded", number=True),
    Column(title="net derived", number=True),
    Column(title="change", number=True),
    Column(title="currency"),
    Column(title="because", leave_out=1),
)
_TOTALS = (
    Column(title="total"),
    Column(title="gross", number=True),
    Column(title="commission", number=True),
    Column(title="VAT", number=True),
    Column(title="net", number=True),
)


def show(screen: Screen, document: Document) -> None:
    """Print what was asked, then what differs."""
    output.paragraph(screen, _asked(document))
    findings, bills = document["findings"], document["billing"]
    pairs, missing, extra = paired(findings["missing"], findings["extra"])
    if not document["position"]:
        output.paragraph(screen, "Nothing had been recorded by then, so there is nothing to compare.")
    elif findings["same"] and not document["pros_changed"] and not bills["changed"]:
        counted = sentences.count(findings["recorded"], "finding")
        output.paragraph(screen, f"Nothing differs: {counted}, every access and every bill are as recorded.")
    _section(screen, "Access", [_access(each) for each in document["pros_changed"]])
    proposals = {proposal(each) for each in missing if each["type"] == "pro.suspension_proposed"}
    _section(screen, f"Recorded, but does not follow ({len(missing):,})", [gone(each, proposals) for each in missing])
    _section(screen, f"Follows, but is not recorded ({len(extra):,})", [new(each) for each in extra])
    _section(screen, f"The same, on other figures ({len(pairs):,})", [moved(*each) for each in pairs])
    _bills(screen, bills)
    _section(screen, "Would be refused now, and is left out", [_left_out(each) for each in document["left_out"]])
    _section(
        screen,
        "Decided by a person on a proposal that does not follow; the decision stands",
        [f"{each['pro']}: {each['type']} {each['event']} (#{each['position']})" for each in _unfounded(document)],
    )
    screen.print()
    output.line(screen, _speed(document), style="dim")


def _asked(document: Document) -> str:
    pros = document["pros"]
    who = ", ".join(pros) if pros else "every pro"
    order = "in the order they occurred" if document["order"] == "occurred" else "in the order they were recorded"
    told = [f"Facts of {who} up to #{document['position']}, told {order} {_under(document)}"]
    if document["as_of"]:
        told.append(f"as if nothing had happened after {sentences.moment(document['as_of'])}")
    if document["known_at"]:
        told.append(f"as known at {sentences.moment(document['known_at'])}")
    if document["without"]:
        told.append("without " + "; ".join(named(each) for each in document["without"]))
    if document["voided"]:
        told.append("without what was voided: " + "; ".join(named(each) for each in _some(document["voided"])))
    return ", ".join(told) + "."


def _under(document: Document) -> str:
    """Which policy every fact was judged by: one at any time, or each by the version of its own time."""
    policy = document["policy"]
    if document["policy_assumed"]:
        return f"with {policy} in force at any time, whatever was published"
    return f"under the published versions (at the end {policy})" if document["published"] else f"under {policy}"


def _some(items: Sequence[Document], at_most: int = 5) -> Sequence[Document]:
    if len(items) <= at_most:
        return items
    more = {"event": f"and {len(items) - at_most:,} more", "position": None}
    return [*items[:at_most], more]


def _access(changed: Document) -> str:
    return f"{changed['pro']} would be {changed['access_derived']}, and is {changed['access_recorded']} as recorded"


def _left_out(fact: Document) -> str:
    return f"{fact['event']} (#{fact['position']}, {fact['type']}): {fact['message']} ({fact['code']})"


def _unfounded(document: Document) -> Sequence[Document]:
    decisions: Sequence[Document] = document["decisions_unfounded"]
    return decisions


# -- bills ------------------------------------------------------------------------------------------------------------


def _bills(screen: Screen, bills: Document) -> None:
    changed = bills["changed"]
    if not changed:
        return
    _heading(screen, f"Bills that differ ({len(changed):,})")
    tables.show(screen, _BILLS, [_bill(each) for each in changed[:AT_MOST]])
    _more(screen, len(changed))
    screen.print()
    tables.show(screen, _TOTALS, _totals(bills))


def _bill(changed: Document) -> tuple[object, ...]:
    was, now = changed["recorded"], changed["derived"]
    return (
        changed["mission"],
        changed["pro"],
        was["net"] if was else "none",
        now["net"] if now else "none",
        signed(changed["net_change"]),
        changed["currency"],
        _reason(changed["why"]) or _policies(was, now),
    )


def _reason(why: Sequence[Document]) -> str:
    """The event that made the difference; what is refused only because of it is not repeated."""
    first = [each for each in why if each["because"] != "left_out"] or why
    return "; ".join(f"{each['event']} {BECAUSE[each['because']]}" for each in first[:2])


def _policies(was: Document | None, now: Document | None) -> str:
    if was and now and was["policy"] != now["policy"]:
        return f"{now['policy']} instead of {was['policy']}"
    return ""


def _totals(bills: Document) -> Iterable[tuple[object, ...]]:
    for words, totals in (("recorded", bills["totals_recorded"]), ("derived", bills["totals_derived"])):
        for currency, sums in totals.items():
            yield f"{currency} {words}", sums["gross"], sums["commission"], sums["vat"], sums["net"]


def signed(amount: str) -> str:
    """A change of an amount with its sign: `+1.20`, `-0.05`."""
    return amount if amount.startswith("-") or not amount.strip("0.") else f"+{amount}"


# -- sections ---------------------------------------------------------------------------------------------------------


def _heading(screen: Screen, title: str) -> None:
    screen.print()
    output.heading(screen, title)


def _section(screen: Screen, title: str, told: Sequence[str]) -> None:
    """A titled list of sentences; nothing where there is none."""
    if not told:
        return
    _heading(screen, title)
    for each in told[:AT_MOST]:
        output.paragraph(screen, each, indent=NARROW)
    _more(screen, len(told))


def _more(screen: Screen, number: int) -> None:
    if number > AT_MOST:
        output.paragraph(screen, f"and {number - AT_MOST:,} more; --json has them all", indent=NARROW, style="dim")


def _speed(document: Document) -> str:
    findings, seconds = document["findings"], document["seconds"]
    speed = f", {document['events'] / seconds:,.0f} events/s" if seconds else ""
    return (
        f"{sentences.count(findings['recorded'], 'finding')} recorded, {findings['derived']:,} derived; "
        f"{sentences.count(document['events'], 'event')} in {seconds:.1f} s{speed}"
    )
