"""A child process that is ended while somebody asks it."""

from __future__ import annotations

import time
from concurrent.futures import ThreadPoolExecutor
from typing import IO, Any

import pytest

from projections import side_process
from projections.side_process import Ended, SideProcess

LINES = [b'{"specversion":"1.0"}' * 40] * 200


def test_ended_while_another_thread_asks_it_that_one_is_told_so(monkeypatch: pytest.MonkeyPatch) -> None:
    """An import whose input cannot be read on ends its reader, which may be sent the lines before at that moment."""
    child, send = SideProcess("projections.reading_ahead"), side_process._send

    def slowly(pipe: IO[bytes], value: Any) -> None:
        time.sleep(0.3)
        send(pipe, value)

    monkeypatch.setattr(side_process, "_send", slowly)
    with ThreadPoolExecutor(1) as pool:
        asked = pool.submit(child.ask, [LINES, False])
        time.sleep(0.1)
        child.close()
        assert isinstance(asked.exception(timeout=60), Ended)


def test_once_it_is_ended_nobody_asks_it_any_more() -> None:
    child = SideProcess("projections.reading_ahead")
    assert len(child.ask([LINES, False])) == 1
    child.close()
    child.close()
    with pytest.raises(Ended):
        child.ask([LINES, False])
