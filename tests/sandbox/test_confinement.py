"""What containers are created with: every wall stands, and the filter of system calls lets through what it should."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest

from gencode_graph.sandbox.confinement import GVISOR, Place, container, filter_of_calls

PLACE = Place(
    image="sha256:1",
    network="container:holder",
    mounts={"/workspace": "gencode-1", "/installs/a": "gencode-install-a:ro"},
    labels={"gencode.run": "1"},
    environment={"COLOUR": "green"},
    memory=300,
)


def test_nothing_is_left_to_the_engines_defaults_that_holds_a_program_in() -> None:
    made = container(PLACE, ["true"], "/workspace")
    held = made["HostConfig"]
    assert (made["User"], made["Env"]) == ("10001:10001", ["HOME=/home/app", "LANG=C.UTF-8", "COLOUR=green"])
    assert (held["Privileged"], held["CapDrop"], held["ReadonlyRootfs"], held["Init"]) == (False, ["ALL"], True, True)
    assert held["SecurityOpt"][0] == "no-new-privileges:true"
    assert held["Memory"] == held["MemorySwap"] == 300_000_000
    assert 0 < held["PidsLimit"] <= 512
    assert 0 < held["NanoCpus"] <= 2e9
    assert {limit["Name"] for limit in held["Ulimits"]} == {"nofile", "core", "fsize"}
    assert all("size=" in options and "nosuid,nodev" in options for options in held["Tmpfs"].values())
    assert not {"Binds", "Devices", "CapAdd", "PidMode", "UsernsMode", "PortBindings"} & set(held)


def test_only_volumes_are_mounted_and_installs_cannot_be_written() -> None:
    mounts = container(PLACE, ["true"], "/workspace")["HostConfig"]["Mounts"]
    assert [(mount["Type"], mount["Target"], mount["ReadOnly"]) for mount in mounts] == [
        ("volume", "/workspace", False),
        ("volume", "/installs/a", True),
    ]


def test_standard_input_is_open_only_where_it_is_kept() -> None:
    for kept in (True, False):
        made = container(replace(PLACE, keep_input=kept), ["cat"], "/workspace")
        assert {made["OpenStdin"], made["StdinOnce"], made["AttachStdin"]} == {kept}


def test_gvisor_has_room_for_its_own_threads() -> None:
    small = replace(PLACE, processes=32)
    assert container(small, ["cat"], "/")["HostConfig"]["PidsLimit"] == 32
    assert container(replace(small, runtime=GVISOR), ["cat"], "/")["HostConfig"]["PidsLimit"] >= 1024


def test_an_engine_without_filters_is_not_given_one() -> None:
    assert len(container(PLACE, ["true"], "/", filtered=True)["HostConfig"]["SecurityOpt"]) == 2
    assert len(container(PLACE, ["true"], "/", filtered=False)["HostConfig"]["SecurityOpt"]) == 1


RULES = json.loads(filter_of_calls())["syscalls"]
ALLOWED = {
    name for rule in RULES if rule["action"] == "SCMP_ACT_ALLOW" and not rule.get("args") for name in rule["names"]
}


def test_what_is_not_on_the_list_is_refused() -> None:
    assert json.loads(filter_of_calls())["defaultAction"] == "SCMP_ACT_ERRNO"


@pytest.mark.parametrize(
    "call",
    ["io_uring_setup", "ptrace", "process_vm_writev", "userfaultfd", "keyctl", "bpf", "perf_event_open", "unshare",
     "setns", "mount", "pivot_root", "kexec_load", "init_module", "open_by_handle_at", "chroot", "clone3", "socket",
     "personality", "clone", "pidfd_getfd", "mbind", "fanotify_init"],
)  # fmt: skip
def test_dangerous_calls_are_not_on_the_list(call: str) -> None:
    assert call not in ALLOWED


@pytest.mark.parametrize(
    "call", ["read", "execve", "futex", "epoll_wait", "mmap", "fork", "wait4", "rseq", "memfd_create"]
)
def test_calls_that_every_program_makes_are_on_the_list(call: str) -> None:
    assert call in ALLOWED


def test_only_plain_sockets_are_made_and_netlink_which_lists_interfaces() -> None:
    families = {rule["args"][0]["value"] for rule in RULES if rule["names"] == ["socket"]}
    assert families == {1, 2, 10, 16}


def test_threads_are_made_but_no_namespaces() -> None:
    (rule,) = [rule for rule in RULES if rule["names"] == ["clone"]]
    (flags,) = rule["args"]
    namespaces = 0x02000000 | 0x04000000 | 0x08000000 | 0x10000000 | 0x20000000 | 0x40000000 | 0x00020000
    assert (flags["op"], flags["value"], flags["valueTwo"]) == ("SCMP_CMP_MASKED_EQ", namespaces, 0)
    (newer,) = [rule for rule in RULES if rule["names"] == ["clone3"]]
    assert newer["errnoRet"] == 38, "or the C library would not fall back on clone"
