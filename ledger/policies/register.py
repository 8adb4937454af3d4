"""`Register`: which policy versions and city baselines are known, and which are in force at an instant.

It is a value built from recorded facts, one `with_…` per event; asking it is a lookup, because every event asks. The
version in force at an instant is the published one with the latest `effective_from` up to then; of two with the same
instant, the one recorded later. Before the first of them, and with none published, the preset `mila-2018-06` applies.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import datetime

from ledger.errors import Misused, Refused
from ledger.instants import DAY, to_text, to_us
from ledger.policies.parameters import Baseline, Parameters, parameters
from ledger.policies.policy import Policy
from ledger.policies.problems import one_line
from ledger.policies.shipped import DEFAULT, load, preset


@dataclass(frozen=True, slots=True)
class Publication:
    """One recorded `policy.published`; `forced` where the notice was too short and `--force` was given."""

    policy: Policy
    position: int
    event_id: str
    forced: bool = False


@dataclass(frozen=True, slots=True)
class DatedBaseline:
    """One recorded `city.baseline_published`: what it says, when it happened, and where it stands in the log."""

    baseline: Baseline
    time_us: int
    position: int


@dataclass(frozen=True)
class Register:
    """The policies and baselines known so far. Never changed; every `with_…` and `without` gives another one."""

    publications: tuple[Publication, ...] = ()
    """In order of `effective_from`, then of recording."""

    baselines: dict[str, tuple[DatedBaseline, ...]] = field(default_factory=dict)
    """By city, in order of recording."""

    assumed: tuple[int, Policy] | None = None
    """For a question (`replay --policy`): from this instant on this version is in force, whatever was published."""

    @classmethod
    def empty(cls) -> Register:
        """Nothing published: the preset `mila-2018-06` applies at any time."""
        return cls()

    def __post_init__(self) -> None:
        known: dict[tuple[int, str], Parameters] = {}
        dated = [(each.policy.effective_from_us, each.policy) for each in self.publications]
        if self.assumed is not None:
            since = self.assumed[0]
            dated = [*(each for each in dated if each[0] < since), self.assumed]
        object.__setattr__(self, "_effective_us", [effective_us for effective_us, _ in dated])
        object.__setattr__(self, "_policies", [preset(DEFAULT), *(policy for _, policy in dated)])
        object.__setattr__(self, "_known", known)

    def with_policy(self, policy: Policy, position: int, event_id: str, forced: bool = False) -> Register:
        """With a `policy.published` recorded at `position`."""
        publication = Publication(policy, position, event_id, forced)
        publications = sorted(
            (*self.publications, publication), key=lambda each: (each.policy.effective_from_us, each.position)
        )
        return replace(self, publications=tuple(publications))

    def with_baseline(self, baseline: Baseline, time_us: int, position: int) -> Register:
        """With a `city.baseline_published` that happened at `time_us` and was recorded at `position`."""
        dated = DatedBaseline(baseline, time_us, position)
        of_city = sorted((*self.baselines.get(baseline.city, ()), dated), key=lambda each: each.position)
        return replace(self, baselines=self.baselines | {baseline.city: tuple(of_city)})

    def without(self, event_id: str) -> Register:
        """Without what a voided event had published; what was in force before it is in force again."""
        kept = {
            city: tuple(each for each in of_city if each.baseline.event_id != event_id)
            for city, of_city in self.baselines.items()
        }
        return replace(
            self,
            publications=tuple(each for each in self.publications if each.event_id != event_id),
            baselines={city: of_city for city, of_city in kept.items() if of_city},
        )

    def in_force(self, at_us: int) -> Policy:
        """The policy in force at an instant (microseconds since 1970); there always is one."""
        return self._policies[bisect_right(self._effective_us, at_us)]

    def since(self, at_us: int) -> int | None:
        """From when the version in force at an instant is in force; None where the preset applies."""
        index = bisect_right(self._effective_us, at_us)
        return self._effective_us[index - 1] if index else None

    def versions(self) -> list[tuple[int | None, Policy]]:
        """Every version with the instant from which it is in force, in order; first the preset, in force before all."""
        return list(zip([None, *self._effective_us], self._policies, strict=True))

    def publication_in_force(self, at_us: int) -> Publication | None:
        """The recorded version in force at an instant; None where the preset applies."""
        assert self.assumed is None, "an assumed version was never recorded"
        index = bisect_right(self._effective_us, at_us)
        return self.publications[index - 1] if index else None

    def baseline(self, city: str) -> Baseline | None:
        """The latest recorded baseline of a city."""
        of_city = self.baselines.get(city)
        return of_city[-1].baseline if of_city else None

    def sources(self, at_us: int, city: str) -> list[tuple[int, str]]:
        """Position and id of what `parameters` come from: the recorded version in force, the city's latest baseline."""
        publication, of_city = self.publication_in_force(at_us), self.baselines.get(city)
        found = [(publication.position, publication.event_id)] if publication else []
        if of_city and of_city[-1].baseline.event_id is not None:
            found.append((of_city[-1].position, of_city[-1].baseline.event_id))
        return found

    def parameters(self, at_us: int, city: str) -> Parameters:
        """What rules read at an instant in a city: the policy in force with the city's latest baseline."""
        key = (bisect_right(self._effective_us, at_us), city)
        found = self._known.get(key)
        if found is None:
            found = self._known[key] = parameters(self._policies[key[0]], city, self.baseline(city))
        return found

    def named(self, name: str) -> Policy:
        """The version called `id@version`: the latest recorded of that name, else what `load` finds (preset, file).

        Misused: `unknown_policy`.
        """
        called = [each for each in self.publications if each.policy.name == name]
        if called:
            return max(called, key=lambda each: each.position).policy
        for policy in self._policies[:1]:
            if policy.name == name:
                return policy
        try:
            return load(name)
        except Misused as unknown:
            published = ", ".join(dict.fromkeys(each.policy.name for each in self.publications))
            also = f"; published are {published}" if published else ""
            raise Misused(unknown.code, one_line(unknown.message + also)) from None

    def __iter__(self) -> Iterator[Publication]:
        return iter(self.publications)

    # Derived in __post_init__; declared here for the type checker, as they are neither compared nor passed on.
    _effective_us: list[int] = field(init=False, repr=False, compare=False)
    _policies: list[Policy] = field(init=False, repr=False, compare=False)
    _known: dict[tuple[int, str], Parameters] = field(init=False, repr=False, compare=False)


def notice_refusal(policy: Policy, notified_at: datetime) -> Refused | None:
    """The refusal (`notice_too_short`) of a version that takes effect too soon after its notice, else None.

    P2B regulation 2019/1150, article 3(2): a change of terms is announced at least 15 days before it takes effect. The
    policy's own `due_process.policy_notice_days` is read; days are 24 hours; exactly that many are enough.
    """
    days = int(policy.values("")["due_process"]["policy_notice_days"])
    earliest = to_us(notified_at) + days * DAY
    if policy.effective_from_us >= earliest:
        return None
    text = (
        f"{policy.name} takes effect {to_text(policy.effective_from_us)}, less than {days} days after its notice"
        f" {to_text(to_us(notified_at))}: set effective_from to {to_text(earliest)} or later, or give --force"
    )
    return Refused(
        "notice_too_short",
        text,
        policy=policy.name,
        effective_from=to_text(policy.effective_from_us),
        notified_at=to_text(to_us(notified_at)),
        earliest=to_text(earliest),
    )
