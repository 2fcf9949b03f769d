"""Installs shared by all runs: one folder in the cache for each lock file, hard-linked into where it is used."""

from __future__ import annotations

import asyncio
import contextlib
import fcntl
import itertools
import os
import shutil
import time
from collections.abc import AsyncIterator, Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from gencode_graph import machine
from gencode_graph.errors import GencodeError, MissingError, SandboxError, StorageError
from gencode_graph.sandbox import watcher
from gencode_graph.sandbox.linking import link_tree
from gencode_graph.sandbox.locks import Lock, base_python, find_uv, here, read_lock, unreached
from gencode_graph.sandbox.processes import run_process

TIMEOUT = 900.0
"""Seconds that one install may take."""
KEEP = 6
"""Installs of one kind that stay in the cache, the last used ones."""
KEY_FILE = ".gencode-key"


@dataclass(frozen=True, kw_only=True)
class Held:
    """An install in the cache that nobody deletes until it is released."""

    key: str
    folder: Path
    """``node_modules`` or ``.venv``."""
    lock: int
    """A descriptor."""

    def release(self) -> None:
        """Let it be deleted when it is old."""
        os.close(self.lock)


class Installs:
    """The cache of installs in a folder; several processes may use it at once."""

    def __init__(self, cache: Path, *, mark: str, notice: Callable[[str], None] = lambda message: None) -> None:
        self._cache = cache.expanduser().absolute() / "installs"
        self._mark = mark
        self._notice = notice
        self._count = itertools.count()
        self._targets: dict[Path, asyncio.Lock] = {}

    @property
    def folder(self) -> Path:
        """Where all installs lie."""
        return self._cache

    async def hold(self, lock: Lock) -> Held:
        """What a lock names, in the cache itself, installed if need be; raises as ``provide`` does."""
        key = lock.key(await asyncio.to_thread(here, lock.kind))
        kept = self._cache / lock.kind / key
        while True:
            async with self._locked(lock.kind, key, exclusive=False) as file:
                if await asyncio.to_thread(kept.is_dir):
                    with storage(self._cache):
                        await asyncio.to_thread(os.utime, kept)
                    return Held(key=key, folder=kept / lock.folder, lock=os.dup(file))
            async with self._locked(lock.kind, key, exclusive=True):
                if not await asyncio.to_thread(kept.is_dir):
                    await self._install(lock, kept)

    async def provide(self, lock_file: Path) -> None:
        """Put what a lock file names beside it, from the cache if it was installed before.

        Raises ``InputError`` for a lock file that names anything but packages of the registry, and ``MissingError``
        when a tool is missing, or the packages are not in the cache and the registry cannot be reached.
        """
        lock = await asyncio.to_thread(read_lock, lock_file)
        key = lock.key(await asyncio.to_thread(here, lock.kind))
        target = lock_file.parent / lock.folder
        async with self._targets.setdefault(target, asyncio.Lock()):
            await self._provide(lock, key, target)

    async def _provide(self, lock: Lock, key: str, target: Path) -> None:
        if await asyncio.to_thread(read_text, target / KEY_FILE) == key:
            return
        kept = self._cache / lock.kind / key
        while True:
            async with self._locked(lock.kind, key, exclusive=False):
                if await asyncio.to_thread(kept.is_dir):
                    with storage(self._cache):
                        await asyncio.to_thread(link_tree, kept / lock.folder, target)
                        await asyncio.to_thread(os.utime, kept)
                    return
            async with self._locked(lock.kind, key, exclusive=True):
                if not await asyncio.to_thread(kept.is_dir):
                    await self._install(lock, kept)

    async def _install(self, lock: Lock, kept: Path) -> None:
        """Install into a folder beside, and rename it when it is whole. Only under the exclusive lock."""
        began = time.monotonic()
        self._notice(f"installing {lock.kind} packages once for this lock file")
        making = kept.with_suffix(".tmp")
        with storage(self._cache):
            await asyncio.to_thread(lay_out, lock, making)
            for argv in lock.commands(uv=await asyncio.to_thread(find_uv), python=base_python()):
                await self._tool(argv, making)
            await asyncio.to_thread((making / lock.folder / KEY_FILE).write_text, kept.name)
            await asyncio.to_thread(making.rename, kept)
            await asyncio.to_thread(self._prune, lock.kind)
        self._notice(f"installed {lock.kind} packages in {time.monotonic() - began:.1f} s")

    async def _tool(self, argv: tuple[str, ...], cwd: Path) -> None:
        """One package manager's run, in this process's own environment: it needs its settings and certificates."""
        environment = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
        environment |= {watcher.MARK: f"{self._mark}/install-{next(self._count)}", "NO_COLOR": "1"}
        try:
            ended = await run_process(argv, cwd=cwd, env=environment, seconds=TIMEOUT, output_limit=4_000_000)
        except FileNotFoundError as error:
            raise MissingError(machine.missing(argv[0])) from error
        if ended.cut or ended.exit_code != 0:
            output = (ended.stdout + b"\n" + ended.stderr).decode(errors="replace").strip()[:1500]
            tool = " ".join(Path(word).name for word in argv[:2])
            unreached(f"the registry of {tool}", output)
            raise SandboxError(f"{tool} failed ({ended.cut or f'exit code {ended.exit_code}'})\n{output}")

    @contextlib.asynccontextmanager
    async def _locked(self, kind: str, key: str, *, exclusive: bool) -> AsyncIterator[int]:
        with storage(self._cache):
            file = await asyncio.to_thread(self._open_lock, kind, key)
        try:
            while not grab(file, fcntl.LOCK_EX if exclusive else fcntl.LOCK_SH):  # noqa: ASYNC110 - another process has it
                await asyncio.sleep(0.05)
            yield file
        finally:
            os.close(file)

    def _open_lock(self, kind: str, key: str) -> int:
        """A descriptor of the lock of one install."""
        (self._cache / "locks").mkdir(parents=True, exist_ok=True)
        return os.open(self._cache / "locks" / f"{kind}-{key}", os.O_CREAT | os.O_RDWR, 0o644)

    def _prune(self, kind: str) -> None:
        """Delete installs that were not used for longest, and what a killed install left."""
        folder = self._cache / kind
        newest = sorted(folder.iterdir(), key=lambda entry: entry.stat().st_mtime, reverse=True)
        whole = [entry for entry in newest if entry.suffix != ".tmp"]
        half = [entry for entry in newest if entry.suffix == ".tmp"]
        for entry in whole[KEEP:] + half:
            file = self._open_lock(kind, entry.stem)
            if grab(file, fcntl.LOCK_EX):
                shutil.rmtree(entry, ignore_errors=True)
            os.close(file)


def lay_out(lock: Lock, making: Path) -> None:
    """An empty folder with only the files that the package manager reads."""
    if making.exists():
        shutil.rmtree(making)
    making.mkdir(parents=True)
    for name, content in lock.files.items():
        (making / name).write_text(content, encoding="utf-8")


def grab(file: int, how: int) -> bool:
    """Whether the lock could be had at once."""
    try:
        fcntl.flock(file, how | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def read_text(place: Path) -> str | None:
    """A file's text; None when there is none."""
    try:
        return place.read_text(encoding="utf-8")
    except (FileNotFoundError, NotADirectoryError):
        return None


@contextlib.contextmanager
def storage(cache: Path) -> Iterator[None]:
    """Turns an operating system's error over the cache into ours."""
    try:
        yield
    except GencodeError:
        raise
    except OSError as error:
        raise StorageError(f"cannot write {cache} ({error}); free space, or set GENCODE_CACHE") from error
