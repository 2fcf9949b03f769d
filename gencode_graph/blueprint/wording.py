"""Words in the pages: labels of a spec as nouns, and as literals of TypeScript and JSX."""

from __future__ import annotations

import json
import re

_PLAIN = re.compile(r"[^\"\\&{}<>\n\r\t/]+")
_MEANT = """
abstract any arguments as async await boolean break case catch class const continue debugger declare default delete do
document else enum error eval event export extends false finally for form from function get history if implements import
in instanceof interface let location map module name namespace navigate new null number object of onsaved open options
package page preset private protected public query record require result return route row search self set static status
string super switch symbol this throw toast true try type typeof undefined update user var void while window with yield
data dialog columns create remove items item id key value values label z api change menu filter sort client found move
"""
_RESERVED = frozenset(_MEANT.split())


def quote(text: str) -> str:
    """A TypeScript string literal; ``${`` is escaped, for linters."""
    return json.dumps(text, ensure_ascii=False).replace("${", "\\u0024{")


def attr(text: str) -> str:
    """The value of a JSX attribute, braced only where it has to be."""
    return f'"{text}"' if _PLAIN.fullmatch(text) else "{" + quote(text) + "}"


def jsx(text: str) -> str:
    """Text between JSX tags, braced only where it has to be."""
    return text if _PLAIN.fullmatch(text) and text == text.strip() else "{" + quote(text) + "}"


def template(text: str) -> str:
    """Text inside a template literal."""
    return text.replace("\\", "\\\\").replace("`", "\\`").replace("${", "\\${")


def local(name: str) -> str:
    """A variable for a record: ``issue``; names that mean something else get a suffix (``classRecord``)."""
    return f"{name}Record" if name.lower() in _RESERVED else name


def regex(pattern: str) -> str:
    """A pattern that Python and JavaScript read alike, as a regular expression literal."""
    return "/" + re.sub(r"\\(.)|/", lambda found: found[0] if found[1] else "\\/", pattern.replace(r"\x00", "")) + "/"


def literal(value: str | int | float | bool) -> str:
    """A value as TypeScript; whole numbers without ``.0``."""
    return json.dumps(int(value) if isinstance(value, float) and value.is_integer() else value, ensure_ascii=False)
