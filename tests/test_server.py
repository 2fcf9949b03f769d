"""The graph on the LangGraph server: its schemas, its drawing, a run over the SDK, and nothing that blocks the loop."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from langgraph_sdk import get_client
from langgraph_sdk.client import LangGraphClient

from gencode_graph import Settings
from gencode_graph.events import Activity, StepFinished, StepStarted, parse_event
from gencode_graph.nodes import STEPS
from gencode_graph.sandbox.local import free_port

ROOT = Path(__file__).resolve().parents[1]
pytestmark = pytest.mark.slow


@dataclass(frozen=True, kw_only=True)
class Server:
    """A ``langgraph dev`` of our own."""

    url: str
    log: Path


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    folder = tmp_path_factory.mktemp("server")
    port, log = free_port(), folder / "log.txt"
    environment = os.environ | {"GENCODE_HOME": str(folder / "home"), "NO_COLOR": "1"}
    argv = [sys.executable, "-m", "langgraph_cli", "dev", "--no-browser", "--no-reload"]
    argv += ["--config", str(ROOT / "langgraph.json"), "--port", str(port)]
    with log.open("wb") as out:
        process = subprocess.Popen(argv, cwd=folder, env=environment, stdout=out, stderr=subprocess.STDOUT)
    try:
        url = f"http://127.0.0.1:{port}"
        for _ in range(240):
            if answers(f"{url}/ok"):
                break
            assert process.poll() is None, log.read_text()[-3000:]
            time.sleep(0.25)
        yield Server(url=url, log=log)
    finally:
        process.terminate()
        process.wait(30)


def answers(url: str) -> bool:
    try:
        with urllib.request.urlopen(url, timeout=2) as response:
            return bool(response.status == 200)
    except (urllib.error.URLError, OSError):
        return False


@pytest.fixture
async def client(server: Server) -> AsyncIterator[LangGraphClient]:
    async with get_client(url=server.url) as client:
        yield client


async def assistant(client: LangGraphClient) -> str:
    (found,) = await client.assistants.search(graph_id="app")
    return str(found["assistant_id"])


async def test_its_schemas_are_valid(server: Server, client: LangGraphClient) -> None:
    schemas = await client.assistants.get_schemas(await assistant(client))
    assert list(schemas["input_schema"]["properties"]) == ["request"]
    assert list(schemas["output_schema"]["properties"]) == ["steps"]
    assert set(schemas["context_schema"]["properties"]) == set(Settings.model_fields)
    assert "Failed to get" not in server.log.read_text()


async def test_all_steps_are_drawn(server: Server, client: LangGraphClient) -> None:
    drawn = await client.assistants.get_graph(await assistant(client), xray=1)
    names = [node["id"].split(":")[-1] for node in drawn["nodes"]]
    assert sorted(n for n in names if n in STEPS) == sorted(STEPS)


async def test_a_context_that_cannot_be_used_is_refused(server: Server, client: LangGraphClient) -> None:
    thread = await client.threads.create()
    given = {"input": {"request": "A gym with members"}, "context": {"vibe": "neon"}}
    with pytest.raises(Exception, match=r"vibe\n.*'minimal'"):
        await client.runs.wait(thread["thread_id"], "app", **given)


@pytest.mark.node
@pytest.mark.browser
async def test_a_run_makes_an_app_streams_events_and_blocks_nothing(
    server: Server, client: LangGraphClient, tmp_path: Path
) -> None:
    workspace = tmp_path / "gym"
    thread = await client.threads.create()
    events = []
    async for part in client.runs.stream(
        thread["thread_id"],
        "app",
        input={"request": "A gym with members and trainers"},
        context={"workspace": str(workspace), "vibe": "bold"},
        stream_mode="custom",
        stream_subgraphs=True,
    ):
        assert part.event != "error", f"{part.data}\n{blocking(server)}"
        if part.event.startswith("custom"):
            events.append(parse_event(part.data))
    assert {e.step for e in events if isinstance(e, StepStarted)} == set(STEPS)
    assert {e.step for e in events if isinstance(e, StepFinished)} == set(STEPS)
    assert any(isinstance(e, Activity) and e.name == "screenshots" for e in events)
    steps = (await client.threads.get_state(thread["thread_id"]))["values"]["steps"]
    assert set(steps) == set(STEPS)
    assert (workspace / "docs" / "report.md").is_file()
    assert (workspace / ".git").is_dir()
    assert blocking(server) == []


def blocking(server: Server) -> list[str]:
    """What the server's watcher said of blocking calls."""
    return [line for line in server.log.read_text().splitlines() if re.search(r"(?i)blocking call|BlockingError", line)]
