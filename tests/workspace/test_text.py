"""Contents of the hostile cases 16-20, and the ordinary ones beside them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gencode_graph.errors import PathError
from gencode_graph.workspace.text import LINE_LENGTH, LINES, NESTING, check_content, hidden, odd, strip_hidden

REFUSED = {
    "16 Trojan Source": ("bidi", "if x: # \u202e } \u2066 return"),
    "16 right-to-left mark": ("bidi", "a = '\u200f'"),
    "16 Arabic letter mark": ("bidi", "a\u061cb"),
    "17 zero width space": ("invisible", " ad\u200bmin=1"),
    "17 zero width joiner in a word": ("invisible", "ad\u200dmin"),
    "17 variation selector": ("invisible", "a\ufe0fb"),
    "17 two variation selectors": ("invisible", "\u2764\ufe0f\ufe0f"),
    "17 joiner behind a stripped selector": ("invisible", "a\ufe0f\u200d\U0001f600"),
    "17 supplementary selector": ("invisible", "\U0001f600\U000e0101"),
    "17 tag characters": ("invisible", "x" + "".join(chr(0xE0000 + ord(letter)) for letter in "ignore")),
    "17 soft hyphen": ("invisible", "pass\u00adword"),
    "17 Hangul filler": ("invisible", "\u3164 = 1"),
    "17 line separator": ("invisible", "// a\u2028evil()"),
    "17 byte order mark inside": ("invisible", "a\ufeffb"),
    "19 escape": ("control", 'print("\x1b]0;x\x07")'),
    "19 C1": ("control", "a\x9bb"),
    "19 NUL": ("control", "a\0b"),
    "19 backspace": ("control", "a\x08"),
    "19 surrogate": ("encoding", "a\ud800"),
}
ACCEPTED = [
    "",
    "# Käse und Ελληνικά in a comment\nname = 'Привет'\n",
    "const α = 1;\n",
    'def f():\n\treturn "日本"\r\n',
    "\ufeffusing System;\n",
    "done ✅ \u2764\ufe0f \U0001f469\u200d\U0001f4bb 1\ufe0f\u20e3 \U0001f3f3\ufe0f\u200d\U0001f308 ©\ufe0f",
    "→ … “quoted” – © € 5\u00a0000",
    "שלום",
    "مرحبا",
]
PNG = b"\x89PNG\r\n\x1a\n" + bytes(range(256))


@pytest.mark.parametrize(("rule", "text"), REFUSED.values(), ids=REFUSED)
def test_refuses_text_that_hides_something(rule: str, text: str) -> None:
    with pytest.raises(PathError) as raised:
        check_content("src/a.py", text)
    assert f"rule text/{rule}" in str(raised.value)
    assert str(raised.value).isascii()


@pytest.mark.parametrize("text", ACCEPTED, ids=ascii)
def test_accepts_ordinary_text_as_it_is(text: str) -> None:
    assert check_content("src/a.py", text) == text.encode()
    assert check_content("src/a.py", text.encode()) == text.encode()
    assert strip_hidden(text) == text.replace("\ufeff", "")


@pytest.mark.parametrize("data", [b"\xff\xfe\x41", "K\u00e4se".encode("latin-1"), PNG, b"\xed\xa0\x80"])
def test_refuses_bytes_that_are_not_utf8_in_a_text_file(data: bytes) -> None:
    with pytest.raises(PathError, match="rule text/encoding"):
        check_content("src/a.py", data)


def test_a_message_names_line_and_code_point() -> None:
    with pytest.raises(PathError, match=r"U\+202E in line 3"):
        check_content("a.py", "one\ntwo\nthree \u202e\n")


@pytest.mark.parametrize(
    ("path", "data"),
    [
        ("logo.png", PNG),
        ("LOGO.PNG", PNG),
        ("a/photo.jpg", b"\xff\xd8\xff\xe0 ..."),
        ("photo.webp", b"RIFF\0\0\0\0WEBPVP8 "),
        ("inter.woff2", b"wOF2\0\1"),
        ("favicon.ico", b"\0\0\1\0\1"),
    ],
)
def test_accepts_binary_files_of_a_known_kind(path: str, data: bytes) -> None:
    assert check_content(path, data) == data


@pytest.mark.parametrize(
    ("path", "data"),
    [
        ("logo.png", b"#!/bin/sh\n"),
        ("logo.png", "<svg/>"),
        ("photo.jpg", PNG),
        ("photo.webp", b"RIFF\0\0\0\0AVI LIST"),
        ("run.exe", b"MZ\x90\0\xff"),
        ("lib.so", b"\x7fELF\x02\x01\x01\0"),
        ("data.zip", b"PK\x03\x04\xff"),
        ("png", PNG),
    ],
)
def test_refuses_binary_files_of_any_other_kind(path: str, data: bytes | str) -> None:
    with pytest.raises(PathError, match=r"rule text/(magic|encoding|control)"):
        check_content(path, data)


@pytest.mark.parametrize(
    "line", ["us\u0435r = 1", "p\u0430ssword", "\u0441onst = 2", "\u03b1\u0431 = 3", "sc\u03bfpe", "let \u13aame"]
)
def test_flags_a_word_that_mixes_alphabets(line: str) -> None:
    (found,) = odd("a.py", f"ok = 1\n{line}\n")
    assert (found.rule, found.severity, found.line) == ("text/mixed-script", "warning", 2)
    assert found.message.isascii()


@pytest.mark.parametrize(
    "line",
    ["const α = 1", "s = 'Привет user'", "naïve_café", "値_value = 1", "στο x", "\u00b5s = 3", "x\u0302 = 1"],
)
def test_passes_words_of_one_alphabet(line: str) -> None:
    assert odd("a.py", line) == ()


@pytest.mark.parametrize(
    ("rule", "text"),
    [
        ("long-line", "x" * (1 << 20)),
        ("nesting", "(" * 50_000 + ")" * 50_000),
        ("nesting", "[{" * NESTING),
        ("many-lines", "a();\n" * (LINES + 1)),
    ],
)
def test_flags_text_that_is_hard_on_parsers(rule: str, text: str) -> None:
    assert f"text/{rule}" in {found.rule for found in odd("a.js", text)}
    assert check_content("a.js", text)


@pytest.mark.parametrize(
    ("path", "text"),
    [
        ("a.js", "x" * LINE_LENGTH),
        ("a.js", "()[]{}\n" * 5_000),
        ("a.js", "(" * NESTING),
        ("a.js", "a();\n" * (LINES - 1)),
        ("frontend/package-lock.json", "{}\n" * (LINES * 2)),
    ],
)
def test_passes_text_below_the_limits(path: str, text: str) -> None:
    assert odd(path, text) == ()


_TRICKY = st.text(st.sampled_from("a1\u2764\U0001f600\U0001f3fd\ufe0f\ufe0e\u200d\u200b\u202e\ufeff\0\n\u05d0"))


@given(st.one_of(st.text(), _TRICKY))
def test_stripped_text_hides_nothing(text: str) -> None:
    assert hidden(strip_hidden(text)) is None


@given(st.one_of(st.text(), _TRICKY))
def test_what_hides_nothing_is_left_alone(text: str) -> None:
    if hidden(text) is None:
        assert strip_hidden(text).removeprefix("\ufeff") == text.removeprefix("\ufeff")
