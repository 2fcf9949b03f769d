"""The filter of system calls, run as the kernel would run it."""

from __future__ import annotations

import errno
import os
import platform
import struct
import subprocess
import sys

import pytest

from gencode_graph.sandbox.syscalls import ALLOW, ERROR, KILL, MACHINES, assemble, filter_file

I386 = 0x40000003
NUMBERS = {
    "x86_64": {
        "read": 0, "openat": 257, "execve": 59, "mount": 165, "ptrace": 101, "clone": 56, "socket": 41, "ioctl": 16,
    },
    "aarch64": {
        "read": 63, "openat": 56, "execve": 221, "mount": 40, "ptrace": 117, "clone": 220, "socket": 198, "ioctl": 29,
    },
}  # fmt: skip
CASES = {
    "reading": ("read", 0, 0, ALLOW),
    "opening": ("openat", 0, 0, ALLOW),
    "starting a program": ("execve", 0, 0, ALLOW),
    "mounting": ("mount", 0, 0, errno.EPERM),
    "looking into another process": ("ptrace", 0, 0, errno.EPERM),
    "a thread": ("clone", 0x3D0F00, 0, ALLOW),
    "a child": ("clone", 17, 0, ALLOW),
    "a namespace of users": ("clone", 0x10000011, 0, errno.EPERM),
    "a namespace of mounts": ("clone", 0x20011, 0, errno.EPERM),
    "a local socket": ("socket", 1, 1, ALLOW),
    "a socket of IPv6": ("socket", 10, 1, ALLOW),
    "a list of interfaces": ("socket", 16, 3, ALLOW),
    "a packet socket": ("socket", 17, 3, errno.EAFNOSUPPORT),
    "the host of a virtual machine": ("socket", 40, 1, errno.EAFNOSUPPORT),
    "the size of a terminal": ("ioctl", 1, 0x5413, ALLOW),
    "typing into a terminal": ("ioctl", 0, 0x5412, errno.EPERM),
    "pasting into a terminal": ("ioctl", 0, 0x541C, errno.EPERM),
}
SAME = {"clone3": 435, "io_uring_setup": 425, "something new": 470, "another table": 0x40000000}


def judged(program: bytes, machine: int, number: int, *arguments: int) -> int:
    """What a filter says of a call."""
    seen = struct.pack("=IIQ6Q", number, machine, 0, *arguments, *(0,) * (6 - len(arguments)))
    code = list(struct.iter_unpack("=HBBI", program))
    accumulator = place = 0
    while True:
        what, if_so, if_not, value = code[place]
        place += 1
        if what == 0x20:
            accumulator = struct.unpack_from("=I", seen, value)[0]
        elif what == 0x06:
            return int(value)
        else:
            holds = {0x15: accumulator == value, 0x35: accumulator >= value, 0x45: bool(accumulator & value)}[what]
            place += if_so if holds else if_not


@pytest.mark.parametrize("machine", NUMBERS)
@pytest.mark.parametrize("case", CASES)
def test_a_call_is_judged_by_its_number_and_its_arguments(machine: str, case: str) -> None:
    name, first, second, wanted = CASES[case]
    said = judged(assemble(machine), MACHINES[machine].audit, NUMBERS[machine][name], first, second)
    assert said == (wanted if wanted == ALLOW else ERROR | wanted)


@pytest.mark.parametrize("machine", NUMBERS)
def test_all_that_is_denied_is_denied_whatever_its_arguments(machine: str) -> None:
    program, audit = assemble(machine), MACHINES[machine].audit
    for number in MACHINES[machine].denied.values():
        assert judged(program, audit, number, 2**32 - 1, 2**32 - 1) == ERROR | errno.EPERM


@pytest.mark.parametrize("machine", NUMBERS)
def test_what_is_new_is_not_there(machine: str) -> None:
    for name, number in SAME.items():
        said = judged(assemble(machine), MACHINES[machine].audit, number)
        assert said == ERROR | (errno.EPERM if name == "io_uring_setup" else errno.ENOSYS), name


@pytest.mark.parametrize("machine", NUMBERS)
def test_a_program_for_another_processor_is_killed(machine: str) -> None:
    assert judged(assemble(machine), I386, 11) == KILL


@pytest.mark.parametrize(("machine", "number"), [("x86_64", 319), ("x86_64", 29), ("aarch64", 279), ("aarch64", 194)])
def test_memory_that_no_watchdog_sees_is_not_there_where_there_is_only_one(machine: str, number: int) -> None:
    audit = MACHINES[machine].audit
    assert judged(assemble(machine), audit, number) == ALLOW
    assert judged(assemble(machine, hidden_memory=False), audit, number) == ERROR | errno.ENOSYS


@pytest.mark.skipif(platform.machine() not in MACHINES, reason="this machine's calls are not in the list")
def test_the_kernel_takes_it() -> None:
    script = (
        "import ctypes, os, socket, struct, sys; libc = ctypes.CDLL(None, use_errno=True); libc.prctl(38, 1, 0, 0, 0)\n"
        "code = os.read(int(sys.argv[1]), 100_000); held = ctypes.create_string_buffer(code)\n"
        "rule = ctypes.create_string_buffer(struct.pack('=H6xQ', len(code) // 8, ctypes.addressof(held)))\n"
        "assert libc.prctl(22, 2, rule, 0, 0) == 0, ctypes.get_errno()\n"
        "assert libc.unshare(0x10000000) == -1 and ctypes.get_errno() == 1\n"
        "socket.socket(); socket.socket(40, 1)\n"
    )
    descriptor = filter_file()
    assert descriptor is not None
    argv = [sys.executable, "-c", script, str(descriptor)]
    ran = subprocess.run(argv, capture_output=True, text=True, pass_fds=[descriptor], check=False)
    os.close(descriptor)
    assert "Address family not supported" in ran.stderr.splitlines()[-1]
