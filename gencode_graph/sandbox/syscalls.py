"""Which system calls a program behind the walls may not make: a filter for the kernel, assembled here."""

from __future__ import annotations

import os
import platform
import struct
from dataclasses import dataclass

LOAD, EQUAL, AT_LEAST, ANY_BIT, RETURN = 0x20, 0x15, 0x35, 0x45, 0x06
ALLOW, KILL, ERROR = 0x7FFF0000, 0x80000000, 0x00050000
NUMBER, MACHINE, FIRST, SECOND = 0, 4, 16, 24
"""Where the kernel puts a call's number, the machine, and the low halves of its first two arguments."""
NOT_PERMITTED, NO_SUCH_CALL, NO_SUCH_FAMILY = 1, 38, 97
NEW_NAMESPACES = 0x7E020000
FAMILIES = (1, 2, 10, 16)
"""Sockets that there are: local, IPv4, IPv6 and netlink, which tells programs of the network's interfaces."""
TERMINAL_INPUT = (0x5412, 0x541C)
"""Requests by which a program could type into a terminal that it shares."""

SAME = {
    "io_uring_setup": 425, "io_uring_enter": 426, "io_uring_register": 427, "open_tree": 428, "move_mount": 429,
    "fsopen": 430, "fsconfig": 431, "fsmount": 432, "fspick": 433, "pidfd_getfd": 438, "process_madvise": 440,
    "mount_setattr": 442, "quotactl_fd": 443, "memfd_secret": 447,
}  # fmt: skip
"""Calls with one number on all machines."""
X86_64 = SAME | {
    "ptrace": 101, "syslog": 103, "uselib": 134, "personality": 135, "modify_ldt": 154, "pivot_root": 155,
    "_sysctl": 156, "adjtimex": 159, "chroot": 161, "acct": 163, "settimeofday": 164, "mount": 165, "umount2": 166,
    "swapon": 167, "swapoff": 168, "reboot": 169, "sethostname": 170, "setdomainname": 171, "iopl": 172, "ioperm": 173,
    "init_module": 175, "delete_module": 176, "quotactl": 179, "nfsservctl": 180, "lookup_dcookie": 212,
    "clock_settime": 227, "kexec_load": 246, "add_key": 248, "request_key": 249, "keyctl": 250, "unshare": 272,
    "migrate_pages": 256, "move_pages": 279, "perf_event_open": 298, "fanotify_init": 300, "name_to_handle_at": 303,
    "open_by_handle_at": 304, "clock_adjtime": 305, "setns": 308, "process_vm_readv": 310, "process_vm_writev": 311,
    "kcmp": 312, "finit_module": 313, "kexec_file_load": 320, "bpf": 321, "userfaultfd": 323, "vhangup": 153,
}  # fmt: skip
AARCH64 = SAME | {
    "lookup_dcookie": 18, "umount2": 39, "mount": 40, "pivot_root": 41, "nfsservctl": 42, "chroot": 51, "vhangup": 58,
    "quotactl": 60, "acct": 89, "personality": 92, "unshare": 97, "kexec_load": 104, "init_module": 105,
    "delete_module": 106, "clock_settime": 112, "syslog": 116, "ptrace": 117, "reboot": 142, "sethostname": 161,
    "setdomainname": 162, "settimeofday": 170, "adjtimex": 171, "add_key": 217, "request_key": 218, "keyctl": 219,
    "swapon": 224, "swapoff": 225, "migrate_pages": 238, "move_pages": 239, "perf_event_open": 241,
    "fanotify_init": 262, "name_to_handle_at": 264, "open_by_handle_at": 265, "clock_adjtime": 266, "setns": 268,
    "process_vm_readv": 270, "process_vm_writev": 271, "kcmp": 272, "finit_module": 273, "bpf": 280,
    "userfaultfd": 282, "kexec_file_load": 294,
}  # fmt: skip
HIDDEN_MEMORY = {"x86_64": (29, 319), "aarch64": (194, 279)}
"""``shmget`` and ``memfd_create``: memory that no process need have mapped, so that no watchdog sees it."""


@dataclass(frozen=True, kw_only=True)
class Machine:
    """How one kind of processor numbers its calls."""

    audit: int
    denied: dict[str, int]
    clone: int
    socket: int
    ioctl: int


CLONE3 = 435
UNKNOWN = 457
"""From this number on, calls are newer than this list, or of another table; none is there."""
MACHINES = {
    "x86_64": Machine(audit=0xC000003E, denied=X86_64, clone=56, socket=41, ioctl=16),
    "aarch64": Machine(audit=0xC00000B7, denied=AARCH64, clone=220, socket=198, ioctl=29),
}


def assemble(name: str, *, hidden_memory: bool = True) -> bytes:
    """The filter for a machine, in the kernel's instructions; without ``hidden_memory`` that is not to be had either.

    A denied call fails with ``EPERM``; ``clone3``, whose flags a filter cannot see, is not there, so that programs
    take ``clone``, and neither is what is newer than our list. Raises ``KeyError`` for a machine whose numbers are not
    known.
    """
    machine = MACHINES[name]
    code: list[tuple[int, int, int, int]] = [(LOAD, 0, 0, MACHINE), (EQUAL, 1, 0, machine.audit), (RETURN, 0, 0, KILL)]
    code += [(LOAD, 0, 0, NUMBER), (AT_LEAST, 0, 1, UNKNOWN), (RETURN, 0, 0, ERROR | NO_SUCH_CALL)]
    for number in sorted(machine.denied.values()):
        code += [(EQUAL, 0, 1, number), (RETURN, 0, 0, ERROR | NOT_PERMITTED)]
    for number in (CLONE3, *(() if hidden_memory else HIDDEN_MEMORY[name])):
        code += [(EQUAL, 0, 1, number), (RETURN, 0, 0, ERROR | NO_SUCH_CALL)]
    code += [(EQUAL, 0, 4, machine.clone), (LOAD, 0, 0, FIRST), (ANY_BIT, 0, 1, NEW_NAMESPACES)]
    code += [(RETURN, 0, 0, ERROR | NOT_PERMITTED), (RETURN, 0, 0, ALLOW)]
    code += [(EQUAL, 0, len(FAMILIES) + 3, machine.socket), (LOAD, 0, 0, FIRST)]
    code += [(EQUAL, len(FAMILIES) - index, 0, family) for index, family in enumerate(FAMILIES)]
    code += [(RETURN, 0, 0, ERROR | NO_SUCH_FAMILY), (RETURN, 0, 0, ALLOW)]
    code += [(EQUAL, 0, len(TERMINAL_INPUT) + 3, machine.ioctl), (LOAD, 0, 0, SECOND)]
    code += [(EQUAL, len(TERMINAL_INPUT) - index, 0, request) for index, request in enumerate(TERMINAL_INPUT)]
    code += [(RETURN, 0, 0, ALLOW), (RETURN, 0, 0, ERROR | NOT_PERMITTED), (RETURN, 0, 0, ALLOW)]
    return b"".join(struct.pack("=HBBI", *instruction) for instruction in code)


def filter_file(*, hidden_memory: bool = True) -> int | None:
    """A descriptor of the filter for this machine, to be read once; None where its calls' numbers are not known."""
    if platform.machine() not in MACHINES:
        return None
    descriptor = os.memfd_create("filter")
    os.write(descriptor, assemble(platform.machine(), hidden_memory=hidden_memory))
    os.lseek(descriptor, 0, os.SEEK_SET)
    return descriptor
