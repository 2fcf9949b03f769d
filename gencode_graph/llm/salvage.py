"""A JSON value out of whatever a model sent: in a fence or in prose, badly written, cut off."""

from __future__ import annotations

import ast
import json
import re
from collections.abc import Iterable
from typing import Any

_FENCED = re.compile(r"```[ \t]*(?:json\w*|javascript|js)?[ \t]*\n?(.*?)(?:```|\Z)", re.DOTALL | re.IGNORECASE)
_WRAPPED = re.compile(r"\A\s*\[([A-Z]{2,20})\](.*?)(?:\[/\1\]?\s*)?\Z", re.DOTALL)
_CALLED = re.compile(r"\A\s*[A-Za-z_$][\w$.]*\s*\((.*)\)\s*;?\s*\Z", re.DOTALL)
_TOKEN = re.compile(
    r"(?P<string>\"(?:[^\"\\]|\\.)*\"|'(?:[^'\\]|\\.)*'|[“”](?:[^“”\\]|\\.)*[“”]|[‘’](?:[^‘’\\]|\\.)*[‘’]|`(?:[^`´\\]|\\.)*[`´])"
    r"|(?P<note>//[^\n]*|/\*.*?\*/)|(?P<dots>\.\.\.)|(?P<mark>[{}\[\]:,+()])|(?P<word>[^\s{}\[\]:,+()\"'“”‘’`]+)|(?P<space>\s+)|(?P<odd>.)",
    re.DOTALL,
)
_NUMBER = re.compile(r"[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d*)?\Z")
_LEADING = re.compile(r"-?0\d")
_WORDS = {
    "true": "true", "True": "true", "TRUE": "true", "false": "false", "False": "false", "FALSE": "false",
    "null": "null", "None": "null", "NULL": "null", "Null": "null", "undefined": "null", "NaN": "null",
}  # fmt: skip
_ESCAPE = re.compile(r"\\(u[0-9a-fA-F]{4}|\r?\n|.)", re.DOTALL)
_PLAIN = {"n": "\n", "t": "\t", "r": "\r", "b": "\b", "f": "\f", "\n": "\n", "\r\n": "\n"}
_EXTENT = 2_000_000
"""Characters of a text that are looked at."""

_DEEPEST = 100
_GUESSED = 60_000
"""Characters of a text that is guessed at."""


def salvage(text: str) -> Any:
    """The JSON value that a text is or holds; ``ValueError`` when there is none.

    Strict JSON first, then one value on each line, then what a fence or brackets hold, then JSON put right token by
    token, and only then a guess at the rest.
    """
    value = _read(text[:_EXTENT].removeprefix("\ufeff"))
    if _deep(value):
        raise ValueError(f"a JSON value that is nested deeper than {_DEEPEST}")
    return value


class _TwiceError(ValueError):
    """One key with two values: nobody can say which is meant."""


def _read(text: str) -> Any:
    for candidate in _candidates(text):
        for read in (_strict, _put_right):
            try:
                return read(candidate)
            except _TwiceError:
                raise
            except (ValueError, RecursionError):
                continue
    return _guessed(text)


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) < len(pairs):
        raise _TwiceError("a key is given twice in one JSON object")
    return found


def _no_constant(word: str) -> Any:
    raise ValueError(f"{word} is no JSON value")


def _deep(value: Any) -> bool:
    """Whether a value is nested deeper than anything that is asked for."""
    level = [value]
    for _ in range(_DEEPEST):
        level = [inner for one in level if isinstance(one, (list, dict)) for inner in _inside(one)]
        if not level:
            return False
    return True


def _inside(value: list[Any] | dict[str, Any]) -> Iterable[Any]:
    return value.values() if isinstance(value, dict) else value


def _candidates(text: str) -> list[str]:
    """The text, and the parts of it that may be JSON by themselves, the likeliest first."""
    found = [text]
    if (wrapped := _WRAPPED.match(text)) is not None:
        found.insert(0, wrapped[2])
    fenced = [match[1] for match in _FENCED.finditer(text)] if "```" in text else []
    if len(fenced) == 1:
        found.insert(0, fenced[0])
    if (called := _CALLED.match(text)) is not None:
        found.append(called[1])
    begin = re.search(r"[{\[]", text)
    end = max(text.rfind("}"), text.rfind("]"))
    if begin is not None and end > begin.start() and not fenced:
        found.append(text[begin.start() : end + 1])
    return found


def _strict(text: str) -> Any:
    try:
        return json.loads(text, strict=False, object_pairs_hook=_once, parse_constant=_no_constant)
    except _TwiceError:
        raise
    except ValueError:
        lines = [line for line in text.split("\n") if line.strip()]
        if len(lines) < 2:
            raise
        return [json.loads(line, object_pairs_hook=_once, parse_constant=_no_constant) for line in lines]


def _put_right(text: str) -> Any:
    """What the text means when its tokens are written as JSON writes them; an error when brackets do not fit."""
    if "```" in text and text.lstrip()[:1] not in ("{", "["):
        raise ValueError("prose with a fence")
    tokens = [(match.lastgroup, match[0]) for match in _TOKEN.finditer(text)]
    written: list[str] = []
    for kind, token in tokens:
        if written and written[-1].startswith("~") and kind == "mark":
            written[-1] = written[-1][1:]
        if kind == "string":
            joined = len(written) > 1 and written[-1] == "+" and written[-2].startswith('"')
            value = _meaning(token)
            if joined:
                value = json.loads(written[-2]) + value
                del written[-2:]
            written += _separated(written, json.dumps(value))
        elif kind == "word":
            written += _separated(written, _word(token))
        elif kind == "mark":
            _mark(written, token)
        elif kind == "odd":
            raise ValueError("a character that no token starts with")
    if written and written[-1].startswith("~"):
        written[-1] = written[-1][1:]
    if written and written[0][0] not in "{[" and "," in written:
        written = ["[", *(written[:-1] if written[-1] == "," else written), "]"]
        if len(written) == 3:
            written = written[1:2]
    return json.loads("".join(written))


def _mark(written: list[str], token: str) -> None:
    if token in "}]" and written and written[-1] == ",":
        written.pop()
    if token in "}," and written and written[-1] == ":":
        written.append("null")
    if token == "," and written and written[-1] in (",", "[", "{"):
        return
    if token in "()":
        _bracket(written, token)
    elif token in "{[":
        written += _separated(written, token)
    else:
        written.append(token)


def _bracket(written: list[str], token: str) -> None:
    """A call's brackets go with its name; those of a tuple cannot be told from them and end the attempt."""
    name = json.loads(written[-1]) if written and written[-1].startswith('"') else None
    if token == "(" and isinstance(name, str) and name.isidentifier():
        written.pop()
    elif token == "(":
        raise ValueError("a bracket that no call opens")


def _separated(written: list[str], token: str) -> list[str]:
    """The token, with the comma or colon before it that is missing."""
    if not written or written[-1] in ("{", "[", ",", ":", "+"):
        return [token]
    if not _ends(written[-1]) or not _ends(token):
        raise ValueError("a word where a comma is missing is rather part of a text")
    colon = written[-1].startswith('"') and len(written) > 1 and written[-2] in ("{", ",") and _in_object(written)
    return [":" if colon else ",", token]


def _ends(token: str) -> bool:
    """Whether a token is no bare word."""
    return not token.startswith("~")


def _in_object(written: list[str]) -> bool:
    depth = 0
    for token in reversed(written[-200:]):
        depth += (token in ("}", "]")) - (token in ("{", "["))
        if depth < 0:
            return token == "{"
    return False


def _word(token: str) -> str:
    token = re.sub(r"(?<=\d)_(?=\d)", "", token)
    if token in _WORDS:
        return _WORDS[token]
    if _NUMBER.match(token) and not _LEADING.match(token) and any(character.isdigit() for character in token):
        bare = re.sub(r"[eE][+-]?\Z", "", token.lstrip("+"))
        return repr(float(bare)) if bare != token or not re.fullmatch(r"-?\d+", bare) else bare
    if token.isidentifier() or re.fullmatch(r"[\w$.-]+", token):
        return f"~{json.dumps(token)}"
    raise ValueError("a word that is no value")


def _meaning(token: str) -> str:
    """The text of a string in any quotes."""
    if token[0] in "`´" and "\n" in token:
        return token[1:-1]

    def one(match: re.Match[str]) -> str:
        code = match[1]
        return chr(int(code[1:], 16)) if code[0] == "u" and len(code) == 5 else _PLAIN.get(code, code)

    text = _ESCAPE.sub(one, token[1:-1])
    return text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")


def _guessed(text: str) -> Any:
    if (wrapped := _WRAPPED.match(text)) is not None:
        text = wrapped[2]
    fenced = [match[1] for match in _FENCED.finditer(text)] if "```" in text else []
    if len(fenced) == 1 and re.search(r"[{\[]", fenced[0]):
        text = fenced[0]
    bare = text.strip()
    if (
        len(bare) > 1
        and not bare.startswith("```")
        and bare[0] in "\"'`"
        and not any(bracket in bare for bracket in "{[")
    ):
        return bare[1:].rstrip("\"'`")
    if not any(bracket in text for bracket in "{[("):
        raise ValueError("no JSON value in the text")
    try:
        value = ast.literal_eval(text.strip())
        if isinstance(value, dict | list):
            return json.loads(json.dumps(value))
    except (ValueError, SyntaxError, TypeError, RecursionError, MemoryError):
        pass
    if _nesting(text[:_GUESSED]) > _DEEPEST:
        raise ValueError(f"no JSON value in the text that is nested at most {_DEEPEST} deep")
    import json_repair

    try:
        value = json_repair.loads(text[:_GUESSED])
    except (ValueError, RecursionError, IndexError, TypeError, AttributeError) as error:
        raise ValueError("no JSON value in the text") from error
    if value == "":
        raise ValueError("no JSON value in the text")
    return value


def _nesting(text: str) -> int:
    """How many brackets are open at once, strings not told apart."""
    depth = deepest = 0
    for match in re.finditer(r"[][{}()]", text):
        depth = depth + 1 if match[0] in "[{(" else max(0, depth - 1)
        deepest = max(deepest, depth)
    return deepest
