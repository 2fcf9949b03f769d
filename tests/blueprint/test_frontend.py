"""The web app of every spec: whole, without what it does not need, and clean by its own tools."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
from collections.abc import Callable
from functools import partial
from pathlib import Path
from posixpath import dirname, join, normpath

import pytest

from gencode_graph.blueprint import client
from gencode_graph.blueprint.contract import openapi
from gencode_graph.blueprint.render import render
from gencode_graph.spec import AppSpec
from tests.blueprint.specs import SPECS, document, smallest, spec

STEPS = ("frontend_mock", "frontend_integration", "testing_frontend")
IMPORT = re.compile(r"(?:from|import)\s*\(?\s*\"((?:@/|\.)[^\"]*)\"")
EXPORT = re.compile(r"^export (?:default )?(?:async )?(?:function|const|interface|type|class) (\w+)", re.M)


def odd() -> AppSpec:
    """Names and labels that are hard on code: quotes, markup, keywords, two relations to one target, a circle."""
    data = document("bugtracker")
    data["name"] = 'It\'s "quoted" & <odd> `tick` ${x} {brace}'
    data["tagline"] = 'Ünïcødé — 日本語 & </script> "more"'
    issue = next(e for e in data["entities"] if e["name"] == "issue")
    issue["label"], issue["label_plural"] = "Ticket d'été", 'Tickets "d\'été"'
    issue["description"] = "It's <b>odd</b> & {x}"
    issue["fields"] += [
        {"name": name, "type": kind, "label": f"The {name}'s <{kind}>"}
        for name, kind in {"type": "string", "key": "integer", "value": "money", "children": "boolean"}.items()
    ]
    issue["fields"][0]["label"] = 'Name & "title"'
    issue["relations"] += [
        {"name": "reporter", "target": "user", "label": "Reporter"},
        {"name": "parent", "target": "issue", "label": "Parent"},
        {"name": "related", "target": "issue", "kind": "many", "item": "related_issue", "label": "Related"},
    ]
    status = next(f for f in issue["fields"] if f["name"] == "priority")
    status["options"] = [{"value": v, "label": v.upper()} for v in ("true", "none", "default", "new")]
    status["default"] = "none"
    data["seeds"] = {}
    data["pages"] = [p for p in data["pages"] if p["kind"] != "dashboard"]
    data["nav"][0]["paths"].remove("/")
    return AppSpec.model_validate(data)


def web(app: AppSpec) -> dict[str, str]:
    """Every text file of the finished web app."""
    files = [pair for step in STEPS for pair in render(step, app).items()]
    return {path: content if isinstance(content, str) else content.decode() for path, content in files}


APPS: dict[str, Callable[[], AppSpec]] = {name: partial(spec, name) for name in SPECS}
APPS |= {"smallest": smallest, "odd": odd}


@pytest.fixture(params=APPS)
def files(request: pytest.FixtureRequest) -> dict[str, str]:
    return web(APPS[request.param]())


def test_every_import_leads_to_a_file(files: dict[str, str]) -> None:
    for path, text in files.items():
        for target in IMPORT.findall(text) if path.endswith((".ts", ".tsx")) else ():
            base = f"frontend/src/{target[2:]}" if target.startswith("@/") else normpath(join(dirname(path), target))
            ends = ("", ".ts", ".tsx", "/index.ts", ".css")
            known = base == "frontend/src/api/schema" or any(base + end in files for end in ends)
            assert known, f"{path} imports {target}"


def test_every_component_is_used(files: dict[str, str]) -> None:
    code = {path: text for path, text in files.items() if "/src/" in path and ".test." not in path}
    for path, text in code.items():
        if "/components/" not in path or "/components/ui/" in path:
            continue
        others = "".join(other for name, other in code.items() if name != path)
        assert any(re.search(rf"\b{name}\b", others) for name in EXPORT.findall(text)), path


def test_nothing_is_left_to_be_done(files: dict[str, str]) -> None:
    for path, text in files.items():
        if path.endswith((".ts", ".tsx", ".css", ".html")):
            assert not re.search(r"\b(TODO|FIXME|[Ll]orem|[Cc]oming soon|as any)\b|<<|<%", text), path


def test_parts_that_the_pages_do_not_need_are_left_out() -> None:
    files = web(smallest())
    text = "".join(text for path, text in files.items() if "/src/" in path)
    for word in ("dnd-kit", "recharts", "react-day-picker", "CURRENCY", "Kanban", "MonthGrid", "useCurrentUser"):
        assert word not in text


def test_all_apps_share_one_lock_file() -> None:
    locks = {web(spec(name))["frontend/package-lock.json"] for name in SPECS}
    assert len(locks) == 1
    assert "resolved" not in locks.pop()


def test_the_mock_gives_way_to_the_api() -> None:
    assert "VITE_API=mock\n" in str(render("frontend_mock", spec("gym"))["frontend/.env"].decode())  # type: ignore[union-attr]
    real = render("frontend_integration", spec("gym"))["frontend/.env"]
    assert not re.search(r"^VITE_API", real.decode() if isinstance(real, bytes) else real, re.M)


@pytest.mark.parametrize("name", SPECS)
def test_the_demo_data_is_the_same_on_both_sides(name: str) -> None:
    seed = render("frontend_mock", spec(name))["frontend/src/mocks/seed.json"]
    assert seed == render("backend_models", spec(name))["backend/app/seed_data.json"]


def run(folder: Path, *argv: str) -> None:
    path = f"{folder / 'node_modules' / '.bin'}{os.pathsep}{os.environ['PATH']}"
    done = subprocess.run(
        argv, cwd=folder, env=os.environ | {"PATH": path}, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, f"{argv}\n{done.stdout[-4000:]}\n{done.stderr[-2000:]}"


@pytest.fixture(scope="module")
def installed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the web app's packages and those of the tool that makes its types."""
    folder = tmp_path_factory.mktemp("npm")
    for name in ("package.json", "package-lock.json"):
        (folder / name).write_text(web(smallest())[f"frontend/{name}"])
    shutil.copytree(client.TOOL, folder / "tool", ignore=shutil.ignore_patterns("node_modules"))
    for place in (folder, folder / "tool"):
        run(place, "npm", "ci", "--prefer-offline", "--no-audit", "--no-fund", "--ignore-scripts")
    return folder


@pytest.mark.slow
@pytest.mark.node
@pytest.mark.parametrize("name", ["bugtracker", "odd"])
def test_its_own_tools_find_nothing(name: str, installed: Path, tmp_path: Path) -> None:
    app = APPS[name]()
    for path, text in web(app).items():
        (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / path).write_text(text, encoding="utf-8")
    (tmp_path / client.CONTRACT).write_text(json.dumps(openapi(app)), encoding="utf-8")
    frontend = tmp_path / "frontend"
    (frontend / "node_modules").symlink_to(installed / "node_modules")
    run(tmp_path, *client.argv(installed / "tool", tmp_path))
    run(frontend, "biome", "check", "--write")
    run(frontend, "biome", "check", "--error-on-warnings")
    run(frontend, "tsc", "--noEmit")
    run(frontend, "vitest", "run")
    run(frontend, "vite", "build")
    bundle = "".join(path.read_text(encoding="utf-8") for path in (frontend / "dist" / "assets").glob("*.js"))
    assert "It overlaps with another" not in bundle  # the mock is no part of it
    (frontend / ".env").write_text("VITE_API=mock\n")
    run(frontend, "vite", "build")
    bundle = "".join(path.read_text(encoding="utf-8") for path in (frontend / "dist" / "assets").glob("*.js"))
    assert "It overlaps with another" in bundle
