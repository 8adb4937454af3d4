"""DAC7: whole units per seller and quarter, never negative, nothing lost."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from projections.exports import dac7
from projections.exports.billed import Billed

from .rows import billed, corrected, credit

QUARTERS = ("q1", "q2", "q3", "q4")
NOTHING = {"consideration": 0, "fees": 0, "taxes": 0, "activities": 0}


def alone(pro: str) -> Sequence[str]:
    return (pro,)


def rows(*made: Billed, year: int = 2026) -> list[dict[str, Any]]:
    return dac7.rows(made, year, alone)


def test_a_row_per_seller_and_currency() -> None:
    found = rows(
        billed(),
        billed("m-2", "p-1", "2026-06-30", gross=10000, commission=1500, vat=300),
        billed("m-3", "p-2", "2026-07-01", gross=5990, commission=899, vat=180, currency="JPY"),
        billed("m-4", "p-2", "2026-07-01", gross=59905, commission=8986, vat=1797, currency="TND"),
    )

    assert [(row["seller"], row["currency"]) for row in found] == [("p-1", "EUR"), ("p-2", "JPY"), ("p-2", "TND")]
    assert found[0] == {
        "seller": "p-1",
        "accounts": ["p-1"],
        "year": 2026,
        "currency": "EUR",
        "q1": {"consideration": 49, "fees": 9, "taxes": 2, "activities": 1},  # 49.20, 9.00, 1.80
        "q2": {"consideration": 82, "fees": 15, "taxes": 3, "activities": 1},
        "q3": NOTHING,
        "q4": NOTHING,
        "exact": {"consideration": "131.20", "fees": "24.00", "taxes": "4.80", "activities": 2},
        "carried": [],
    }
    assert found[1]["q3"] == {"consideration": 4911, "fees": 899, "taxes": 180, "activities": 1}
    assert found[2]["q3"] == {"consideration": 49, "fees": 9, "taxes": 2, "activities": 1}


def test_half_a_unit_is_rounded_up() -> None:
    (row, other) = rows(
        billed(gross=6250, commission=1050, vat=250),  # 49.50, 10.50, 2.50
        billed("m-2", "p-2", gross=6249, commission=1049, vat=249),  # 49.51, 10.49, 2.49
    )

    assert row["q1"] == {"consideration": 50, "fees": 11, "taxes": 3, "activities": 1}
    assert other["q1"] == {"consideration": 50, "fees": 10, "taxes": 2, "activities": 1}


def test_a_mission_belongs_to_the_quarter_of_its_local_day_even_when_booked_later() -> None:
    (row, other) = rows(billed(day="2026-03-31", period="2026-04"), billed("m-2", "p-2", "2026-04-01"))

    assert [row[each]["activities"] for each in QUARTERS] == [1, 0, 0, 0]
    assert [other[each]["activities"] for each in QUARTERS] == [0, 1, 0, 0]


def test_a_refund_of_a_later_quarter_is_taken_off_there_and_what_is_left_is_carried() -> None:
    line = billed(day="2026-03-10")  # 49.20 net
    later = billed("m-2", day="2026-08-10", gross=3000, commission=450, vat=90)  # 24.60 net
    (row, other) = rows(line, *corrected(line, "2026-05", 3000), later, billed("m-3", "p-2"))

    assert [row[each]["consideration"] for each in QUARTERS] == [49, 0, 0, 0]
    assert [row[each]["fees"] for each in QUARTERS] == [9, 0, 0, 0]
    assert [row[each]["activities"] for each in QUARTERS] == [1, 0, 1, 0]  # one was less, none was taken back
    assert row["carried"] == [
        {
            "from": "2026-q2",
            "to": "2026-q3",
            "consideration": "-24.60",
            "fees": "-4.50",
            "taxes": "-0.90",
            "activities": 0,
        }
    ]
    assert row["exact"] == {"consideration": "49.20", "fees": "9.00", "taxes": "1.80", "activities": 2}
    assert other["carried"] == []


def test_what_is_left_at_the_end_of_a_year_is_taken_off_its_quarters_the_latest_first() -> None:
    line = billed(day="2026-08-10")
    made = [billed("m-2"), billed("m-3", day="2026-05-02"), line, *corrected(line, "2026-11", 100)]
    made += [billed("m-4", "p-2"), credit(made[0], "2026-12", position=10), credit(made[1], "2026-12", position=10)]

    (row, other) = rows(*made)

    assert [row[each]["consideration"] for each in QUARTERS] == [1, 0, 0, 0]  # 0.82 of 147.60
    assert [row[each]["activities"] for each in QUARTERS] == [1, 0, 0, 0]
    assert row["exact"] == {"consideration": "0.82", "fees": "0.15", "taxes": "0.03", "activities": 1}
    assert [(move["from"], move["to"], move["consideration"], move["activities"]) for move in row["carried"]] == [
        ("2026-q4", "2026-q3", "-49.20", -1),
        ("2026-q4", "2026-q2", "-49.20", -1),
        ("2026-q4", "2026-q1", "-48.38", 0),
    ]
    assert (other["exact"]["consideration"], other["carried"]) == ("49.20", [])


def test_what_a_year_could_not_take_off_goes_into_the_next() -> None:
    line = billed(day="2025-03-10")
    small = billed("m-4", day="2026-06-01", gross=2000, commission=300, vat=60)  # 16.40 net
    made = [line, small, credit(line, "2026-12"), billed("m-2", "p-2"), billed("m-3", day="2027-02-01")]

    (row, other) = rows(*made)
    assert all(row[each] == NOTHING for each in QUARTERS)
    assert [(move["from"], move["to"], move["consideration"], move["activities"]) for move in row["carried"]] == [
        ("2026-q4", "2026-q2", "-16.40", -1),
        ("2026-q4", "2027-q1", "-32.80", 0),
    ]
    assert other["q1"]["consideration"] == 49

    (row,) = rows(*made, year=2027)
    assert row["q1"] == {"consideration": 16, "fees": 3, "taxes": 1, "activities": 1}
    assert [(move["from"], move["to"], move["consideration"]) for move in row["carried"]] == [
        ("2026-q4", "2027-q1", "-32.80")
    ]
    (row,) = rows(*made, year=2025)
    assert row["exact"]["consideration"] == "49.20"  # what was reported stays


def test_a_mission_taken_back_in_one_close_and_restored_in_a_later_one_counts_once() -> None:
    first, second = billed(), billed("m-2", number=2)
    again = second._replace(period="2026-07", position=11, number=1)
    made = [first, second, credit(second, "2026-05"), billed("m-3", "p-2"), again]

    (row, other) = rows(*made)

    assert [row[each]["activities"] for each in QUARTERS] == [2, 0, 0, 0]
    assert row["exact"] == {"consideration": "98.40", "fees": "18.00", "taxes": "3.60", "activities": 2}
    assert [(move["from"], move["to"]) for move in row["carried"]] == [("2026-q2", "2026-q3")]
    assert other["exact"]["activities"] == 1

    (row, _) = rows(*made, again._replace(role="credit", gross=-6000, commission=-900, vat=-180, period="2026-08"))
    assert row["exact"] == {"consideration": "49.20", "fees": "9.00", "taxes": "1.80", "activities": 1}


def test_a_mission_restored_in_the_next_year_counts_there() -> None:
    line = billed()
    made = [line, credit(line, "2026-05"), line._replace(period="2027-02", position=11), billed("m-2", "p-2")]

    (other,) = rows(*made)[1:]
    assert rows(*made)[0]["exact"]["activities"] == 0
    assert other["exact"]["activities"] == 1
    (row,) = rows(*made, year=2027)
    assert [row[each]["activities"] for each in QUARTERS] == [1, 0, 0, 0]
    assert row["carried"] == []


def test_linked_accounts_are_one_seller() -> None:
    made = [billed(), billed("m-2", "p-2"), billed("m-3", "p-3")]
    found = dac7.rows(made, 2026, lambda pro: ("p-1", "p-3") if pro in ("p-1", "p-3") else (pro,))

    assert [(row["seller"], row["accounts"], row["q1"]["activities"]) for row in found] == [
        ("p-1", ["p-1", "p-3"], 2),
        ("p-2", ["p-2"], 1),
    ]


@given(st.lists(st.integers(-(10**12), 10**12)))
def test_carrying_keeps_the_sum_and_reports_nothing_negative(amounts: list[int]) -> None:
    reported, left = dac7.carried(amounts)

    assert len(reported) == len(left) == len(amounts)
    assert all(each >= 0 for each in reported)
    assert all(each <= 0 for each in left)
    assert sum(reported) + (left[-1] if left else 0) == sum(amounts)
    assert all(now == 0 or rest == 0 for now, rest in zip(reported, left, strict=True))


def spelled(month: int) -> str:
    """A month counted from January 2026 as 0."""
    return f"{2026 + month // 12}-{month % 12 + 1:02d}"


histories = st.lists(
    st.tuples(
        st.sampled_from(["p-1", "p-2"]),
        st.sampled_from(["EUR", "JPY", "TND"]),
        st.integers(1, 12),  # the month of the session
        st.integers(0, 10**6),  # gross
        st.one_of(st.none(), st.tuples(st.integers(0, 14), st.integers(0, 10**6))),  # corrected so much later, to
        st.one_of(st.none(), st.tuples(st.integers(0, 14), st.integers(0, 14))),  # taken back, and restored
    ),
    max_size=12,
)


@given(histories)
def test_whatever_is_refunded_no_quarter_is_negative_and_nothing_is_lost(history: list[Any]) -> None:
    made: list[Billed] = []
    for number, (pro, currency, month, gross, correction, gone) in enumerate(history):
        day = f"2026-{month:02d}-15"
        line = billed(f"m-{number}", pro, day, gross=gross, currency=currency, commission=gross * 15 // 100, vat=7)
        made.append(line)
        booked_in = month - 1
        if correction is not None:
            booked_in += correction[0]
            made += corrected(line, spelled(booked_in), correction[1])
        if gone is not None:
            stood = made[-1]
            made.append(credit(stood, spelled(booked_in + gone[0])))
            made.append(stood._replace(period=spelled(booked_in + sum(gone)), corrects_position=0, corrects_number=0))
    booked = [each for each in made if each.period < "2027"]

    found = rows(*made)

    for row in found:
        assert all(value >= 0 for each in QUARTERS for value in row[each].values())
        assert all(isinstance(value, int) for each in QUARTERS for value in row[each].values())
        mine = [each for each in booked if (each.pro, each.currency) == (row["seller"], row["currency"])]
        exponent = {"EUR": 2, "JPY": 0, "TND": 3}[row["currency"]]
        out = [move for move in row["carried"] if move["to"] == "2027-q1"]
        for name, total in (
            ("consideration", sum(each.net for each in mine)),
            ("fees", sum(e.commission for e in mine)),
        ):
            left = sum((Decimal(move[name]) for move in out), Decimal(0))
            assert Decimal(row["exact"][name]) == max(Decimal(total).scaleb(-exponent), Decimal(0))  # the year itself
            assert Decimal(row["exact"][name]) + left == Decimal(total).scaleb(-exponent)
            whole = sum(row[each][name] for each in QUARTERS)
            assert abs(whole - Decimal(row["exact"][name]).quantize(Decimal(1), ROUND_HALF_UP)) <= 2  # four roundings
    told = {(row["seller"], row["currency"]) for row in found}
    untold = [each for each in booked if (each.pro, each.currency) not in told]
    assert sum(each.net for each in untold) == sum(each.commission for each in untold) == 0
