"""What all tests share: folders of their own, and what a test needs of the machine.

A test that needs something which is not here is skipped; with ``CI=true`` that is an error, so that nothing is left out
in silence.
"""

from __future__ import annotations

import asyncio
import os
import shutil
import signal
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from gencode_graph import machine

CI = os.environ.get("CI") == "true"
CACHE = Path(os.environ.get("GENCODE_CACHE") or Path.home() / ".cache" / "gencode")
"""Installs are shared by all tests, and with the user: making them is slow."""

if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:  # so a shell starts what runs in the background
    signal.signal(signal.SIGINT, signal.default_int_handler)  # or no test could interrupt what it starts


@pytest.fixture(autouse=True)
def own_home(request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """No test sees or changes the user's records or settings; one that is not about a sandbox takes the quickest."""
    for name in [name for name in os.environ if name.startswith("GENCODE_") or name.endswith("_API_KEY")]:
        monkeypatch.delenv(name)
    monkeypatch.delenv("PYTHONDONTWRITEBYTECODE", raising=False)
    monkeypatch.setenv("GENCODE_HOME", str(tmp_path / "gencode-home"))
    monkeypatch.setenv("GENCODE_CACHE", str(CACHE))
    if not request.node.get_closest_marker("docker"):
        monkeypatch.setenv("GENCODE_SANDBOX", "local")


def lacking(name: str) -> str | None:
    """Why tests with this mark cannot run here; None when they can."""
    if name == "node":
        return next((machine.missing(tool) for tool in ("node", "npm") if not shutil.which(tool)), None)
    if name == "browser":
        return None if machine.find_browser() else machine.missing("chromium")
    if name == "docker":
        return docker_lacks()
    if name == "postgres":
        return None if postgres_programs() else "PostgreSQL's initdb is not on this machine; apt-get install postgresql"
    return None


def docker_lacks() -> str | None:
    """Why Docker cannot be used: no daemon, or not our image."""
    if not shutil.which("docker"):
        return machine.missing("docker")
    image = ["docker", "image", "inspect", "gencode/app"]
    if subprocess.run(["docker", "info"], capture_output=True, check=False).returncode != 0:
        return "the Docker daemon does not answer; run scripts/start-docker.sh"
    if subprocess.run(image, capture_output=True, check=False).returncode != 0:
        return "there is no image gencode/app; run gencode images build app"
    return None


def postgres_programs() -> Path | None:
    """The folder with PostgreSQL's own programs."""
    if debian := max(Path("/usr/lib/postgresql").glob("*/bin"), default=None):
        return debian
    found = shutil.which("initdb")
    return Path(found).resolve().parent if found else None


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Skip what cannot run here."""
    reasons = {name: lacking(name) for name in ("node", "browser", "docker", "postgres") if uses(items, name)}
    for item in items:
        for name, reason in reasons.items():
            if reason and item.get_closest_marker(name):
                item.add_marker(pytest.mark.skip(reason=f"{name}: {reason}"))


def uses(items: list[pytest.Item], name: str) -> bool:
    """Whether any test has this mark."""
    return any(item.get_closest_marker(name) for item in items)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item, call: pytest.CallInfo[None]) -> Iterator[None]:
    """In CI a skipped test is a failed one; one that is expected to fail is neither."""
    report = yield
    return report if hasattr(report, "wasxfail") else judged(report)


@pytest.hookimpl(wrapper=True)
def pytest_make_collect_report(collector: pytest.Collector) -> Iterator[None]:
    """In CI a skipped module is a failed one."""
    return judged((yield))


def judged(report: pytest.TestReport | pytest.CollectReport) -> pytest.TestReport | pytest.CollectReport:
    """The report, failed in CI where it says skipped."""
    if CI and report.skipped:
        report.outcome = "failed"
        report.longrepr = f"skipped in CI, where everything must run: {report.longrepr}"
    return report


@pytest.fixture
def chromium() -> Path:
    """Chromium's program."""
    found = machine.find_browser()
    if found is None:
        pytest.skip(machine.missing("chromium"))
    return found


@pytest.fixture(scope="module")
def postgres_url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The URL of an empty PostgreSQL database, on a server made for these tests."""
    programs = postgres_programs()
    if programs is None:
        pytest.skip("PostgreSQL is not on this machine")
    folder = tmp_path_factory.mktemp("postgres")
    as_user: list[str] = []
    if os.geteuid() == 0:  # the server refuses to run as root
        as_user = ["setpriv", "--reuid=postgres", "--regid=postgres", "--clear-groups"]
        for place in (folder, *folder.parents):
            if place == Path("/tmp"):
                break
            place.chmod(0o755)
        shutil.chown(folder, "postgres", "postgres")
    data = folder / "data"
    subprocess.run(
        [*as_user, str(programs / "initdb"), "-D", str(data), "-U", "gencode", "-A", "trust", "--no-sync"],
        check=True, capture_output=True, cwd=folder,
    )  # fmt: skip
    port = free_port()
    where = ["-D", str(data), "-h", "127.0.0.1", "-p", str(port), "-k", str(folder), "-F"]
    server = subprocess.Popen(
        [*as_user, str(programs / "postgres"), *where],
        stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, cwd=folder,
    )  # fmt: skip
    try:
        ready = [str(programs / "pg_isready"), "-h", "127.0.0.1", "-p", str(port), "-t", "1"]
        for _ in range(200):
            if subprocess.run(ready, capture_output=True, check=False).returncode == 0:
                break
            asyncio.run(asyncio.sleep(0.05))
        yield f"postgresql://gencode@127.0.0.1:{port}/postgres"
    finally:
        server.terminate()
        server.wait(20)


def free_port() -> int:
    """A loopback port that nothing uses."""
    from gencode_graph.sandbox.local import free_port

    return free_port()
