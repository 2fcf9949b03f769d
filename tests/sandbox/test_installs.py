"""Packages are installed once for each lock file, whole or not at all, whoever asks at the same time."""

from __future__ import annotations

import asyncio
import fcntl
import json
import os
import signal
import subprocess
import sys
import textwrap
import time
import zipfile
from pathlib import Path

import pytest

from gencode_graph.errors import MissingError, RefusedError, SandboxError, StorageError
from gencode_graph.sandbox.installs import Installs, grab
from gencode_graph.sandbox.locks import here, read_lock

PACKAGES = Path(__file__).with_name("packages")
SMALL = "iniconfig==2.1.0\n"
MARK = "0.0.tests"


def installs(cache: Path, notices: list[str] | None = None) -> Installs:
    return Installs(cache, mark=MARK, notice=(notices if notices is not None else []).append)


def python_app(folder: Path, text: str = SMALL) -> Path:
    """A folder with a requirements file; the file."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "requirements-dev.txt").write_text(text)
    return folder / "requirements-dev.txt"


def node_app(folder: Path, name: str = "app") -> Path:
    """A folder with a small npm project of this name; its lock file."""
    folder.mkdir(parents=True, exist_ok=True)
    for file in ("package.json", "package-lock.json"):
        (folder / file).write_text((PACKAGES / file).read_text().replace('"packages",', f'"{name}",'))
    return folder / "package-lock.json"


async def test_an_install_is_held_in_the_cache_until_it_is_released(tmp_path: Path) -> None:
    shared = installs(tmp_path / "cache")
    held = await shared.hold(read_lock(python_app(tmp_path / "app")))
    assert (held.folder / "bin/python").exists()
    file = os.open(tmp_path / f"cache/installs/locks/python-{held.key}", os.O_RDWR)
    assert not grab(file, fcntl.LOCK_EX), "whoever deletes old installs could have it"
    held.release()
    assert grab(file, fcntl.LOCK_EX)
    os.close(file)


async def test_a_python_environment_works_where_it_is_put(tmp_path: Path) -> None:
    lock = python_app(tmp_path / "app")
    await installs(tmp_path / "cache").provide(lock)
    script = "import iniconfig, sys; print(sys.prefix)"
    ran = subprocess.run([lock.parent / ".venv/bin/python", "-c", script], capture_output=True, text=True)  # noqa: ASYNC221
    assert ran.stdout.strip() == str(lock.parent / ".venv")
    assert list(lock.parent.glob(".venv/lib/python*/site-packages/iniconfig/__pycache__/*.pyc"))


async def test_nothing_of_a_package_runs_while_it_is_installed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Not even a line of a ``.pth`` file, which every start of the new environment's interpreter runs."""
    ran, about = tmp_path / "ran", "evil-1.0.dist-info"
    with zipfile.ZipFile(tmp_path / "evil-1.0-py3-none-any.whl", "w") as wheel:
        wheel.writestr("evil.pth", f"import os; open({str(ran)!r}, 'w').close()\n")
        wheel.writestr("evil.py", "")
        wheel.writestr(f"{about}/METADATA", "Metadata-Version: 2.1\nName: evil\nVersion: 1.0\n")
        wheel.writestr(f"{about}/WHEEL", "Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: py3-none-any\n")
        wheel.writestr(f"{about}/RECORD", "")
    monkeypatch.setenv("UV_NO_INDEX", "1")
    monkeypatch.setenv("UV_FIND_LINKS", str(tmp_path))
    lock = python_app(tmp_path / "app", "evil==1.0\n")
    await installs(tmp_path / "cache").provide(lock)
    assert list(lock.parent.glob(".venv/lib/python*/site-packages/__pycache__/evil.*.pyc"))
    assert not ran.exists()
    subprocess.run([lock.parent / ".venv/bin/python", "-c", ""], check=True)  # noqa: ASYNC221
    assert ran.exists(), "it would not have run in any case"


async def test_the_second_app_shares_the_files_of_the_first(tmp_path: Path) -> None:
    notices: list[str] = []
    shared = installs(tmp_path / "cache", notices)
    inodes = set()
    for name in ("one", "two"):
        lock = python_app(tmp_path / name)
        await shared.provide(lock)
        inodes.add(next(lock.parent.glob(".venv/lib/python*/site-packages/iniconfig/__init__.py")).stat().st_ino)
    assert len(inodes) == 1
    assert len(notices) == 2  # begun and done, once


async def test_what_is_there_is_left_alone_and_what_is_old_is_replaced(tmp_path: Path) -> None:
    shared = installs(tmp_path / "cache")
    lock = python_app(tmp_path / "app")
    await shared.provide(lock)
    own = lock.parent / ".venv" / "own"
    own.touch()
    await shared.provide(lock)
    assert own.exists()
    python_app(tmp_path / "app", "iniconfig==2.0.0\n")
    await shared.provide(lock)
    assert not own.exists()
    assert sorted(path.name for path in lock.parent.iterdir()) == [".venv", "requirements-dev.txt"]


async def test_asked_for_twice_at_once_it_is_installed_once(tmp_path: Path) -> None:
    notices: list[str] = []
    two = [installs(tmp_path / "cache", notices) for _ in range(2)]
    locks = [python_app(tmp_path / name) for name in ("one", "two")]
    await asyncio.gather(two[0].provide(locks[0]), two[0].provide(locks[0]), two[1].provide(locks[1]))
    assert len(notices) == 2
    assert all((lock.parent / ".venv/bin/python").exists() for lock in locks)


INSTALL = textwrap.dedent("""
    import asyncio, sys
    from pathlib import Path
    from gencode_graph.sandbox.installs import Installs, grab
    installs = Installs(Path(sys.argv[1]), mark="0.0.tests", notice=lambda text: print(text, flush=True))
    asyncio.run(installs.provide(Path(sys.argv[2])))
""")


@pytest.mark.node
@pytest.mark.slow
async def test_a_killed_install_leaves_nothing_half(tmp_path: Path) -> None:
    lock = node_app(tmp_path / "app")
    for seconds in (0.05, 0.6, 1.2):
        argv = [sys.executable, "-c", INSTALL, str(tmp_path / "cache"), str(lock)]
        with subprocess.Popen(argv, stdout=subprocess.PIPE, start_new_session=True) as process:  # noqa: ASYNC220
            assert process.stdout is not None
            begun = process.stdout.readline()
            time.sleep(seconds)  # noqa: ASYNC251
            os.kill(process.pid, signal.SIGKILL)
        kept = list((tmp_path / "cache/installs/node").glob("*[!.tmp]/node_modules"))
        assert all((folder / "axe-core/axe.min.js").exists() for folder in kept)
        if not begun:  # a fast machine had finished before the last kill
            break
        assert begun.startswith(b"installing")
    await installs(tmp_path / "cache").provide(lock)
    assert (tmp_path / "app/node_modules/playwright-core/package.json").exists()
    assert not list((tmp_path / "cache/installs/node").glob("*.tmp"))


@pytest.mark.node
@pytest.mark.slow
async def test_node_modules_are_shared_by_apps_of_any_name(tmp_path: Path) -> None:
    notices: list[str] = []
    shared = installs(tmp_path / "cache", notices)
    for name in ("library", "clinic"):
        lock = node_app(tmp_path / name, name)
        await shared.provide(lock)
        assert (lock.parent / "node_modules/axe-core/axe.min.js").stat().st_nlink >= 2
        assert (lock.parent / "node_modules/.bin/playwright-core").exists()
    assert len(notices) == 2


@pytest.mark.node
def test_another_version_is_another_install(tmp_path: Path) -> None:
    one, two = node_app(tmp_path / "one"), node_app(tmp_path / "two")
    for file in (two, two.with_name("package.json")):
        file.write_text(file.read_text().replace("4.13.0", "4.12.0"))
    assert read_lock(one).key(here("node")) != read_lock(two).key(here("node"))


@pytest.mark.parametrize(
    "line",
    [
        "./package",
        "-e .",
        "git+https://example.org/x.git",
        "x @ https://example.org/x.zip",
        "--index-url https://example.org/simple",
        "--extra-index-url=https://example.org",
        "-r ../outside.txt",
        "-c constraints.txt",
        "requests",
        "requests>=2",
        "requests==2.0 --hash=sha256:0",
        "requests==2.0\\",
    ],
)
def test_only_pinned_packages_of_the_registry_are_installed(tmp_path: Path, line: str) -> None:
    with pytest.raises(RefusedError):
        read_lock(python_app(tmp_path, f"{SMALL}{line}\n"))


@pytest.mark.parametrize(
    "line", ["", "# words", "iniconfig==2.1.0  # why", "uvicorn[standard]==0.54.0", 'a==1; python_version<"3"']
)
def test_what_a_requirements_file_may_hold(tmp_path: Path, line: str) -> None:
    assert read_lock(python_app(tmp_path, f"{SMALL}{line}\n")).folder == ".venv"


def test_included_files_are_part_of_it(tmp_path: Path) -> None:
    lock = python_app(tmp_path, "-r requirements.txt\n" + SMALL)
    keys = set()
    for text in ("six==1.16.0\n", "six==1.17.0\n"):
        (tmp_path / "requirements.txt").write_text(text)
        keys.add(read_lock(lock).key("here"))
    assert len(keys) == 2
    (tmp_path / "requirements.txt").unlink()
    with pytest.raises(SandboxError, match=r"requirements\.txt"):
        read_lock(lock)


@pytest.mark.parametrize(
    "package",
    [
        {"resolved": "git+ssh://git@example.org/x.git"},
        {"resolved": "file:../x"},
        {"resolved": "http://example.org/x.tgz"},
        {"link": True, "resolved": "../x"},
    ],
)
def test_only_packages_of_the_registry_are_taken_from_an_npm_lock(tmp_path: Path, package: dict[str, object]) -> None:
    lock = node_app(tmp_path)
    content = json.loads(lock.read_text())
    content["packages"]["node_modules/x"] = package
    lock.write_text(json.dumps(content))
    with pytest.raises(RefusedError, match="node_modules/x"):
        read_lock(lock)


def test_a_lock_file_that_is_none_is_refused(tmp_path: Path) -> None:
    for text in ("", "[]", "{}", '{"packages": 3}'):
        node_app(tmp_path).write_text(text)
        with pytest.raises(RefusedError):
            read_lock(tmp_path / "package-lock.json")
    with pytest.raises(SandboxError, match="known"):
        read_lock(tmp_path / "Gemfile.lock")


async def test_a_registry_out_of_reach_is_said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("UV_DEFAULT_INDEX", "http://127.0.0.1:9/simple")
    monkeypatch.setenv("UV_CACHE_DIR", str(tmp_path / "uv"))
    monkeypatch.setenv("UV_HTTP_RETRIES", "0")
    with pytest.raises(MissingError, match="registry"):
        await installs(tmp_path / "cache").provide(python_app(tmp_path / "app"))


@pytest.mark.node
@pytest.mark.slow
async def test_an_npm_registry_out_of_reach_is_said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("npm_config_registry", "http://127.0.0.1:9")
    monkeypatch.setenv("npm_config_cache", str(tmp_path / "npm"))
    monkeypatch.setenv("npm_config_fetch_retries", "0")
    with pytest.raises(MissingError, match="registry"):
        await installs(tmp_path / "cache").provide(node_app(tmp_path / "app"))


async def test_a_package_that_does_not_exist_fails_with_the_tools_words(tmp_path: Path) -> None:
    with pytest.raises(SandboxError, match="iniconfig"):
        await installs(tmp_path / "cache").provide(python_app(tmp_path / "app", "iniconfig==99.99\n"))


async def test_a_cache_that_cannot_be_written_names_the_setting(tmp_path: Path) -> None:
    (tmp_path / "cache").write_text("a file")
    with pytest.raises(StorageError, match="GENCODE_CACHE"):
        await installs(tmp_path / "cache").provide(python_app(tmp_path / "app"))


@pytest.mark.slow
async def test_only_the_last_used_installs_are_kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("gencode_graph.sandbox.installs.KEEP", 2)
    for version in ("1.1.1", "2.0.0", "2.1.0"):
        await installs(tmp_path / "cache").provide(python_app(tmp_path / "app", f"iniconfig=={version}\n"))
    assert len([entry for entry in (tmp_path / "cache/installs/python").iterdir() if entry.name != "locks"]) == 2
    assert (tmp_path / "app/.venv/bin/python").exists()
