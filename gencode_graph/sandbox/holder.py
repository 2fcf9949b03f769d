"""Holds a sandbox's namespaces: its workspace in memory, its loopback, and nothing of what a program in it could use.

Run as a program of its own, by file path, with a JSON object as its argument; standard input is one end of a socket
of packets. However the controller ends, SIGKILL included, the other end closes: then all that runs in the namespaces
is killed, and with the last process the workspace is gone. Started by root, it becomes another user first. From then
on it can load no more modules, encodings included: they may lie where only root may read.
"""

from __future__ import annotations

import contextlib
import ctypes
import fcntl
import io
import json
import os
import shutil
import signal
import socket
import stat
import struct
import sys
import tarfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any, BinaryIO, cast

NEW_MOUNTS, NEW_USERS, NEW_NETWORK = 0x20000, 0x10000000, 0x40000000
READ_ONLY, NO_SUID, NO_DEVICES, REMOUNT, BIND, ALL_BELOW, PRIVATE = 1, 2, 4, 32, 4096, 16384, 1 << 18
DETACH = 2
GET_FLAGS, SET_FLAGS, UP = 0x8913, 0x8914, 1
DUMPABLE = 4
libc = ctypes.CDLL(None, use_errno=True)


def call(what: str, *arguments: Any) -> None:
    """One function of the C library that tells of its failure by another number than 0."""
    if getattr(libc, what)(*arguments) != 0:
        number = ctypes.get_errno()
        raise OSError(number, f"{what}: {os.strerror(number)}")


def mount(source: str, place: str, kind: str, flags: int, options: str = "") -> None:
    """Mount ``source`` at ``place``."""
    data = options.encode() or None
    call("mount", source.encode(), place.encode(), kind.encode(), ctypes.c_ulong(flags), data)


def memory(place: Path, options: str) -> None:
    """A folder that is a file system in memory."""
    place.mkdir(exist_ok=True)
    mount("tmpfs", str(place), "tmpfs", NO_SUID | NO_DEVICES, options)


def make_way(base: Path, staged: dict[str, str]) -> None:
    """As root: show what only root may reach, read-only, in a mount namespace of our own."""
    call("unshare", NEW_MOUNTS)
    mount("none", "/", "", ALL_BELOW | PRIVATE)
    memory(base, "mode=0755,size=1m")
    (base / "own").mkdir()
    for source, place in staged.items():
        if Path(source).is_dir():
            Path(place).mkdir()
        else:
            Path(place).touch()
        mount(source, place, "", BIND | ALL_BELOW)
        mount("none", place, "", REMOUNT | BIND | READ_ONLY | NO_SUID | NO_DEVICES)


def become(user: int) -> None:
    """Be another user, for good."""
    os.setgroups([])
    os.setresgid(user, user, user)
    os.setresuid(user, user, user)
    call("prctl", DUMPABLE, 1, 0, 0, 0)  # or our own namespaces in /proc would be root's


def enter(base: Path, workspace: str, etc: dict[str, str]) -> None:
    """Namespaces of our own: no user but us, a network that is a loopback, and the sandbox's folders."""
    user, group = os.getuid(), os.getgid()
    call("unshare", NEW_USERS | NEW_MOUNTS | NEW_NETWORK)
    for name, text in {"setgroups": "deny", "uid_map": f"0 {user} 1", "gid_map": f"0 {group} 1"}.items():
        Path("/proc/self", name).write_text(text, encoding="utf-8")
    mount("none", "/", "", ALL_BELOW | PRIVATE)
    if not (base / "own").is_dir():
        memory(base, "mode=0755,size=1m")
    memory(base / "own", "mode=0755,size=1m")
    memory(base / "own/workspace", workspace)
    (base / "own/jobs").mkdir()
    (base / "own/etc").mkdir()
    for name, text in etc.items():
        (base / "own/etc" / name).write_text(text, encoding="utf-8")
    with socket.socket() as any_socket:
        loopback, space = b"lo".ljust(16, b"\0"), bytes(22)
        flags = struct.unpack_from("H", fcntl.ioctl(any_socket, GET_FLAGS, loopback + bytes(2) + space), 16)[0]
        fcntl.ioctl(any_socket, SET_FLAGS, loopback + struct.pack("H", flags | UP) + space)


def answer(order: dict[str, Any], passed: list[int], base: Path) -> tuple[str, list[int]]:
    """Do what one packet asks for: (what went wrong or nothing, descriptors to give back)."""
    if order["do"] == "socket":
        return "", [socket.socket().detach()]
    if order["do"] in ("put", "collect"):
        if os.fork() == 0:
            serve_files(order, passed[0], base / "own/workspace")
        return "", []
    job = base / "own/jobs" / str(order["job"])
    if order["do"] == "begin":
        memory(job, "mode=0700,size=320m,nr_inodes=24000")
        for name, mode in {"tmp": 0o1777, "home": 0o700, "shm": 0o1777}.items():
            (job / name).mkdir()
            (job / name).chmod(mode)
    else:
        call("umount2", str(job).encode(), DETACH)
        job.rmdir()
    return "", []


def serve_files(order: dict[str, Any], descriptor: int, workspace: Path) -> None:
    """In a process of its own that sees nothing but the workspace: write files, or send them. Does not return."""
    status = 1
    try:
        os.chroot(workspace)
        os.chdir("/")
        with socket.socket(fileno=descriptor) as line, cast("BinaryIO", line.makefile("rwb")) as stream:
            head = json.loads(stream.readline())
            try:
                if order["do"] == "put":
                    put(head, stream)
                    said = ""
                else:
                    found = list(listed(head))
                    said = "over" if sum(size for _, size in found) > head["limit"] else ""
            except (OSError, tarfile.TarError) as error:
                said = str(error) or type(error).__name__
            stream.write(json.dumps(said).encode() + b"\n")
            if order["do"] == "collect" and not said:
                send(found, stream)
            stream.flush()
        status = 0
    except OSError:
        pass  # the controller hung up
    finally:
        os._exit(status)


def is_folder(place: Path) -> bool:
    """Whether this is a folder itself, and not a link to one."""
    return place.is_dir() and not place.is_symlink()


def put(head: dict[str, Any], stream: BinaryIO) -> None:
    """Delete what is under the owned prefixes but not to be kept, then write the files of a tar, each at once."""
    keep = {Path("/", path) for path in head["keep"]}
    for prefix in head["owned"]:
        for place in list(below(Path("/", prefix), head["untouched"])):
            if place not in keep:
                place.unlink()
    with tarfile.open(fileobj=stream, mode="r|") as tar:
        for info in tar:
            place = Path("/", info.name)
            for folder in reversed(place.parents):
                if not is_folder(folder):
                    folder.unlink(missing_ok=True)
                    folder.mkdir()
            if info.isreg() and (content := tar.extractfile(info)) is not None:
                if is_folder(place):
                    shutil.rmtree(place)
                making = place.with_name(f".put-{os.urandom(8).hex()}")
                try:
                    making.write_bytes(content.read())
                    os.utime(making, (info.mtime, info.mtime))
                    making.rename(place)
                finally:
                    making.unlink(missing_ok=True)


def listed(head: dict[str, Any]) -> Iterator[tuple[Path, int]]:
    """The regular files at or below the paths that are asked for, with their sizes; no link is followed."""
    for path in head["paths"]:
        if not any(parent.is_symlink() for parent in Path("/", path).parents):
            for place in below(Path("/", path), head["untouched"]):
                with contextlib.suppress(OSError, UnicodeEncodeError):
                    str(place).encode()
                    status = place.lstat()
                    if stat.S_ISREG(status.st_mode):
                        yield place, status.st_size


def below(place: Path, untouched: list[str]) -> Iterator[Path]:
    """Whatever is no folder at or below a place, in order; a tree may be deeper than our own calls may go."""
    waiting = [place]
    while waiting:
        place = waiting.pop()
        with contextlib.suppress(OSError):  # it is not there, or its path is longer than any may be
            if is_folder(place):
                found = sorted(place.iterdir(), reverse=True)
                waiting += [entry for entry in found if entry.name not in untouched]
            elif place.lstat():
                yield place


def send(found: list[tuple[Path, int]], stream: BinaryIO) -> None:
    """A tar of files, each with no more than the bytes it had when they were counted."""
    with tarfile.open(fileobj=stream, mode="w|") as tar:
        for place, size in found:
            with contextlib.suppress(OSError):
                descriptor = os.open(place, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK)
                with os.fdopen(descriptor, "rb") as file:
                    if stat.S_ISREG(os.fstat(descriptor).st_mode):
                        content = file.read(size)
                        info = tarfile.TarInfo(f"workspace{place}")
                        info.size = len(content)
                        tar.addfile(info, io.BytesIO(content))


def end_all() -> None:
    """Kill all processes in our network namespace, and so all commands of the sandbox."""
    ours, deadline = Path("/proc/self/ns/net").readlink(), time.monotonic() + 5
    left = True
    while left and time.monotonic() < deadline:
        left = False
        for entry in Path("/proc").iterdir():
            if entry.name.isdigit() and int(entry.name) != os.getpid():
                with contextlib.suppress(OSError):
                    if (entry / "ns/net").readlink() == ours:
                        left = True
                        os.kill(int(entry.name), signal.SIGKILL)
        time.sleep(0.005)


def remove_groups(folders: list[str]) -> None:
    """As root: kill what is in control groups of ours, and remove them."""
    for folder in map(Path, folders):
        for group in [*folder.glob("*/"), folder]:
            for _ in range(100):
                with contextlib.suppress(OSError):
                    for pid in (group / "cgroup.procs").read_text(encoding="utf-8").split():
                        os.kill(int(pid), signal.SIGKILL)
                    group.rmdir()
                if not group.exists():
                    break
                time.sleep(0.01)


def main(options: dict[str, Any]) -> None:
    """Prepare, say so, and answer packets until there is nobody to ask."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    base = Path(options["base"])
    with socket.socket(fileno=os.dup(0)) as line:
        try:
            if options["user"]:
                make_way(base, options["staged"])
                if child := os.fork():
                    line.close()
                    os.close(0)
                    os.waitpid(child, 0)
                    remove_groups(options["groups"])
                    return
                become(options["user"])
            enter(base, options["workspace"], options["etc"])
        except OSError as error:
            line.send(json.dumps([str(error), os.getpid()]).encode())
            return
        signal.signal(signal.SIGCHLD, signal.SIG_IGN)
        line.send(json.dumps(["", os.getpid()]).encode())
        while packet := socket.recv_fds(line, 65_536, 1):
            if not packet[0]:
                break
            said, given = "", list[int]()
            try:
                said, given = answer(json.loads(packet[0]), list(packet[1]), base)
            except OSError as error:
                said = str(error)
            socket.send_fds(line, [json.dumps([said, 0]).encode()], given)
            for descriptor in (*packet[1], *given):
                os.close(descriptor)
        end_all()


if __name__ == "__main__":
    main(json.loads(sys.argv[1]))
