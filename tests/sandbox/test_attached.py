"""A container's outputs come in pieces over one socket: read up to a limit, a deadline or a word from outside."""

from __future__ import annotations

import socket
import struct
import threading
import time
from collections.abc import Iterator
from typing import Any

import pytest

from gencode_graph.sandbox.attached import Running
from gencode_graph.sandbox.peak import Peak


def piece(stream: int, data: bytes) -> bytes:
    return struct.pack(">BxxxI", stream, len(data)) + data


@pytest.fixture
def ends() -> Iterator[tuple[Running, socket.socket]]:
    """A container that is only a socket, and the engine's end of it."""
    ours, theirs = socket.socketpair()
    container: Any = None
    yield Running(container=container, socket=ours, peak=Peak("none")), theirs
    ours.close()
    theirs.close()


def soon(seconds: float = 5.0) -> float:
    return time.monotonic() + seconds


def test_both_streams_are_told_apart_however_they_are_cut(ends: tuple[Running, socket.socket]) -> None:
    running, engine = ends
    wire = piece(1, b"out") + piece(2, b"err") + piece(1, b"") + piece(1, b" more")
    talking = threading.Thread(target=lambda: [engine.sendall(bytes([byte])) for byte in wire] and engine.close())
    talking.start()
    assert running.read(limit=100, tail=False, deadline=soon(), stop=threading.Event()) is None
    talking.join()
    assert (bytes(running.kept[1]), bytes(running.kept[2]), running.dropped) == (b"out more", b"err", 0)


def test_the_head_is_kept_up_to_the_limit_over_both_streams(ends: tuple[Running, socket.socket]) -> None:
    running, engine = ends
    engine.sendall(piece(1, b"a" * 60) + piece(2, b"b" * 60))
    assert running.read(limit=100, tail=False, deadline=soon(), stop=threading.Event()) == "output_limit"
    assert (len(running.kept[1]), len(running.kept[2]), running.dropped) == (60, 40, 20)


def test_the_tail_of_each_stream_is_kept_of_a_server(ends: tuple[Running, socket.socket]) -> None:
    running, engine = ends
    engine.sendall(piece(1, b"a" * 60) + piece(1, b"z" * 60))
    engine.close()
    assert running.read(limit=100, tail=True, deadline=soon(), stop=threading.Event()) is None
    assert bytes(running.kept[1]) == b"a" * 40 + b"z" * 60


def test_a_silent_program_is_left_at_its_deadline(ends: tuple[Running, socket.socket]) -> None:
    began = time.monotonic()
    assert ends[0].read(limit=1, tail=False, deadline=soon(0.2), stop=threading.Event()) == "timeout"
    assert 0.2 <= time.monotonic() - began < 2


def test_reading_stops_when_it_is_told_to(ends: tuple[Running, socket.socket]) -> None:
    stop = threading.Event()
    stop.set()
    assert ends[0].read(limit=1, tail=False, deadline=soon(), stop=stop) == "stopped"
