"""As much of HTTP/1.1 as clients of models speak, with nothing between it and the socket."""

from __future__ import annotations

import json
import socket
import struct
from asyncio import IncompleteReadError, LimitOverrunError, StreamReader, StreamWriter
from collections.abc import Mapping
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any
from urllib.parse import parse_qs, urlsplit

BODY_LIMIT = 64 << 20
"""Bytes of a request; far more than any model reads."""


@dataclass(frozen=True, kw_only=True)
class Request:
    """One request, read to its end."""

    method: str
    path: str
    query: Mapping[str, str]
    headers: Mapping[str, str]
    """With names in small letters."""
    body: bytes

    @property
    def json(self) -> Any:
        """The body. Raises ``ValueError`` where it is not JSON."""
        return json.loads(self.body)

    @property
    def key(self) -> str:
        """The key that the client sent, wherever it put it."""
        given = [self.headers.get(name) for name in ("authorization", "x-api-key", "x-goog-api-key")]
        return next(filter(None, [*given, self.query.get("key")]), "").removeprefix("Bearer ")


async def read_request(reader: StreamReader) -> Request | None:
    """The next request of a connection; None when there is none, or nothing that can be read as one."""
    try:
        head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1")
        first, *lines = head.rstrip("\r\n").split("\r\n")
        method, target, _ = first.split(" ")
        pairs = (line.partition(":") for line in lines)
        headers = {name.strip().lower(): value.strip() for name, _, value in pairs}
        body = await _body(reader, headers)
    except (IncompleteReadError, LimitOverrunError, ConnectionError, ValueError):
        return None
    url = urlsplit(target)
    query = {name: values[0] for name, values in parse_qs(url.query).items()}
    return Request(method=method, path=url.path, query=query, headers=headers, body=body)


async def _body(reader: StreamReader, headers: Mapping[str, str]) -> bytes:
    if "chunked" not in headers.get("transfer-encoding", ""):
        size = int(headers.get("content-length", 0))
        if size > BODY_LIMIT:
            raise ValueError("too long")
        return await reader.readexactly(size)
    body = b""
    while size := int((await reader.readuntil(b"\r\n")).split(b";")[0], 16):
        body += (await reader.readexactly(size + 2))[:-2]
        if len(body) > BODY_LIMIT:
            raise ValueError("too long")
    await reader.readuntil(b"\r\n")
    return body


def head(status: int, headers: Mapping[str, str]) -> bytes:
    """Status line and headers."""
    phrase = HTTPStatus(status).phrase if status in set(HTTPStatus) else "Overloaded"
    lines = [f"HTTP/1.1 {status} {phrase}", *(f"{name}: {text}" for name, text in headers.items())]
    return ("\r\n".join(lines) + "\r\n\r\n").encode("latin-1")


def whole(status: int, body: bytes, kind: str = "application/json", headers: Mapping[str, str] | None = None) -> bytes:
    """A response that says how long it is."""
    return head(status, {"Content-Type": kind, "Content-Length": str(len(body)), **(headers or {})}) + body


def chunk(data: bytes) -> bytes:
    """One piece of a response that does not say how long it is; the empty piece is its end."""
    return f"{len(data):x}\r\n".encode() + data + b"\r\n"


def reset(writer: StreamWriter) -> None:
    """Throw a connection away, so that the client meets an error and not an end."""
    plug: socket.socket | None = writer.get_extra_info("socket")
    if plug is not None:
        plug.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    writer.transport.abort()
