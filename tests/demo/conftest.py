"""The demo month, played once for all tests here."""

from __future__ import annotations

import pytest

from commands.demo.month import events

from .playing import Played


@pytest.fixture(scope="session")
def played() -> Played:
    return Played(events())
