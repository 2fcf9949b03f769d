"""One attack on a sandbox: a small program, and what this machine saw of it while it ran and afterwards.

The programs open for writing and never write; each says of everything it tries whether it got it. A program that ends
early is not taken for one that was kept in: what it never tried is a complaint.
"""

from __future__ import annotations

import asyncio
import json
import uuid
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

from gencode_graph.protocols import Sandbox
from gencode_graph.testing.hostile.machine import Host, Sample, sample, settled
from gencode_graph.types import Command, Limit, Result

PRELUDE = """
import ctypes, errno, json, os, resource, signal, socket, subprocess, sys, threading, time
TOKEN, HOST = sys.argv[1], json.loads(sys.argv[2])
def attempt(what, attack):
    try:
        attack()
    except (OSError, RuntimeError, MemoryError) as error:
        number = getattr(error, "errno", None)
        print("denied", what, "|", errno.errorcode.get(number, number), error, flush=True)
    else:
        print("GOT", what, flush=True)
"""
PAUSE = 0.15
"""Seconds between two looks at the machine."""


@dataclass(frozen=True, kw_only=True)
class Evidence:
    """What an attack came to: its result, and what this machine saw."""

    result: Result
    samples: Sequence[Sample]
    left: int
    """Of its processes, after its end."""
    grown: int
    """Bytes by which this process grew."""
    disk: int
    """Bytes that this machine's disk lost at the most."""
    hits: Sequence[str]
    """Who of this machine's listeners was reached."""
    after: Result | None
    """Of the program that was run next in the same sandbox."""
    collected: Mapping[str, bytes]
    cpus: float
    """How many processors the backend lets a command have."""

    @property
    def most(self) -> int:
        """Its processes that this machine saw at once."""
        return max((len(seen.processes) for seen in self.samples), default=0)

    @property
    def got(self) -> list[str]:
        """What it says that it got."""
        return [line.removeprefix("GOT ") for line in self.result.stdout.splitlines() if line.startswith("GOT ")]

    @property
    def denied(self) -> dict[str, str]:
        """What it says that it could not have, and the error."""
        lines = [line.removeprefix("denied ") for line in self.result.stdout.splitlines() if line.startswith("denied ")]
        return {what: error for what, _, error in (line.partition(" | ") for line in lines)}


Judge = Callable[[Evidence], list[str]]
"""What is wrong with what an attack came to; empty when it was contained."""


@dataclass(frozen=True, kw_only=True)
class Attack:
    """A program, and how to tell that a sandbox contained it."""

    name: str
    case: int
    """Its number in the list of hostile cases."""
    needs: tuple[Limit, ...]
    """What a sandbox must hold programs to if it is to contain this one."""
    judge: Judge
    program: str = ""
    """Python; ``attempt``, ``TOKEN`` and ``HOST`` are there."""
    tries: Mapping[str, str] = field(default_factory=dict)
    """Name -> Python expression; each is to be denied."""
    seconds: float = 15.0
    memory: int | None = None
    """MB."""
    output_limit: int = 1_000_000
    then: str = ""
    """Python, run next in the same sandbox; it cleans up, or shows that all is well."""
    collect: tuple[str, ...] = ()
    harmless: bool = False
    """Whether it may run without any sandbox, where it must succeed: that shows that the judge can tell."""

    def command(self, token: str, host: Host) -> Command:
        """The program as a command, marked with a token by which this machine knows its processes."""
        tries = "".join(f"attempt({name!r}, lambda: {code})\n" for name, code in self.tries.items())
        argv = ("python3", "-c", PRELUDE + self.program + "\n" + tries, token, json.dumps(host.told()))
        return Command(argv=argv, timeout=self.seconds, memory=self.memory, output_limit=self.output_limit)


async def carry_out(attack: Attack, sandbox: Sandbox, *, cpus: float = 2.0) -> Evidence:
    """Run an attack in a sandbox and watch this machine meanwhile."""
    token, samples = f"attack-{uuid.uuid4().hex}", list[Sample]()
    with Host() as host:
        before = await asyncio.to_thread(sample, token)
        running = asyncio.create_task(sandbox.run(attack.command(token, host)))
        while not running.done():
            samples.append(await asyncio.to_thread(sample, token))
            await asyncio.wait([running], timeout=PAUSE)
        result = await running
        left = await asyncio.to_thread(settled, token)
        last = await asyncio.to_thread(sample, token)
        collected = await sandbox.collect(attack.collect) if attack.collect else {}
        after = None
        if attack.then:
            after = await sandbox.run(Command(argv=("python3", "-c", attack.then), timeout=30))
        return Evidence(
            result=result,
            samples=samples,
            left=left,
            grown=last.resident - before.resident,
            disk=before.free - min(seen.free for seen in (*samples, last)),
            hits=host.hits,
            after=after,
            collected=collected,
            cpus=cpus,
        )


async def complaints(attack: Attack, sandbox: Sandbox, *, cpus: float = 2.0) -> list[str]:
    """What a sandbox let an attack do; empty when it contained it."""
    seen = await carry_out(attack, sandbox, cpus=cpus)
    wrong = attack.judge(seen)
    if seen.left:
        wrong.append(f"{seen.left} of its processes are still there")
    if seen.result.verdict == "infra":
        wrong.append("the sandbox itself failed")
    if attack.then and (seen.after is None or seen.after.verdict != "ok"):
        wrong.append(f"the next command did not work: {seen.after and seen.after.output[-500:]}")
    if wrong:
        told = f"{seen.result.verdict} {seen.result.exit_code} after {seen.result.seconds:.1f} s"
        wrong.append(f"it ended as {told}, saying {seen.result.output[-1500:]!r}")
    return wrong
