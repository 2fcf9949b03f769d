"""Built-in tests and what decides how tests end stay as they are; more tests are welcome."""

from __future__ import annotations

import pytest

from gencode_graph.validation.tests_locked import unlocked

GREEN = {
    "backend/app/main.py": b"app = 1\n",
    "backend/pyproject.toml": b"[tool.pytest.ini_options]\n",
    "backend/tests/__init__.py": b"",
    "backend/tests/conftest.py": b"import pytest\n",
    "backend/tests/test_issues.py": b"def test_one(): assert 1\n",
    "frontend/e2e/fixtures.ts": b"export {};\n",
    "frontend/e2e/issues.spec.ts": b"test();\n",
    "frontend/src/lib/format.test.ts": b"test();\n",
    "frontend/src/test/setup.ts": b"export {};\n",
    "frontend/vite.config.ts": b"export default {};\n",
    "frontend/src/app.tsx": b"export {};\n",
}
LOCKED = [path for path in GREEN if path not in ("backend/app/main.py", "frontend/src/app.tsx")]


def rules(now: dict[str, bytes], removed: tuple[str, ...] = ()) -> list[str]:
    return [finding.rule for finding in unlocked(GREEN, now, removed)]


def test_what_is_as_it_was_is_fine() -> None:
    assert rules(GREEN) == []
    assert rules({path: content for path, content in GREEN.items() if "frontend" not in path}) == []  # made later


@pytest.mark.parametrize("path", LOCKED)
def test_what_decides_may_not_be_rewritten_or_removed(path: str) -> None:
    assert rules({**GREEN, path: GREEN[path] + b"\n"}) == ["tests/rewritten"]
    rest = {other: content for other, content in GREEN.items() if other != path}
    assert rules(rest, (path,)) == ["tests/rewritten"]


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("backend/tests/test_more.py", []),
        ("backend/app/routers/json.py", []),
        ("backend/app/settings.py", []),
        ("backend/scripts/load.py", []),
        ("frontend/e2e/more.spec.ts", []),
        ("frontend/src/lib/more.test.ts", []),
        ("backend/tests/deep/conftest.py", ["tests/configuration"]),
        ("backend/conftest.py", ["tests/configuration"]),
        ("conftest.py", ["tests/configuration"]),
        ("backend/pytest.ini", ["tests/configuration"]),
        ("backend/.pytest.ini", ["tests/configuration"]),
        ("backend/pytest.toml", ["tests/configuration"]),
        ("backend/tox.ini", ["tests/configuration"]),
        ("backend/setup.cfg", ["tests/configuration"]),
        ("backend/tests/ruff.toml", ["tests/configuration"]),
        ("frontend/vitest.config.ts", ["tests/configuration"]),
        ("frontend/vitest.workspace.ts", ["tests/configuration"]),
        ("frontend/playwright.config.js", ["tests/configuration"]),
        ("frontend/biome.jsonc", ["tests/configuration"]),
        ("backend/json.py", ["tests/shadowed"]),
        ("backend/pytest.py", ["tests/shadowed"]),
        ("backend/_pytest/__init__.py", ["tests/shadowed"]),
        ("backend/typing/__init__.py", ["tests/shadowed"]),
    ],
)
def test_new_files(path: str, expected: list[str]) -> None:
    assert rules({**GREEN, path: b"x"}) == expected


def test_changes_of_the_app_itself_are_free() -> None:
    assert rules({**GREEN, "backend/app/main.py": b"app = 2\n", "frontend/src/app.tsx": b"export const a = 1;\n"}) == []
