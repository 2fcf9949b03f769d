"""Arrays that are read back whole or refused."""

from __future__ import annotations

import hashlib

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from gencode_graph.errors import StorageError
from gencode_graph.memory.snapshot import HEAD, MARK, pack, unpack

FACTS = {"time": 3, "seed": 0, "names": ["a", "ü"]}
KEPT = pack(FACTS, {"rows": np.arange(6, dtype=np.float32).reshape(2, 3), "none": np.zeros((0, 4), np.int64)})


@given(arrays(np.float32, st.tuples(st.integers(0, 3), st.integers(0, 3)), elements=st.floats(-9, 9, width=32)))
def test_what_is_packed_comes_back(rows: np.ndarray) -> None:
    facts, found = unpack(pack(FACTS, {"rows": rows}))
    assert facts == FACTS
    assert found["rows"].dtype == np.float32
    assert np.array_equal(found["rows"], rows)


@given(st.integers(0, len(KEPT) - 1), st.integers(1, 255))
def test_no_changed_byte_goes_unseen(place: int, turned: int) -> None:
    changed = KEPT[:place] + bytes([KEPT[place] ^ turned]) + KEPT[place + 1 :]
    with pytest.raises(StorageError, match="delete it"):
        unpack(changed)


@given(st.integers(0, len(KEPT) - 1))
def test_half_of_it_is_refused(length: int) -> None:
    with pytest.raises(StorageError, match="delete it"):
        unpack(KEPT[:length])


def test_what_is_no_npz_is_refused_even_with_a_right_checksum() -> None:
    body = b"not a zip"
    with pytest.raises(StorageError, match="cannot be read"):
        unpack(MARK + (1).to_bytes(2) + hashlib.sha256(body).digest() + body)


def test_the_version_is_named() -> None:
    newer = KEPT[: len(MARK)] + (9).to_bytes(2) + KEPT[len(MARK) + 2 :]
    with pytest.raises(StorageError, match="version 9, not 1"):
        unpack(newer)
    assert len(KEPT) > HEAD
