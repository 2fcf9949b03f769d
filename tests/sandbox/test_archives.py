"""What comes out of a sandbox as a tar is read as regular files inside it, or not at all."""

from __future__ import annotations

import io
import tarfile
from collections.abc import Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gencode_graph.errors import SandboxError
from gencode_graph.sandbox import archives
from gencode_graph.sandbox.archives import OWNER, pack, unpack

NAMES = st.text(
    st.characters(blacklist_characters="/\0", blacklist_categories=("Cs", "Cc")), min_size=1, max_size=20
).filter(lambda name: name not in (".", "..", "node_modules", ".venv", "__pycache__"))
PATHS = st.lists(NAMES, min_size=1, max_size=4).map("/".join)


def tar(*members: tuple[str, bytes, dict[str, object]]) -> Iterator[bytes]:
    """A tar of (name, content, header fields), in small chunks."""
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w") as archive:
        for name, content, fields in members:
            info = tarfile.TarInfo(name)
            info.size = len(content)
            for field, value in fields.items():
                setattr(info, field, value)
            archive.addfile(info, io.BytesIO(content))
    data = out.getvalue()
    return (data[at : at + 700] for at in range(0, len(data), 700))


@given(st.dictionaries(PATHS, st.binary(max_size=300), max_size=6))
def test_what_is_packed_is_unpacked(files: dict[str, bytes]) -> None:
    folders = {path.rsplit("/", count)[0] for path in files for count in range(1, path.count("/") + 1)}
    files = {path: content for path, content in files.items() if path not in folders}
    inside = {f"workspace/{path}": content for path, content in files.items()}
    packed = pack(inside, dict.fromkeys(inside, 0))
    assert unpack(iter([packed]), ".") == files


def test_members_belong_to_the_sandboxs_user() -> None:
    with tarfile.open(fileobj=io.BytesIO(pack({"a/b.txt": b"1"}, {"a/b.txt": 7}))) as archive:
        assert [(info.name, info.uid, info.gid, info.isdir()) for info in archive] == [
            ("a", OWNER, OWNER, True),
            ("a/b.txt", OWNER, OWNER, False),
        ]


@pytest.mark.parametrize(
    ("name", "fields"),
    [
        ("d/link", {"type": tarfile.SYMTYPE, "linkname": "/etc/passwd"}),
        ("d/hard", {"type": tarfile.LNKTYPE, "linkname": "/etc/passwd"}),
        ("d/pipe", {"type": tarfile.FIFOTYPE}),
        ("d/device", {"type": tarfile.CHRTYPE, "devmajor": 1, "devminor": 3}),
        ("d/folder", {"type": tarfile.DIRTYPE}),
        ("d/../../outside", {}),
        ("/etc/absolute", {}),
        ("d/node_modules/x/index.js", {}),
    ],
)
def test_anything_but_a_regular_file_inside_is_left_out(name: str, fields: dict[str, object]) -> None:
    assert unpack(tar((name, b"", fields), ("d/real.txt", b"1", {})), "d") == {"d/real.txt": b"1"}


def test_a_second_name_of_a_file_is_read_as_the_file() -> None:
    members = tar(("d/a", b"1", {}), ("d/b", b"", {"type": tarfile.LNKTYPE, "linkname": "d/a"}))
    assert unpack(members, "d") == {"d/a": b"1", "d/b": b"1"}


def test_paths_are_those_of_the_sandbox() -> None:
    assert unpack(tar(("deep/b.txt", b"1", {})), "very/deep") == {"very/deep/b.txt": b"1"}
    assert unpack(tar(("b.txt", b"1", {})), "very/deep/b.txt") == {"very/deep/b.txt": b"1"}


def test_a_tar_over_the_limit_is_refused_while_it_is_read(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(archives, "COLLECT_LIMIT", -9_000_000)
    given_out = 0

    def chunks() -> Iterator[bytes]:
        nonlocal given_out
        for chunk in tar(("d/big", bytes(30_000_000), {})):
            given_out += len(chunk)
            yield chunk

    with pytest.raises(SandboxError, match="read less"):
        unpack(chunks(), "d")
    assert given_out < 2_000_000
