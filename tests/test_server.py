"""The graph on the LangGraph server: its schemas, its drawing, a run over the SDK, and nothing that blocks the loop."""

from __future__ import annotations

import asyncio
import json
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
from typing import Any

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
    await asyncio.to_thread(its_app_is_served, server, thread["thread_id"], workspace)
    assert blocking(server) == []


def its_app_is_served(server: Server, thread: str, workspace: Path) -> None:
    wanted = {"run_id": thread, "workspace": str(workspace), "minutes": 1}
    status, served = asked(server, "POST", "/previews", wanted)
    assert (status, served["run_id"]) == (201, thread), served
    with urllib.request.urlopen(f"{served['url']}/", timeout=10) as page:
        assert b'<div id="root"' in page.read()
    assert asked(server, "POST", "/previews", wanted)[0] == 409
    assert asked(server, "GET", "/previews") == (200, [served])
    status, longer = asked(server, "PATCH", f"/previews/{thread}", {"minutes": 5})
    assert (status, longer["expires"] > served["expires"]) == (200, True)
    assert asked(server, "DELETE", f"/previews/{thread}")[0] == 204
    assert not answers(served["url"])
    assert asked(server, "GET", "/previews") == (200, [])


@pytest.mark.parametrize(
    ("method", "path", "body", "status", "told"),
    [
        ("POST", "/previews", {"run_id": "20200101-000000"}, 404, "there are no runs yet"),
        ("POST", "/previews", {"run_id": "../../etc"}, 409, "run_id: String should match"),
        ("POST", "/previews", {"run_id": "a", "minutes": 0}, 409, "minutes: Input should be greater than 0"),
        ("POST", "/previews", {"run_id": "a", "shell": "true"}, 409, "shell: Extra inputs"),
        ("POST", "/previews", ["a"], 409, "the body: Input should be an object"),
        ("PATCH", "/previews/nothing", {}, 404, "nothing is not served"),
        ("DELETE", "/previews/nothing", {}, 404, "nothing is not served"),
    ],
    ids=str,
)
def test_a_preview_that_cannot_be_is_refused(
    server: Server, method: str, path: str, body: object, status: int, told: str
) -> None:
    given, answer = asked(server, method, path, body)
    assert (given, told in answer["detail"]) == (status, True), answer


def test_its_own_routes_have_the_same_guard_as_the_others() -> None:
    assert json.loads((ROOT / "langgraph.json").read_text())["http"]["enable_custom_route_auth"] is True


def asked(server: Server, method: str, path: str, body: object = None) -> tuple[int, Any]:
    """Status and JSON of one request."""
    data = None if body is None else json.dumps(body).encode()
    request = urllib.request.Request(server.url + path, data=data, method=method)
    try:
        with urllib.request.urlopen(request, timeout=120) as response:
            return response.status, json.loads(response.read() or b"null")
    except urllib.error.HTTPError as error:
        return error.code, json.loads(error.read())


def blocking(server: Server) -> list[str]:
    """What the server's watcher said of blocking calls."""
    return [line for line in server.log.read_text().splitlines() if re.search(r"(?i)blocking call|BlockingError", line)]
