"""Arrays as bytes that are read back whole or refused."""

from __future__ import annotations

import hashlib
import io
import json
import zipfile
from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from gencode_graph.errors import StorageError

MARK = b"gencode-router"
VERSION = 1
HEAD = len(MARK) + 2 + hashlib.sha256().digest_size


def pack(facts: Mapping[str, Any], arrays: Mapping[str, NDArray[Any]]) -> bytes:
    """A mark, a version, a checksum, then an npz of the arrays and of the facts as JSON."""
    body = io.BytesIO()
    told = np.frombuffer(json.dumps(facts).encode(), np.uint8)
    np.savez(body, allow_pickle=False, facts=told, **arrays)
    content = body.getvalue()
    return MARK + VERSION.to_bytes(2) + hashlib.sha256(content).digest() + content


def unpack(data: bytes) -> tuple[dict[str, Any], dict[str, NDArray[Any]]]:
    """What :func:`pack` was given; raises ``StorageError`` for anything that it did not make, to the last bit."""
    advice = "delete it, and it is learned again from the record of decisions"
    if not data.startswith(MARK):
        raise StorageError(f"this is no learned state of a router; {advice}")
    version = int.from_bytes(data[len(MARK) : len(MARK) + 2])
    if version != VERSION:
        raise StorageError(f"the learned state is of version {version}, not {VERSION}; {advice}")
    content = data[HEAD:]
    if hashlib.sha256(content).digest() != data[len(MARK) + 2 : HEAD]:
        raise StorageError(f"the learned state is damaged; {advice}")
    try:
        with np.load(io.BytesIO(content), allow_pickle=False) as stored:
            arrays = {name: stored[name] for name in stored.files}
        return json.loads(arrays.pop("facts").tobytes()), arrays
    except (OSError, ValueError, KeyError, zipfile.BadZipFile) as error:
        raise StorageError(f"the learned state cannot be read ({error}); {advice}") from None
