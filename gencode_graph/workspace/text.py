"""What may stand inside a file: refused characters, binary types by extension and magic, and what looks odd."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache
from itertools import accumulate

from gencode_graph.errors import PathError
from gencode_graph.types import Finding

LINE_LENGTH = 20_000
"""Characters of a line beyond which a text is taken for minified."""
LINES = 10_000
NESTING = 200
"""Open brackets beyond which parsers get into trouble."""
LONG_FILES = ("package-lock.json", "schema.d.ts")
"""Made by tools and long by nature."""

_MAGIC: dict[str, tuple[bytes, ...]] = {
    ".png": (b"\x89PNG\r\n\x1a\n",),
    ".jpg": (b"\xff\xd8\xff",),
    ".jpeg": (b"\xff\xd8\xff",),
    ".gif": (b"GIF87a", b"GIF89a"),
    ".webp": (b"RIFF",),
    ".ico": (b"\x00\x00\x01\x00",),
    ".woff": (b"wOFF",),
    ".woff2": (b"wOF2",),
    ".ttf": (b"\x00\x01\x00\x00", b"true"),
    ".otf": (b"OTTO",),
    ".pdf": (b"%PDF-",),
}
_BIDI = "\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069"
_INVISIBLE = (
    "\u00ad\u034f\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200d\u2028\u2029\u2060-\u2065\u206a-\u206f\u3164"
    "\ufe00-\ufe0f\ufeff\uffa0\ufff9-\ufffb\U0001bca0-\U0001bca3\U0001d173-\U0001d17a\U000e0000-\U000e0fff"
)
_CONTROL = "\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f"
_SUSPECT = re.compile(f"[{_BIDI}{_INVISIBLE}{_CONTROL}]")
_EMOJI = re.compile("[\ufe0e\ufe0f\u200d]")
"""Parts of ordinary emoji: harmless one at a time behind a symbol."""
_SELECTABLE = "#*0123456789\u203c\u2049\u00a9\u00ae"
_WORD = re.compile(r"[^\W\d]\w*")
_LOOKALIKES = ("CYRILLIC", "GREEK", "ARMENIAN", "CHEROKEE")


def check_content(path: str, content: str | bytes) -> bytes:
    """The bytes to store; ``PathError`` for text that hides something and for binary files of no known kind."""
    suffix = path[path.rfind(".") :].lower() if "." in path else ""
    if suffix in _MAGIC:
        data = content.encode("utf-8", "surrogatepass") if isinstance(content, str) else content
        if not data.startswith(_MAGIC[suffix]) or (suffix == ".webp" and data[8:12] != b"WEBP"):
            raise _refused(path, "magic", f"does not start as a {suffix} file does")
        return data
    try:
        text = content if isinstance(content, str) else content.decode("utf-8")
        data = text.encode("utf-8")
    except UnicodeError:
        raise _refused(path, "encoding", "is not UTF-8 text, nor a binary file of a known kind") from None
    if problem := hidden(text):
        raise _refused(path, *problem)
    return data


def hidden(text: str) -> tuple[str, str] | None:
    """The first character that a reader would not see or that acts on a terminal: rule and explanation."""
    if text.isascii() and text.isprintable():
        return None
    for match in _SUSPECT.finditer(text):
        at, character = match.start(), match.group()
        if (at == 0 and character == "\ufeff") or _in_emoji(text, at):
            continue
        line = text.count("\n", 0, at) + 1
        if re.match(f"[{_BIDI}]", character):
            return "bidi", f"has the text direction character U+{ord(character):04X} in line {line}"
        if re.match(f"[{_CONTROL}]", character):
            return "control", f"has the control character U+{ord(character):04X} in line {line}"
        return "invisible", f"has the invisible character U+{ord(character):04X} in line {line}"
    return None


def strip_hidden(text: str) -> str:
    """The text without what :func:`hidden` finds: for a request, a prompt or a log."""
    return _SUSPECT.sub(lambda match: match.group() if _in_emoji(text, match.start()) else "", text)


def odd(path: str, text: str) -> tuple[Finding, ...]:
    """What is allowed but deserves a look: words that mix alphabets, minified or deeply nested text."""
    found = []
    lines = text.split("\n")
    for number, line in enumerate(lines, start=1):
        if len(line) > LINE_LENGTH:
            found.append(_odd("long-line", f"a line of {len(line)} characters", path, number))
        if not line.isascii() and (word := _mixed_word(line)):
            shown = word.encode("ascii", "backslashreplace").decode()
            found.append(_odd("mixed-script", f"the word {shown} mixes alphabets that look alike", path, number))
    if len(lines) > LINES and not path.endswith(LONG_FILES):
        found.append(_odd("many-lines", f"{len(lines)} lines", path, None))
    steps = ((character in "([{") - (character in ")]}") for character in re.sub(r"[^()\[\]{}]", "", text))
    if max(accumulate(steps), default=0) > NESTING:
        found.append(_odd("nesting", f"brackets nested deeper than {NESTING}", path, None))
    return tuple(found)


def _in_emoji(text: str, at: int) -> bool:
    """Whether a joiner or variation selector follows a symbol, as in ordinary emoji."""
    if not at or not _EMOJI.match(text[at]):
        return False
    before = text[at - 1]
    category = unicodedata.category(before)
    if text[at] != "\u200d":
        return category in ("So", "Sk", "Sm") or before in _SELECTABLE
    joins = category in ("So", "Sk") or (before == "\ufe0f" and _in_emoji(text, at - 1))
    return joins and at + 1 < len(text) and unicodedata.category(text[at + 1]) == "So"


def _mixed_word(line: str) -> str | None:
    for word in _WORD.findall(line):
        scripts = {_script(letter) for letter in word if not letter.isascii() and letter.isalpha()}
        latin = "LATIN" in scripts or any(letter.isascii() and letter.isalpha() for letter in word)
        alike = scripts.intersection(_LOOKALIKES)
        if len(alike) > 1 or (alike and latin):
            return str(word)
    return None


@lru_cache(maxsize=4096)
def _script(letter: str) -> str:
    return unicodedata.name(letter, "?").split()[0]


def _odd(rule: str, message: str, path: str, line: int | None) -> Finding:
    return Finding(rule=f"text/{rule}", message=message, severity="warning", path=path, line=line)


def _refused(path: str, rule: str, why: str) -> PathError:
    message = f"the file {path!a} {why} (rule text/{rule}); leave it out"
    return PathError(message, rule=f"text/{rule}", path=ascii(path)[1:-1])
