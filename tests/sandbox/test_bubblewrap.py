"""The sandbox behind bubblewrap keeps the contract, is walled in, and leaves nothing behind."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from gencode_graph.sandbox.bubblewrap import BubblewrapSandbox
from gencode_graph.settings import Settings
from gencode_graph.testing import SandboxContract

pytestmark = pytest.mark.slow


@pytest.fixture
async def sandbox() -> AsyncIterator[BubblewrapSandbox]:
    opened = BubblewrapSandbox(Settings())
    await opened.open()
    yield opened
    await opened.close()


class TestBubblewrapKeepsTheContract(SandboxContract):
    pass
