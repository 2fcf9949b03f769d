"""The shape of the package: sizes, layers, names, and the public names exactly."""

from __future__ import annotations

import ast
import subprocess
import sys
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

import gencode_graph

PACKAGE = Path(gencode_graph.__file__).parent
MODULES = sorted(p for p in PACKAGE.rglob("*.py") if "templates" not in p.relative_to(PACKAGE).parts)
MODULE_LINES = 250
FUNCTION_LINES = 50

LAYERS = (
    {"errors", "crashpoints", "spec", "plain"},
    {"types", "settings"},
    {"decisions"},
    {"protocols", "events", "state", "machine", "database"},
    {"workspace", "sandbox", "memory", "checkpoints", "journal", "runs", "step", "testing"},
    {"llm"},
    {"services"},
    {"judgement", "allowance", "telling", "recovery", "approval"},
    {"lessons"},
    {"ladder"},
    {"blueprint", "supervision"},
    {"validation", "pipeline"},
    {"healing"},
    {"agents"},
    {"nodes"},
    {"graph"},
    {"report_parts"},
    {"report"},
    {"running", "standing", "preview"},
    {"cli", "server"},
)
"""From the bottom up: a module may import what is below it, and its own package. ``spec`` stands for ``spec_*`` too."""

ONLY_IN = {
    "chromadb": ("memory/store.py",),
    "docker": ("sandbox/docker.py",),
    "dulwich": ("workspace/",),
    "jinja2": ("blueprint/render.py", "agents/prompting.py"),
    "inflect": ("blueprint/",),
    "langchain": ("llm/",),
    "langchain_core": ("llm/", "running.py", "pipeline.py", "checkpoints.py"),
    "langchain_openai": ("llm/",),
    "langchain_google_genai": ("llm/",),
    "tree_sitter": ("validation/",),
    "pyflakes": ("validation/",),
    "aiosqlite": ("checkpoints.py", "journal.py"),
    "sqlite3": ("database.py", "runs.py", "journal.py", "memory/", "preview/records.py"),
    "langgraph": (
        "supervision.py", "recovery.py", "approval.py", "pipeline.py", "services.py", "events.py", "checkpoints.py",
        "running.py", "standing.py", "journal.py", "memory/store.py",
    ),
    "typer": ("cli/",),
    "rich": ("cli/",),
    "starlette": ("server/",),
    "subprocess": ("sandbox/", "machine.py", "validation/newer_python.py", "healing/python/ruff.py"),
    "psutil": ("sandbox/",),
    "openapi_spec_validator": ("validation/contract.py",),
    "platformdirs": ("settings.py",),
    "pydantic_settings": ("settings.py",),
    "pytest": ("testing/",),
}  # fmt: skip
"""The only places that may import a library."""

BARRED = {
    "nodes/": ("sandbox", "workspace", "services", "settings"),
    "blueprint/": ("sandbox", "workspace"),
    "workspace/": ("settings",),
    "validation/": ("workspace",),
}
"""What a folder may not import, although it lies below."""


def place(module: Path) -> str:
    return module.relative_to(PACKAGE).as_posix()


def unit(name: str) -> str:
    """``spec_rules`` -> ``spec``, ``sandbox/local.py`` -> ``sandbox``."""
    head = name.split("/")[0].removesuffix(".py")
    return "spec" if head.startswith("spec_") else head


@cache
def tree(module: Path) -> ast.Module:
    return ast.parse(module.read_text(encoding="utf-8"))


@cache
def imports(module: Path) -> tuple[str, ...]:
    """Dotted names of what a module imports at run time, at its top or inside a function."""
    typing_only = {
        id(inner)
        for node in ast.walk(tree(module))
        if isinstance(node, ast.If) and "TYPE_CHECKING" in ast.unparse(node.test)
        for inner in ast.walk(node)
    }
    found: list[str] = []
    for node in ast.walk(tree(module)):
        if id(node) in typing_only:
            continue
        if isinstance(node, ast.Import):
            found += [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom) and node.module == "gencode_graph":
            found += [f"gencode_graph.{alias.name}" for alias in node.names]
        elif isinstance(node, ast.ImportFrom) and node.module:
            found.append(node.module)
    return tuple(found)


def functions(module: Path) -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef]:
    return (n for n in ast.walk(tree(module)) if isinstance(n, ast.FunctionDef | ast.AsyncFunctionDef))


def test_no_module_is_long() -> None:
    lines = {place(m): sum(bool(line.strip()) for line in m.read_text().splitlines()) for m in MODULES}
    assert {name: n for name, n in lines.items() if n > MODULE_LINES} == {}


def test_no_function_is_long() -> None:
    lengths = {f"{place(m)}:{f.name}": (f.end_lineno or f.lineno) - f.lineno + 1 for m in MODULES for f in functions(m)}
    assert {name: n for name, n in lengths.items() if n > FUNCTION_LINES} == {}


def test_every_module_says_what_it_is() -> None:
    assert [place(m) for m in MODULES if not ast.get_docstring(tree(m))] == []


def test_every_public_class_and_function_says_what_it_is() -> None:
    silent = [
        f"{place(m)}:{node.name}"
        for m in MODULES
        for node in tree(m).body
        if isinstance(node, ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef)
        and not node.name.startswith("_")
        and not ast.get_docstring(node)
    ]
    assert silent == []


def test_imports_go_down() -> None:
    height = {name: level for level, names in enumerate(LAYERS) for name in names}
    for module in MODULES:
        here = unit(place(module))
        if here == "__init__":
            continue
        assert here in height, f"{here} is in no layer: add it to LAYERS"
        for name in imports(module):
            if name.startswith("gencode_graph."):
                there = unit(name.split(".")[1])
                below = there == here or height[there] < height[here]
                assert below, f"{place(module)} imports {name}, which is not below it"


@pytest.mark.parametrize("library", ONLY_IN)
def test_a_library_is_used_in_one_place(library: str) -> None:
    users = {place(m) for m in MODULES if any(n == library or n.startswith(f"{library}.") for n in imports(m))}
    assert {user for user in users if not user.startswith(ONLY_IN[library])} == set()


@pytest.mark.parametrize("folder", BARRED)
def test_parts_that_must_not_know_each_other_do_not(folder: str) -> None:
    names = {(place(m), n) for m in MODULES if place(m).startswith(folder) for n in imports(m)}
    assert {(m, n) for m, n in names if n.startswith(tuple(f"gencode_graph.{b}" for b in BARRED[folder]))} == set()


def test_no_module_is_named_for_being_of_use() -> None:
    vague = {"utils", "util", "helpers", "helper", "common", "misc", "manager", "managers", "base", "core"}
    assert [place(m) for m in MODULES if m.stem in vague] == []


def test_only_the_command_line_prints() -> None:
    printing = [
        place(m)
        for m in MODULES
        if not place(m).startswith("cli/")
        for node in ast.walk(tree(m))
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "print"
    ]
    assert printing == []


def test_nothing_catches_every_exception_without_a_reason() -> None:
    """``except BaseException`` that raises again puts a half-made thing away; anything else needs a comment."""
    broad = []
    for module in MODULES:
        lines = module.read_text().splitlines()
        for node in ast.walk(tree(module)):
            if not isinstance(node, ast.ExceptHandler):
                continue
            caught = ast.unparse(node.type) if node.type else "everything"
            again = any(isinstance(inner, ast.Raise) and inner.exc is None for inner in ast.walk(node))
            if (
                caught in ("Exception", "BaseException", "everything")
                and not again
                and "#" not in lines[node.lineno - 1]
            ):
                broad.append(f"{place(module)}:{node.lineno}")
    assert broad == []


def test_no_note_to_self_is_left() -> None:
    """The one file that looks for such notes has to name them."""
    words = ("TODO", "FIXME", "XXX", "HACK")
    sources = [m for m in MODULES if place(m) != "validation/placeholders.py"]
    assert [(place(m), w) for m in sources for w in words if w in m.read_text()] == []


def test_the_public_names_are_these_and_each_can_be_had() -> None:
    assert gencode_graph.__all__ == [
        "AppSpec", "Event", "GencodeError", "Report", "Settings", "agenerate", "aresume", "build_graph", "generate",
        "resume",
    ]  # fmt: skip
    for name in gencode_graph.__all__:
        assert getattr(gencode_graph, name) is not None
    with pytest.raises(AttributeError, match="no attribute 'nothing'"):
        _ = gencode_graph.nothing


@pytest.mark.parametrize(
    ("code", "heavy"),
    [
        ("import gencode_graph", "langgraph chromadb docker dulwich jinja2 inflect pydantic rich typer"),
        ("import gencode_graph.cli", "langgraph chromadb docker dulwich jinja2 inflect pydantic aiosqlite"),
        (
            "import gencode_graph.settings, gencode_graph.errors",
            "langgraph chromadb docker dulwich jinja2 inflect rich",
        ),
    ],
)
def test_importing_it_brings_in_nothing_heavy(code: str, heavy: str) -> None:
    script = f"{code}\nimport sys\nprint(*sorted(set(sys.modules) & set({heavy.split()!r})))"
    ran = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert ran.stdout.split() == []
