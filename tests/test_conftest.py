"""A test that cannot run here is skipped, and in CI that is a failure."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

pytestmark = pytest.mark.slow

TESTS = """
import pytest

@pytest.mark.node
def test_with_node():
    pass

def test_that_skips_itself():
    pytest.skip("no server here")

@pytest.mark.xfail(reason="known", strict=True)
def test_that_is_known_to_fail():
    assert False

def test_that_runs():
    pass
"""


@pytest.mark.parametrize(
    ("ci", "ended"), [("", "1 passed, 3 skipped, 1 xfailed"), ("true", "1 failed, 1 passed, 1 xfailed, 2 errors")]
)
def test_what_is_skipped_fails_in_ci(tmp_path: Path, ci: str, ended: str) -> None:
    (tmp_path / "conftest.py").write_text(Path(__file__).with_name("conftest.py").read_text())
    (tmp_path / "test_some.py").write_text(TESTS)
    (tmp_path / "test_other.py").write_text("import pytest\npytest.importorskip('no_such_module')\n")
    (tmp_path / "pytest.ini").write_text("[pytest]\nmarkers =\n  node: needs Node.js\n")
    ran = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "--continue-on-collection-errors"],
        cwd=tmp_path, env=os.environ | {"CI": ci, "PATH": str(tmp_path)}, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert ended in ran.stdout
    assert "node, needed for" in ran.stdout or not ci


@pytest.mark.postgres
@pytest.mark.slow
def test_there_is_a_postgresql_server_for_tests(postgres_url: str) -> None:
    psycopg = pytest.importorskip("psycopg")
    with psycopg.connect(postgres_url) as connection:
        assert connection.execute("select 6 * 7").fetchone() == (42,)
