"""Policy texts and generated policies for the tests of this folder."""

from __future__ import annotations

from typing import Any

from hypothesis import strategies as st

HEAD = 'id = "m"\nversion = "1"\neffective_from = 2018-06-01T00:00:00Z\n'


def decimals(low: int, high: int, places: int = 4) -> st.SearchStrategy[str]:
    """Decimal strings from `low` to `high` with up to `places` decimals, trailing zeros included."""
    scale = 10**places
    return st.integers(low * scale, high * scale).map(lambda n: f"{n // scale}.{n % scale:0{places}d}")


def _ordered(pair: tuple[str, str]) -> dict[str, str]:
    low, high = sorted(pair, key=lambda each: (len(each.split(".")[0]), each))
    return {"average": low, "maximum": high}


identifiers = st.from_regex(r"[A-Za-z0-9._:-]{1,20}", fullmatch=True)
services = st.text(st.characters(exclude_categories=["Cc", "Cs", "Zl", "Zp"]), min_size=1, max_size=12)
windows = st.one_of(
    st.just({"kind": "all"}),
    st.builds(lambda n: {"kind": "days", "days": n}, st.integers(1, 36_500)),
    st.builds(lambda n: {"kind": "last_accepted", "n": n}, st.integers(1, 1_000_000)),
)
_caps = st.one_of(
    st.builds(lambda n: {"amount": f"{n}.50", "currency": "EUR"}, st.integers(0, 10**6)),
    st.builds(lambda n: {"amount": f"{n}", "currency": "JPY"}, st.integers(0, 10**6)),
    st.builds(lambda n: {"amount": f"{n}.125", "currency": "TND"}, st.integers(0, 10**6)),
)


def sections() -> st.SearchStrategy[dict[str, Any]]:
    """Valid sections; any of them, and any value, may be left out."""

    def table(**values: st.SearchStrategy[Any]) -> st.SearchStrategy[dict[str, Any]]:
        return st.fixed_dictionaries({}, optional=values)

    bounds = st.tuples(decimals(0, 1), decimals(0, 1)).map(_ordered)
    cancellation = st.builds(
        lambda some, both: {**some, **both},
        table(
            denominator=st.sampled_from(["accepted", "accepted_and_due"]),
            window=windows,
            min_accepted=st.integers(1, 10**6),
        ),
        st.one_of(st.just({}), bounds),
    )
    return st.fixed_dictionaries(
        {},
        optional={
            "decision": st.sampled_from(["automatic", "human"]),
            "cancellation": cancellation,
            "late_cancellation": table(threshold_hours=st.integers(0, 100), count=st.integers(1, 9)),
            "no_show": table(confirmation=st.sampled_from(["none", "required"]), exclude_at=st.integers(1, 9)),
            "rating": table(window=st.integers(1, 500), minimum=decimals(0, 5), approach_margin=decimals(0, 5)),
            "warnings": table(max=st.integers(1, 9), cooldown_days=st.integers(0, 60)),
            "client_absent": table(
                checkin_replaces_wait=st.lists(services, unique=True, max_size=3),
                fee_percent=decimals(0, 100),
                fee_cap=_caps,
            ),
            "billing": table(
                commission=decimals(0, 1),
                commission_by_service=st.dictionaries(services, decimals(0, 1), max_size=3),
                closes=st.sampled_from(["end_of_next_local_day", "end_of_same_local_day", "noon_next_local_day"]),
                rounding=st.sampled_from(["half_up", "half_even"]),
            ),
            "due_process": table(
                policy_notice_days=st.integers(0, 90),
                complaint_months=st.integers(0, 24),
                grace_days=st.integers(0, 2),
            ),
        },
    )


def _without_bounds(section: dict[str, Any]) -> dict[str, Any]:
    # A city's bounds are judged together with the policy's own, so a generated city leaves them alone.
    kept = {k: v for k, v in section.get("cancellation", {}).items() if k not in {"average", "maximum"}}
    return {**section, "cancellation": kept} if "cancellation" in section else section


def documents() -> st.SearchStrategy[dict[str, Any]]:
    """Valid policy documents, cities included."""
    instants = st.datetimes().map(lambda each: each.isoformat() + "+00:00")
    head = st.fixed_dictionaries({"id": identifiers, "version": identifiers, "effective_from": instants})
    cities = st.dictionaries(identifiers, sections().map(_without_bounds), max_size=2)
    return st.builds(lambda one, two, city: {**one, **two, "city": city}, head, sections(), cities)
