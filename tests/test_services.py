"""Services are connected once for a run, and let go of however it ends."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from pathlib import Path

import pytest

from gencode_graph.errors import RefusedError, WorkspaceError
from gencode_graph.pipeline import build, parallel, series
from gencode_graph.services import Services, connect
from gencode_graph.settings import Settings
from gencode_graph.step import Step
from gencode_graph.types import Draft, Task
from gencode_graph.workspace.lock import holder


@dataclass(frozen=True)
class Writer:
    """Writes one file, or fails, or never ends."""

    name: str
    ends: str = "well"

    def accepts(self, task: Task) -> bool:
        return True

    async def produce(self, task: Task, services: Services) -> Draft:
        if self.ends == "badly":
            raise RuntimeError("broken")
        if self.ends == "never":
            await asyncio.sleep(60)
        return Draft(files={f"{task.step}.txt": self.name})


def step(name: str, ends: str = "well") -> Step:
    return Step(
        name=name, persona="Derek", does="writes", reads=("request",), writes=(f"{name}.txt",),
        producers=(Writer(name=name, ends=ends),),
    )  # fmt: skip


def run(settings: Settings, *steps: Step, thread: str) -> asyncio.Task[object]:
    """A run as a server starts it: nobody connected anything before. The steps go side by side, then one more."""
    known = {s.name: s for s in (*steps, step("last"))}
    graph = build(series(parallel(*(s.name for s in steps)), "last"), known).compile()
    config = {"configurable": {"thread_id": thread}}
    return asyncio.ensure_future(graph.ainvoke({"request": "anything"}, config, context=settings))


def lock(settings: Settings) -> Path:
    return settings.workspace_of("") / ".gencode" / "lock"


async def test_two_steps_at_once_share_what_one_of_them_connected(tmp_path: Path) -> None:
    settings = Settings(workspace=tmp_path / "app")
    await run(settings, step("a"), step("b"), thread="shared")
    assert {p.name for p in (tmp_path / "app").glob("*.txt")} == {"a.txt", "b.txt", "last.txt"}
    assert holder(lock(settings)) is None


async def test_a_run_that_fails_gives_its_workspace_back(tmp_path: Path) -> None:
    settings = Settings(workspace=tmp_path / "app")
    with pytest.raises(RuntimeError, match="broken"):
        await run(settings, step("a"), step("b", ends="badly"), thread="failed")
    assert holder(lock(settings)) is None
    await run(settings, step("a"), step("b"), thread="failed")
    assert (tmp_path / "app" / "last.txt").is_file()


async def test_the_app_of_another_run_is_not_written_over(tmp_path: Path) -> None:
    settings = Settings(workspace=tmp_path / "app")
    await run(settings, step("a"), step("b"), thread="first")
    with pytest.raises(WorkspaceError, match="holds the app of run first; choose an empty or new folder"):
        await run(settings, step("c"), step("d"), thread="second")
    assert {p.name for p in (tmp_path / "app").glob("*.txt")} == {"a.txt", "b.txt", "last.txt"}
    assert holder(lock(settings)) is None


async def test_a_run_that_is_cancelled_gives_its_workspace_back(tmp_path: Path) -> None:
    settings = Settings(workspace=tmp_path / "app")
    work = run(settings, step("a"), step("b", ends="never"), thread="cancelled")
    while not (tmp_path / "app" / "a.txt").exists():  # noqa: ASYNC110 - a file has no event
        await asyncio.sleep(0.02)
    assert holder(lock(settings)) is not None
    work.cancel()
    with pytest.raises(asyncio.CancelledError):
        await work
    await asyncio.sleep(0.2)
    assert holder(lock(settings)) is None


async def test_code_of_a_model_stays_a_models_when_the_key_is_gone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings = Settings(workspace=tmp_path / "app", sandbox="local")
    async with connect(settings, "run") as services:
        assert (services.model, services.origin) == (None, "builtin")
    monkeypatch.setenv("OPENAI_API_KEY", "sk-nothing")
    async with connect(settings, "run") as services:
        assert services.model is not None
        assert services.origin == "model"
    monkeypatch.delenv("OPENAI_API_KEY")
    async with connect(settings, "run") as services:
        assert (services.model, services.origin) == (None, "model")
        with pytest.raises(RefusedError, match="unsafe-local"):
            await services.stage(services.workspace.write({"backend/a.py": "x = 1\n"}, origin="model"), "backend/")


async def test_work_that_fills_a_place_is_done_again_when_the_place_holds_another(tmp_path: Path) -> None:
    done: list[str] = []

    async def build(key: str) -> str:
        await asyncio.sleep(0)
        done.append(key)
        return key

    async with connect(Settings(workspace=tmp_path / "app"), "run") as services:
        for key in ("good", "good", "bad", "good"):
            both = await asyncio.gather(*(services.latest("dist", key, lambda key=key: build(key)) for _ in range(2)))
            assert both == [key, key]
        await services.latest("elsewhere", "bad", lambda: build("bad elsewhere"))
        await services.latest("dist", "good", lambda: build("good"))
    assert done == ["good", "bad", "good", "bad elsewhere"]


async def test_a_refused_draft_leaves_nothing_in_the_sandbox(tmp_path: Path) -> None:
    async with connect(Settings(workspace=tmp_path / "app", home=tmp_path / "home"), "run") as services:
        tree = services.workspace.write({"backend/a.py": "a = 1\n"}, origin="builtin")
        await services.stage(tree, "backend/")
        await services.lay({"backend/a.py": "a = 2\n", "backend/test_b.py": b"b = 1\n"})
        assert (await services.sandbox.collect(["backend"])).keys() == {"backend/a.py", "backend/test_b.py"}
        await services.stage(tree, "backend/")
        assert await services.sandbox.collect(["backend"]) == {"backend/a.py": b"a = 1\n"}
