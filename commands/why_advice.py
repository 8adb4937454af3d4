"""What can be done about a pro's access, as commands to type."""

from __future__ import annotations

import shlex
from collections.abc import Collection, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from commands import claims
from commands.why_events import ROUTINE
from commands.why_layout import rows, section

if TYPE_CHECKING:
    from commands.screen import Screen

Document = Mapping[str, Any]


def show(screen: Screen, why: Document, commands: Collection[str]) -> None:
    """`commands` are those this program has: no other is named."""
    pro = shlex.quote(str(why["pro"]))
    decision = why.get("decision")
    adverse = next((each for each in why.get("evidence") or () if each["type"] not in ROUTINE), None)
    advice: list[tuple[str, str, str]] = []
    if decision:
        advice.append(("complaint", f"complaint open {pro}", "the pro contests the decision"))
    reviewed = why.get("reviews") or ()
    if any(each["kind"] == "decision" for each in reviewed):
        advice.append(("reviews", f"reviews --pro {pro}", "how the review is closed"))
    if why.get("proposals"):
        advice += [("decide", call, words) for call, words in _to_decide(pro, why["proposals"])]
    elif decision:
        advice.append(("decide", f"decide {pro} --reinstate --by NAME --reason TEXT", "a person gives access back"))
    advice += [("record", call, f"or {other}: a person rules") for call, other in claims.to_rule(why)[:2]]
    if adverse is not None:
        event = shlex.quote(str(adverse["event"]))
        advice.append(("replay", f"replay {pro} --without {event}", "the same without this event"))
    rule = why.get("rule")
    if rule:
        advice.append(("rules", f"rules {rule.get('id')}", "what the charter leaves open"))
    advice.append(("timeline", f"timeline {pro}", "everything in order"))
    section(screen, "What can be done")
    rows(screen, [(f"mission-ledger {call}", words) for name, call, words in advice if name in commands])


def _to_decide(pro: str, proposals: Sequence[Document]) -> list[tuple[str, str]]:
    """(the call, what it does): of several proposals `decide` is told which is meant; a dismissal is of all of them."""
    said = "--by NAME --reason TEXT"
    if len(proposals) == 1:
        return [(f"decide {pro} --suspend|--dismiss {said}", "a person decides the proposal")]
    rules = [each["rule"] for each in proposals]
    calls: list[tuple[str, str]] = []
    for each in proposals:
        # Two accounts of one person may each have one under the same rule; then the kind has to be given as well.
        kind = f" --kind {each['kind']}" if rules.count(each["rule"]) > 1 else ""
        call = f"decide {pro} --suspend{kind} --rule {each['rule']} {said}"
        calls.append((call, f"a person decides #{each['position']}"))
    return [*calls, (f"decide {pro} --dismiss {said}", "a person decides against all of them")]
