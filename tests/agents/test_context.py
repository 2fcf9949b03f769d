"""What an agent sees: by rule, by attention, within its budget."""

from __future__ import annotations

import pytest

from gencode_graph.agents.context import choose, tokens
from gencode_graph.types import Finding, Task

BODY = "def work(value: int) -> int:\n    return value + 1\n"
FILES = {
    "backend/app/routers/issues.py": "# issues\n" + BODY * 8,
    "backend/app/routers/labels.py": "# labels\n" + BODY * 8,
    "backend/app/main.py": "# main\n" + BODY * 8,
    "frontend/src/router.tsx": "export const router = 1;\n" * 8,
    "docs/contracts.md": "# Contract\n\nWords.\n",
    "frontend/package-lock.json": '{"lockfileVersion": 3}\n',
}


def task(**more: object) -> Task:
    given = {"owns": ("backend/app/routers/",), "reads": ("docs/",)} | more
    return Task(run_id="r", step="s", request="close labels automatically", tree="", **given)  # type: ignore[arg-type]


async def test_everything_is_shown_while_it_fits_and_lock_files_never() -> None:
    seen = await choose(task(), FILES, 10_000, "lexical")
    assert set(seen.whole) == set(FILES) - {"frontend/package-lock.json"}
    assert seen.outlined == ("frontend/package-lock.json",)
    assert all(FILES[path].strip() in seen.text for path in seen.whole)


async def test_files_of_findings_come_first_then_own_files_the_nearest_first_then_what_is_read() -> None:
    finding = Finding(rule="x", message="does not import", path="backend/app/main.py")
    seen = await choose(task(findings=(finding,)), FILES, 10_000, "lexical")
    assert seen.whole[:4] == (
        "backend/app/main.py",
        "backend/app/routers/labels.py",
        "backend/app/routers/issues.py",
        "docs/contracts.md",
    )


@pytest.mark.parametrize("budget", [50, 100, 200, 400, 800])
async def test_the_budget_holds_whatever_it_is(budget: int) -> None:
    seen = await choose(task(), FILES, budget, "lexical")
    assert seen.tokens <= budget + len(seen.whole) + len(seen.outlined)  # rounding, a token a file


async def test_what_does_not_fit_is_outlined() -> None:
    files = {path: text for path, text in FILES.items() if path.startswith("backend/app/routers/")}
    seen = await choose(task(), files, tokens(files["backend/app/routers/labels.py"]) * 2, "lexical")
    assert seen.whole == ("backend/app/routers/labels.py",)
    assert "`backend/app/routers/issues.py`: work(value: int)" in seen.text
