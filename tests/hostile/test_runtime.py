"""Hostile programs in Docker are contained, without walls they are not run; and the judges can tell the difference."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio

from gencode_graph.errors import RefusedError
from gencode_graph.protocols import Sandbox
from gencode_graph.sandbox.local import open_sandbox as open_local
from gencode_graph.sandbox.pod import open_sandbox as open_docker
from gencode_graph.settings import Settings
from gencode_graph.testing.hostile import ATTACKS, Attack, HostileContract, carry_out

pytestmark = pytest.mark.slow
HARMLESS = [attack for attack in ATTACKS if attack.harmless]


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def sandbox(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Sandbox]:
    opened = await open_docker(Settings(sandbox="docker"), tmp_path_factory.mktemp("docker"), "hostile")
    yield opened
    await opened.close()


@pytest.mark.docker
class TestDockerContains(HostileContract):
    pass


async def test_without_walls_no_model_made_code_is_run_at_all(tmp_path: Path) -> None:
    sandbox = await open_local(Settings(sandbox="local"), tmp_path, "run")
    with pytest.raises(RefusedError):
        await sandbox.put({"a.py": b"print(1)"}, origin="model")
    await sandbox.close()


@pytest.mark.parametrize("attack", HARMLESS, ids=[attack.name.replace(" ", "-") for attack in HARMLESS])
async def test_an_attack_that_meets_no_wall_is_reported(tmp_path: Path, attack: Attack) -> None:
    """A judge that is never unhappy would be no judge."""
    sandbox = await open_local(Settings(sandbox="local"), tmp_path, "run")
    try:
        seen = await carry_out(attack, sandbox)
        assert seen.got, seen.result.output
        assert attack.judge(seen) != []
    finally:
        await sandbox.close()
