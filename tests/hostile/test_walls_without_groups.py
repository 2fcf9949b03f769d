"""Hostile programs behind bubblewrap's walls, where there are no control groups: what is contained, what is watched."""

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
WATCHED = ("memory without end in one process", "memory in twenty processes of 100 MB", "a million empty files")


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def sandbox() -> AsyncIterator[BubblewrapSandbox]:
    opened = BubblewrapSandbox(Settings(), control_groups=False)
    await opened.open()
    yield opened
    await opened.close()


class TestBubblewrapContains(HostileContract):
    uncontained: ClassVar[frozenset[str]] = frozenset(
        {
            *WATCHED,
            "files until everything is full",
            "eight busy processes",
            "an end that looks like the kernel's",
        }
    )


@pytest.mark.asyncio(loop_scope="module")
@pytest.mark.parametrize("name", WATCHED)
async def test_what_is_only_watched_is_ended_all_the_same(sandbox: BubblewrapSandbox, name: str) -> None:
    """The watchdog promises nothing, but these it sees in time."""
    attack = next(attack for attack in ATTACKS if attack.name == name)
    assert await complaints(attack, sandbox) == []
