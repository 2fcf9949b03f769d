"""Specs become files: the same bytes each time, every file sound in itself."""

from __future__ import annotations

import ast
import json
import py_compile
import re
from pathlib import Path

import pytest

from gencode_graph.blueprint import render as renderer
from gencode_graph.blueprint.render import ROOT, render
from tests.blueprint.specs import SPECS, smallest, spec

BACKEND = ("contracts", "backend_models", "backend_implementation", "system_integration")
STEPS = sorted(path.name for path in ROOT.iterdir() if path.is_dir())


@pytest.mark.parametrize("name", SPECS)
@pytest.mark.parametrize("step", STEPS)
def test_rendering_is_deterministic(step: str, name: str) -> None:
    assert render(step, spec(name)) == render(step, spec(name))


@pytest.mark.parametrize("name", SPECS)
@pytest.mark.parametrize("step", BACKEND)
def test_every_python_file_parses(step: str, name: str) -> None:
    for path, content in render(step, spec(name)).items():
        if path.endswith(".py"):
            ast.parse(content, filename=path)


@pytest.mark.parametrize("name", SPECS)
@pytest.mark.parametrize("step", STEPS)
def test_no_template_leaves_anything_to_be_done(step: str, name: str) -> None:
    for path, content in render(step, spec(name)).items():
        if isinstance(content, str):
            assert not re.search(r"\b(TODO|FIXME|XXX|[Ll]orem|[Cc]oming soon)\b", content), path
            assert "<%" not in content, path
            assert not re.search(r"\[entity\.", path), path


@pytest.mark.parametrize("name", SPECS)
def test_no_python_body_is_empty(name: str) -> None:
    for step in BACKEND:
        for path, content in render(step, spec(name)).items():
            if not path.endswith(".py"):
                continue
            for node in ast.walk(ast.parse(content)):
                if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
                    assert not all(isinstance(part, ast.Pass) for part in node.body), f"{path}: {node.name}"


@pytest.mark.parametrize("name", SPECS)
def test_steps_do_not_write_the_same_file(name: str) -> None:
    seen: dict[str, str] = {}
    for step in STEPS:
        for path in render(step, spec(name)):
            if path != "frontend/.env":  # the mock's settings give way to the real ones
                assert path not in seen, f"{path} is written by {seen[path]} and {step}"
                seen[path] = step


def test_a_template_is_rendered_once_for_each_entity() -> None:
    files = render("backend_models", spec("bugtracker"))
    assert {f"backend/app/models/{e.name}.py" for e in spec("bugtracker").entities} <= files.keys()


def test_templates_are_strict_and_sandboxed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(renderer, "ROOT", tmp_path)
    renderer.environment.cache_clear()
    (tmp_path / "step").mkdir()
    for text, error in {"<< app.nothing >>": "nothing", "<< ''.__class__.__mro__ >>": "unsafe"}.items():
        (tmp_path / "step" / "a.txt.j2").write_text(text)
        with pytest.raises(Exception, match=error):
            render("step", spec("bugtracker"))
    renderer.environment.cache_clear()


def test_both_sides_have_the_same_demo_data() -> None:
    for name in SPECS:
        backend = render("backend_models", spec(name))["backend/app/seed_data.json"]
        assert backend == render("frontend_mock", spec(name))["frontend/src/mocks/seed.json"]
        assert json.loads(backend)


def test_only_code_that_an_app_needs() -> None:
    """An app without figures, boards and sequences has none of their code."""
    gym, plain = (render("backend_implementation", s)["backend/app/core/crud.py"] for s in (spec("gym"), smallest()))
    for name in ("figures", "next_number", "next_position", "check_free", "get_many_or_404", "rounded"):
        assert f"def {name}(" in str(gym) or name == "get_many_or_404"
        assert f"def {name}(" not in str(plain)


def test_what_pip_compiles_among_the_templates_is_no_template() -> None:
    compiled = Path(py_compile.compile(str(ROOT / "backend_models/backend/app/__init__.py")) or "")
    try:
        made = render("backend_models", smallest())
    finally:
        compiled.unlink()
    assert [path for path in made if "__pycache__" in path] == []
