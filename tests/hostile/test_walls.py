"""Hostile programs behind bubblewrap's walls: what is contained with control groups, and what without."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import ClassVar

import pytest
import pytest_asyncio

from gencode_graph.sandbox.bubblewrap import BubblewrapSandbox
from gencode_graph.settings import Settings
from gencode_graph.testing.hostile import ATTACKS, HostileContract
from gencode_graph.testing.hostile.attack import complaints

pytestmark = pytest.mark.slow


class TestWithControlGroups(HostileContract):
    @pytest_asyncio.fixture(scope="module", loop_scope="module")
    async def sandbox(self) -> AsyncIterator[BubblewrapSandbox]:
        opened = BubblewrapSandbox(Settings())
        await opened.open()
        yield opened
        await opened.close()


class TestWithoutControlGroups(HostileContract):
    uncontained: ClassVar[frozenset[str]] = frozenset(
        {
            "memory without end in one process",
            "memory in twenty processes of 100 MB",
            "files until everything is full",
            "a million empty files",
            "eight busy processes",
            "an end that looks like the kernel's",
        }
    )

    @pytest_asyncio.fixture(scope="module", loop_scope="module")
    async def sandbox(self) -> AsyncIterator[BubblewrapSandbox]:
        opened = BubblewrapSandbox(Settings(), control_groups=False)
        await opened.open()
        yield opened
        await opened.close()

    @pytest.mark.parametrize("name", sorted(uncontained - {"eight busy processes", "files until everything is full"}))
    async def test_the_watchdog_ends_what_is_only_watched(self, sandbox: BubblewrapSandbox, name: str) -> None:
        """It promises nothing, but these it sees in time."""
        attack = next(attack for attack in ATTACKS if attack.name == name)
        assert await complaints(attack, sandbox) == []
