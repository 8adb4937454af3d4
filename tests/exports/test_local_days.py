"""The zone of a session is asked for only where it matters to what is exported."""

from __future__ import annotations

from zoneinfo import available_timezones

from hypothesis import example, given, settings
from hypothesis import strategies as st

from ledger.instants import local_day, parse_us
from projections.export_reading import EACH_DAY, NO_DAY, _day_anywhere, quarter

ZONES = sorted(each for each in available_timezones() if each not in ("localtime", "Factory"))
YEARS = st.integers(parse_us("2018-01-01T00:00:00Z"), parse_us("2035-01-01T00:00:00Z"))


@given(YEARS, st.sampled_from(ZONES))
@example(parse_us("2026-03-31T10:00:00Z"), "Pacific/Kiritimati")  # 1 April there
@example(parse_us("2026-04-01T11:59:59Z"), "Etc/GMT+12")  # 31 March there
@settings(deadline=None)  # a zone is read from the disk when it is first asked for
def test_a_quarter_that_is_sure_is_that_of_the_local_day(at: int, zone: str) -> None:
    sure = _day_anywhere(at, quarter)

    if sure is not None:
        assert quarter(sure) == quarter(local_day(at, zone))


def test_where_the_zone_is_needed() -> None:
    noon, end = parse_us("2026-05-15T12:00:00Z"), parse_us("2026-03-31T22:30:00Z")

    assert _day_anywhere(noon, quarter) is not None
    assert _day_anywhere(end, quarter) is None
    assert _day_anywhere(noon, EACH_DAY) is None
    assert _day_anywhere(end, NO_DAY) is not None
