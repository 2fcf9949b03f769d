"""Several servers in one sandbox, each started when those that it needs are healthy, such as its database."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from graphlib import CycleError, TopologicalSorter
from urllib.parse import urlsplit

from gencode_graph.errors import WiringError
from gencode_graph.protocols import Sandbox
from gencode_graph.types import Command, Health


@dataclass(frozen=True, kw_only=True)
class Server:
    """One of several."""

    name: str
    command: Command
    """In its words and its environment ``{name.url}`` and ``{name.port}`` stand for one that it needs."""
    health: Health = "/"
    needs: tuple[str, ...] = ()
    seconds: float = 30.0
    """That it may take to be healthy."""


@asynccontextmanager
async def together(sandbox: Sandbox, servers: Sequence[Server]) -> AsyncIterator[dict[str, str]]:
    """Start servers, those first that others need, and yield their URLs inside by name; ended in the other direction.

    Raises ``ServeError`` for the first that does not come up, and ``WiringError`` where one needs itself or nothing.
    """
    urls: dict[str, str] = {}
    async with AsyncExitStack() as stack:
        for server in in_order(servers):
            command = filled(server.command, {name: urls[name] for name in server.needs})
            serving = sandbox.serve(command, health=server.health, seconds=server.seconds)
            urls[server.name] = await stack.enter_async_context(serving)
        yield urls


def in_order(servers: Sequence[Server]) -> list[Server]:
    """The servers, each after those that it needs; otherwise as they are given."""
    named = {server.name: server for server in servers}
    if len(named) < len(servers):
        raise WiringError("two servers have the same name; give each its own")
    if unknown := sorted({need for server in servers for need in server.needs} - named.keys()):
        raise WiringError(f"no server is named {', '.join(unknown)}; there are {', '.join(named)}")
    try:
        return [named[name] for name in TopologicalSorter({s.name: s.needs for s in servers}).static_order()]
    except CycleError as error:
        raise WiringError(f"servers that need one another cannot be started: {' -> '.join(error.args[1])}") from None


def filled(command: Command, urls: Mapping[str, str]) -> Command:
    """The command with the URLs and ports of others in place of their names."""
    known = {f"{{{name}.url}}": url for name, url in urls.items()}
    known |= {f"{{{name}.port}}": str(urlsplit(url).port) for name, url in urls.items()}

    def fill(text: str) -> str:
        for name, value in known.items():
            text = text.replace(name, value)
        return text

    env = {name: fill(value) for name, value in command.env.items()}
    return command.model_copy(update={"argv": tuple(fill(word) for word in command.argv), "env": env})
