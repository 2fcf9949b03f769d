"""What may be a request at all."""

from __future__ import annotations

import pytest

from gencode_graph.blueprint.analysis import check_request
from gencode_graph.errors import RequestError

REFUSED = {
    "": "say in a sentence what to build",
    " \n\t ": "say in a sentence what to build",
    "?!": "say in a sentence what to build",
    "a" * 20_001: "shorten it to 20,000",
    "a\x00b": "control character",
    "a\x1b[0m": "control character",
    "a\ud800": "save it as UTF-8",
}


@pytest.mark.parametrize("text", REFUSED, ids=lambda t: repr(t[:10]))
def test_what_is_no_request_is_refused_with_the_fix(text: str) -> None:
    with pytest.raises(RequestError, match=REFUSED[text]):
        check_request(text)


def test_a_request_comes_back_composed_and_stripped() -> None:
    assert check_request("  un cafe\u0301\n") == "un caf\u00e9"
    assert check_request("one\ttwo\r\nthree") == "one\ttwo\r\nthree"
    assert len(check_request("a" * 20_000)) == 20_000
