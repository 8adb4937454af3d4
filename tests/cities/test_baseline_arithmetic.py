"""A baseline is sums over sums, exact, and rounded in favour of the pro."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ledger.baselines import Adverse, Pool, Share, bounds, pooled, ratio_text
from ledger.policies.parameters import Baseline
from ledger.policies.sections import CityBaseline

TERMS = CityBaseline()


def share(person: str, accepted: int, counted: int, city: str = "lyon") -> Share:
    return Share(city, person, accepted, [Adverse(f"{person}-{number}", "") for number in range(counted)])


def test_the_mean_is_pooled_and_not_a_mean_of_rates() -> None:
    # given A with 1 of 2 and B with 0 of 98: pooled 1 %, where the mean of the two rates would be 25 %
    pool = pooled([share("A", 2, 1), share("B", 98, 0)])
    assert pool == Pool(pros=2, accepted=100, counted=1)
    assert bounds(pool, TERMS) == (Fraction(1, 100), Fraction(5, 100))


def test_a_person_in_two_cities_is_one_pro_of_the_country() -> None:
    assert pooled([share("A", 2, 1), share("A", 3, 0, "paris"), share("B", 5, 0)]) == Pool(2, 10, 1)


def test_what_ends_one_series_counts_once_and_what_ends_another_counts_again() -> None:
    adverse = [
        Adverse("m-1", "s-1"),
        Adverse("m-2", "s-1"),
        Adverse("m-3", "s-2"),
        Adverse("m-4", ""),
        Adverse("s-1", ""),
    ]
    assert Share("lyon", "A", 20, adverse).counted == 4  # s-1, s-2, m-4, and the mission that is called s-1


def test_a_mission_of_two_linked_accounts_counts_once() -> None:
    assert Share("lyon", "A", 20, [Adverse("m-1", ""), Adverse("m-1", "")]).counted == 1


@pytest.mark.parametrize(
    ("counted", "accepted", "average", "maximum"),
    [
        (0, 10, "0.00", "0.05"),  # the floor
        (4, 100, "0.04", "0.06"),  # the factor
        (1, 30, "0.033333333334", "0.050000000001"),  # rounded up, and what follows from it again
        (2, 3, "0.666666666667", "1.00"),  # never above all of them
        (7, 7, "1.00", "1.00"),
    ],
)
def test_the_maximum_follows_from_the_average(counted: int, accepted: int, average: str, maximum: str) -> None:
    found = bounds(Pool(12, accepted, counted), TERMS)
    assert (ratio_text(found.average), ratio_text(found.maximum)) == (average, maximum)


@given(
    st.integers(1, 10**9).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n))),
    st.decimals(1, 100, places=6),
    st.decimals(0, 1, places=6),
)
def test_bounds_can_always_be_published_and_never_harm_a_pro(
    rate: tuple[int, int], factor: Decimal, floor: Decimal
) -> None:
    counted, accepted = rate
    terms = CityBaseline.model_validate({"max_factor": f"{factor:f}", "max_floor": f"{floor:f}"})
    found = bounds(Pool(10, accepted, counted), terms)
    exact = Fraction(counted, accepted)
    assert exact <= found.average < exact + Fraction(1, 10**12)
    assert found.average <= found.maximum <= 1
    assert found.maximum >= min(1, max(Fraction(floor), Fraction(factor) * exact))
    spelled = [Fraction(ratio_text(each)) for each in found]
    assert spelled == list(found)
    Baseline("lyon", *spelled, minimum_rating=Fraction(4))  # refuses what no pro could be judged by
