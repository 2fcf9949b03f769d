"""Where a Chroma server is, as a URL says it, and whether one that fits answers there.

A URL may carry a user and a password; nothing that is shown or raised does.
"""

from __future__ import annotations

import base64
import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qs, quote, unquote, urlsplit, urlunsplit

from gencode_graph.errors import SettingError, StorageError

KEY = "CHROMA_API_KEY"
"""The variable with the server's key, sent as ``x-chroma-token``."""
SERVES = "1"
"""The major version of servers whose API is used here."""
WAIT = 30.0
"""Seconds until a server counts as not answering."""
OK, REFUSED = 200, (401, 403)
EXAMPLE = "http://host:8000, with ?tenant=...&database=... where there are several"


@dataclass(frozen=True, kw_only=True)
class Address:
    """A server, and the database on it."""

    url: str
    """Without user and password."""
    headers: Mapping[str, str] = field(default_factory=dict, repr=False)
    tenant: str = "default_tenant"
    database: str = "default_database"

    @property
    def secure(self) -> bool:
        """Whether certificates are needed: reading them takes longer than all else of an opening."""
        return self.url.startswith("https:")


def address(url: str) -> Address:
    """What a URL says, with the key of the environment. Raises ``SettingError`` for one that cannot be used."""
    try:
        parts = urlsplit(url)
        asked = {name: values[-1] for name, values in parse_qs(parts.query).items()}
        host, port = parts.hostname, parts.port
    except ValueError:
        raise SettingError(f"the memory's URL cannot be read; give one like {EXAMPLE}") from None
    if parts.scheme not in ("http", "https") or not host or asked.keys() - {"tenant", "database"}:
        raise SettingError(f"the memory's URL is none of a Chroma server; give one like {EXAMPLE}")
    headers = {}
    if key := os.environ.get(KEY):
        headers["x-chroma-token"] = key
    if parts.username is not None:
        pair = f"{unquote(parts.username)}:{unquote(parts.password or '')}"
        headers["Authorization"] = f"Basic {base64.b64encode(pair.encode()).decode()}"
    place = f"[{host}]" if ":" in host else host
    shown = urlunsplit((parts.scheme, f"{place}:{port}" if port else place, parts.path.rstrip("/"), "", ""))
    return Address(url=shown, headers=headers, **asked)


def greet(place: Address) -> None:
    """Ask the server what it is; blocks. Raises ``StorageError`` where none answers, or one that does not fit."""
    status, told = _asked(place, "version")
    if status in REFUSED:
        raise refusing(place)
    if not isinstance(told, str):
        raise StorageError(
            f"what answers at {place.url} is no Chroma server of version {SERVES} (status {status}): "
            "correct GENCODE_MEMORY_URL, or start a newer one with: chroma run --port 8000"
        )
    if told.partition(".")[0] != SERVES:
        raise StorageError(
            f"the Chroma server at {place.url} is of version {told}, this program needs {SERVES}: "
            f"install chromadb {SERVES} there"
        )
    status, _ = _asked(place, f"tenants/{quote(place.tenant, safe='')}/databases/{quote(place.database, safe='')}")
    if status in REFUSED:
        raise refusing(place)
    if status != OK:
        raise StorageError(
            f"the Chroma server at {place.url} has no database {place.database!r} of the tenant {place.tenant!r} "
            f"(status {status}): make it there, or correct GENCODE_MEMORY_URL"
        )


def _asked(place: Address, path: str) -> tuple[int, Any]:
    """The status and the JSON of an answer; None where it is something else."""
    import httpx

    try:
        answer = httpx.get(f"{place.url}/api/v2/{path}", headers=dict(place.headers), timeout=WAIT, verify=place.secure)
    except (httpx.HTTPError, httpx.InvalidURL) as error:
        raise silent(place, type(error).__name__) from error
    try:
        return answer.status_code, answer.json() if answer.status_code == OK else None
    except ValueError:
        return answer.status_code, None


def refusing(place: Address) -> StorageError:
    """The error for a server that wants another key."""
    return StorageError(
        f"the Chroma server at {place.url} refuses us: set {KEY} to its key, or give connect_store a URL with "
        "user and password"
    )


def silent(place: Address, why: str) -> StorageError:
    """The error for a server that does not answer."""
    return StorageError(
        f"no Chroma server answers at {place.url} ({why}): start it with: chroma run --port 8000; "
        "or correct GENCODE_MEMORY_URL; without that the memory is kept in a folder"
    )
