"""What a URL of a Chroma server says, and that nothing secret in it is shown."""

from __future__ import annotations

import base64

import pytest

from gencode_graph.errors import SettingError
from gencode_graph.memory.address import KEY, address
from gencode_graph.settings import Settings


@pytest.mark.parametrize(
    ("url", "shown", "tenant", "database"),
    [
        ("http://host:8000", "http://host:8000", "default_tenant", "default_database"),
        ("https://host/", "https://host", "default_tenant", "default_database"),
        ("https://ada:secret@host/chroma/", "https://host/chroma", "default_tenant", "default_database"),
        ("http://[::1]:8000?tenant=a%20b&database=c", "http://[::1]:8000", "a b", "c"),
    ],
)
def test_what_a_url_says(url: str, shown: str, tenant: str, database: str) -> None:
    found = address(url)
    assert (found.url, found.tenant, found.database) == (shown, tenant, database)


def test_a_user_and_a_key_are_sent_and_never_shown(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(KEY, "hidden")
    found = address("http://ada:p%40ss@host")
    assert found.headers["x-chroma-token"] == "hidden"
    assert base64.b64decode(found.headers["Authorization"].removeprefix("Basic ")) == b"ada:p@ss"
    assert not any(word in repr(found) for word in ("hidden", "ss@", "ada", found.headers["Authorization"]))


@pytest.mark.parametrize(
    "url", ["", "host", "host:8000", "ftp://host", "http://", "http://host:x", "http://[", "http://h?x=y"]
)
def test_what_is_no_url_of_a_server_is_refused(url: str) -> None:
    with pytest.raises(SettingError, match="give one like http://host:8000"):
        address(url)


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("http://host:8000", "http://host:8000"),
        ("https://ada:secret@host/a@b?database=c", "https://host/a@b?database=c"),
        ("secret@host", "host"),
        ("ada:secret@host", "host"),
    ],
)
def test_settings_keep_no_password(given: str, kept: str) -> None:
    assert Settings(memory_url=given).memory_url == kept
