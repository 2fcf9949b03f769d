"""The attacks as a test class that any backend can run."""

from __future__ import annotations

from typing import ClassVar

import pytest

from gencode_graph.errors import SandboxError
from gencode_graph.protocols import Sandbox
from gencode_graph.testing.hostile.attack import Attack, complaints
from gencode_graph.testing.hostile.reach import REACH
from gencode_graph.testing.hostile.resources import RESOURCES
from gencode_graph.types import Command

ATTACKS: tuple[Attack, ...] = (*RESOURCES, *REACH)


@pytest.mark.asyncio(loop_scope="module")
class HostileContract:
    """What every sandbox must contain, or say that it does not.

    The subclass stands in a module with a fixture ``sandbox``, of the module's scope and loop, that yields an open one
    and closes it: all attacks run in the same one, so each also shows that those before it left it whole.
    """

    uncontained: ClassVar[frozenset[str]] = frozenset()
    """Names of attacks that the backend's ``limits`` do not cover; exactly these, so that the list stays honest."""
    cpus: ClassVar[float] = 2.0
    """How many processors the backend lets a command have."""

    @pytest.mark.parametrize("attack", ATTACKS, ids=[attack.name.replace(" ", "-") for attack in ATTACKS])
    async def test_is_contained(self, sandbox: Sandbox, attack: Attack) -> None:
        if set(attack.needs) <= set(sandbox.limits):
            assert attack.name not in self.uncontained, "it is contained: strike it off the list"
            wrong = await complaints(attack, sandbox, cpus=self.cpus)
            assert not wrong, "\n".join(wrong)
        else:
            assert attack.name in self.uncontained, f"needs {attack.needs}: put it on the list of the uncontained"

    async def test_a_put_is_not_led_out_by_a_link(self, sandbox: Sandbox) -> None:
        """Hostile case 31: what we write goes into the workspace, whatever a folder there was turned into."""
        script = "import os; os.symlink('/tmp', 'led'); os.mkdir('kept'); os.symlink('../kept', 'kept/up')"
        assert (await sandbox.run(Command(argv=("python3", "-c", script)))).verdict == "ok"
        try:
            await sandbox.put({"led/out.txt": b"x", "kept/up/in.txt": b"y"}, origin="model")
        except SandboxError:
            return
        assert await sandbox.collect(["led", "kept"]) == {"led/out.txt": b"x", "kept/up/in.txt": b"y"}
