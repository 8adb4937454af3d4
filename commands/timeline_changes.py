"""What an event changed, in words: `open → held by pro-7`, `lyon: accepted 46 → 47, rate 2/46 = 4.35 % → …`."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from commands import reasons, sentences

Change = Mapping[str, Any]
Named = Mapping[str, Change]

_STATES = {"client_absent": "client absent"}
_COUNTED = {
    "accepted": "accepted",
    "cancelled": "cancelled",
    "cancelled_late": "cancelled late",
    "no_show": "no-show",
    "excused": "cancelled inside an unavailability, excused",
    "series_ended": "cancelled with its series, which counts once",
}


def change_lines(changes: Sequence[Change]) -> list[str]:
    """One line for each thing that changed; what belongs together (a rate and its parts) on one line."""
    alone: Named = {each["what"]: each for each in changes if each["city"] is None and each["about"] is None}
    lines = [line for write in _ON_THEIR_OWN for line in write(alone)]
    lines += [_counts(each) for each in changes if each["what"] == "counts"]
    lines += [_about(each) for each in changes if each["about"] is not None]
    cities = dict.fromkeys(each["city"] for each in changes if each["city"] is not None and each["what"] != "counts")
    for city in cities:
        figures = {each["what"]: each for each in changes if each["city"] == city and each["what"] != "counts"}
        lines.append(_figures(city, figures))
    if "no_shows" in alone and not (len(cities) == 1 and _same_no_shows(alone["no_shows"], changes)):
        lines.append(f"no-shows in all cities {_moved(alone['no_shows'])}")
    return lines


def _moved(change: Change, shown: Callable[[Any], str] = str) -> str:
    """`2 → 3`; what was not there before is only named."""
    before, after = change["before"], change["after"]
    if before is None:
        return shown(after)
    return f"{shown(before)} → {'none' if after is None else shown(after)}"


# -- a mission --------------------------------------------------------------------------------------------------------


def _state(named: Named) -> list[str]:
    state, holder = named.get("state"), named.get("holder")
    if state is None:
        return (
            [f"holder {holder['before'] or 'unknown'} → {holder['after'] or 'unknown'}"] if holder is not None else []
        )

    def words(side: str) -> str:
        value = state[side]
        if value is None:
            return ""
        pro = holder[side] if holder is not None else None
        return f"held by {pro}" if value == "held" and pro else _STATES.get(value, str(value))

    before, after = words("before"), words("after") or "unknown"
    return [f"{before} → {after}" if before else after]


def _plan(named: Named) -> list[str]:
    said = []
    if "starts_at" in named:
        said.append(f"start {_moved(named['starts_at'], sentences.stamp)}")
    if "minutes" in named:
        said.append(f"minutes {_moved(named['minutes'])}")
    if "checked_in_at" in named:
        said.append(f"checked in {_moved(named['checked_in_at'], sentences.stamp)}")
    return [", ".join(said)] if said else []


def _bill(named: Named) -> list[str]:
    titles = {"gross": "gross", "commission": "commission", "vat": "VAT"}
    said = [f"{title} {_moved(named[what], _money)}" for what, title in titles.items() if what in named]
    lines = [f"bill: {', '.join(said)}"] if said else []
    if "closes_at" in named:
        lines.append(f"billing closes {_moved(named['closes_at'], sentences.stamp)}")
    return lines


def _money(amount: Mapping[str, str]) -> str:
    return f"{amount['amount']} {amount['currency']}"


def _damage(named: Named) -> list[str]:
    return [f"damage file: {_moved(named['damage_file'], _file)}"] if "damage_file" in named else []


def _file(file: Mapping[str, Any]) -> str:
    lacking = ", ".join(str(each).replace("_", " ") for each in file["missing"])
    late = "declared late, " if file["late"] else ""
    return f"{late}missing {lacking}" if lacking else f"{late}complete"


def _counts(change: Change) -> str:
    def words(counted: Sequence[str]) -> str:
        return ", ".join(_COUNTED.get(each) or f"{each.removeprefix('rated_')} stars" for each in counted)

    before = words(change["before"]) if change["before"] else "nothing"
    after = words(change["after"]) if change["after"] else "nothing"
    return f"counts for {change['pro']}: {before} → {after}"


def _about(change: Change) -> str:
    """An anomaly that appears or heals; an event that is set aside, or counts again."""
    code, gone = change["after"] or change["before"], change["after"] is None
    words = reasons.in_words(str(code))
    if change["what"] == "anomaly":
        return f"cleared up: #{change['about']}" if gone else f"to be cleared up: #{change['about']}, {words}"
    return f"#{change['about']} counts again" if gone else f"#{change['about']} set aside: {words}"


# -- a pro ------------------------------------------------------------------------------------------------------------


def _figures(city: str, named: Named) -> str:
    said = []
    titles = (("accepted", "accepted"), ("cancelled", "cancelled"), ("no_shows", "no-shows"))
    said += [f"{title} {_moved(named[what])}" for what, title in titles if what in named]
    if "cancellation_rate" in named:
        rate = named["cancellation_rate"]
        said.append(f"rate {_rate(rate['before'])} → {_rate(rate['after'])}")
    if "late_cancellations" in named:
        said.append(f"late cancellations {_moved(named['late_cancellations'])}")
    if "rated" in named:
        said.append(f"rated {_moved(named['rated'])}")
    if "rating" in named:
        said.append(f"rating {named['rating']['before'] or 'none'} → {named['rating']['after'] or 'none'}")
    elif "stars" in named:
        said.append("rating as before")
    return f"{city}: {', '.join(said)}"


def _rate(rate: str | None) -> str:
    from ledger.rules.figures import percent_text

    counted, _, accepted = (rate or "").partition("/")
    return f"{rate} = {percent_text(int(counted), int(accepted))} %" if accepted else "none"


def _same_no_shows(total: Change, changes: Sequence[Change]) -> bool:
    """Whether the pro's total is that of the one city that the line above names."""
    of_city = [each for each in changes if each["what"] == "no_shows" and each["city"] is not None]
    return [(each["before"], each["after"]) for each in of_city] == [(total["before"], total["after"])]


def _access(named: Named) -> list[str]:
    lines = []
    if "access" in named:
        until = named.get("until", {}).get("after")
        lines.append(f"access: {_moved(named['access'])}" + (f", until {sentences.stamp(until)}" if until else ""))
    elif "until" in named:
        lines.append(f"access until {_moved(named['until'], sentences.stamp)}")
    return lines


def _ladders(named: Named) -> list[str]:
    ladders = {what.partition(".")[2]: each for what, each in named.items() if what.startswith("warnings.")}
    return [
        f"warnings on the ladder {ladder}: {each['before'] or 0} → {each['after'] or 0}"
        for ladder, each in ladders.items()
    ]


def _lists(named: Named) -> list[str]:
    lines = [f"{title}: {_moved(named[what], _listed)}" for what, title in _LISTS.items() if what in named]
    lines += [f"{title}: {_moved(named[what], _kinds)}" for what, title in _KINDS.items() if what in named]
    if "unavailabilities" in named:
        lines.append(f"declared unavailabilities {_moved(named['unavailabilities'])}")
    if "complaints_open" in named:
        lines.append(f"open complaints {_moved(named['complaints_open'])}")
    return lines


_LISTS = {"proposals": "open proposals", "decisions": "decisions in force", "accounts": "accounts of this person"}
_KINDS = {
    "reports_open": "reports of conduct that wait for a person",
    "reports_confirmed": "confirmed reports of conduct",
    "documents_expired": "expired documents",
}


def _listed(values: Sequence[str]) -> str:
    return ", ".join(values) or "none"


def _kinds(values: Sequence[str]) -> str:
    return _listed([each.replace("_", " ") for each in values])


_ON_THEIR_OWN: tuple[Callable[[Named], list[str]], ...] = (_state, _plan, _bill, _damage, _access, _ladders, _lists)
