"""Hostile programs behind bubblewrap's walls, where there are control groups: all are contained."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest
import pytest_asyncio

from gencode_graph.sandbox.bubblewrap import BubblewrapSandbox
from gencode_graph.settings import Settings
from gencode_graph.testing.hostile import HostileContract

pytestmark = pytest.mark.slow


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def sandbox() -> AsyncIterator[BubblewrapSandbox]:
    opened = BubblewrapSandbox(Settings())
    await opened.open()
    yield opened
    await opened.close()


class TestBubblewrapContains(HostileContract):
    pass
