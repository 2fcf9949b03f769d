"""Tests that were there stay, and demand as much."""

from __future__ import annotations

import pytest

from gencode_graph.validation.tests_kept import strength, weakened

PYTHON = "backend/tests/test_issues.py"
BEFORE = """import pytest


def test_a_title_is_kept(client):
    assert client.get("/api/issues").json()["total"] == 0
    with pytest.raises(ValueError):
        client.get("")


def test_another(client):
    assert client
"""
SCRIPT = "frontend/e2e/issues.spec.ts"
SPEC = """import { expect, test } from "./fixtures";

test("an issue can be made", async ({ page }) => {
  await expect(page.getByRole("heading")).toHaveText("Issues");
  expect(await page.title()).toBe("Issues");
});
"""


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ('["total"] == 0', '["total"] == 1'),
        ("def test_another", "def test_one_more"),
        ("    assert client\n", "    assert client\n    assert client.get\n"),
        ("import pytest\n", 'import pytest\n\nX = "x"\n'),
    ],
)
def test_changed_and_added_claims_are_fine(old: str, new: str) -> None:
    assert list(weakened({PYTHON: BEFORE}, {PYTHON: BEFORE.replace(old, new)})) == []


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("    assert client\n", "    assert True\n"),
        ("    assert client\n", "    assert 1 == 1\n"),
        ("    assert client\n", "    pass\n"),
        ("def test_another", "def another"),
        ("def test_another", "@pytest.mark.skip\ndef test_another"),
        ("def test_another", '@pytest.mark.skipif(True, reason="later")\ndef test_another'),
        ("def test_another", "@pytest.mark.xfail\ndef test_another"),
        ("    with pytest.raises(ValueError):\n        client", "    client"),
        ("def test_another(client):\n    assert client\n", ""),
        (BEFORE, "def test_(:"),
    ],
)
def test_python_tests_that_demand_less_are_found(old: str, new: str) -> None:
    assert old in BEFORE
    [finding] = weakened({PYTHON: BEFORE}, {PYTHON: BEFORE.replace(old, new)})
    assert (finding.rule, finding.path, finding.severity) == ("tests/weakened", PYTHON, "error")


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ('test("an', 'test.skip("an'),
        ('test("an', 'test.fixme("an'),
        ('test("an', 'test.only("an'),
        ("  expect(await page.title())", "  expect(1)"),
        ("  expect(await page.title())", '  expect("Issues")'),
        ("  expect(await page.title())", "  // expect(await page.title())"),
        ('test("an', 'const other = test("an'),
    ],
)
def test_scripts_that_demand_less_are_found(old: str, new: str) -> None:
    assert old in SPEC
    assert [finding.path for finding in weakened({SCRIPT: SPEC}, {SCRIPT: SPEC.replace(old, new)})] == [SCRIPT]


def test_a_file_of_tests_that_is_gone_is_found() -> None:
    assert [finding.path for finding in weakened({PYTHON: BEFORE, SCRIPT: SPEC}, {SCRIPT: SPEC})] == [PYTHON]


def test_what_files_demand() -> None:
    assert (strength(PYTHON, BEFORE).tests, strength(PYTHON, BEFORE).claims) == (2, 3)
    assert (strength(SCRIPT, SPEC).tests, strength(SCRIPT, SPEC).claims) == (1, 2)
