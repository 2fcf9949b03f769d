"""A field as the backend keeps it: its Python type, its limits and its default, for models and contract alike."""

from __future__ import annotations

import keyword
import re
from dataclasses import dataclass
from math import ceil, floor
from typing import Any

from gencode_graph.spec import FieldSpec, Option

TEXT = frozenset({"string", "text", "email", "url", "phone", "image"})
NUMBERS = frozenset({"integer", "decimal", "money", "rating"})
MAX_LENGTH = {"string": 140, "text": 5000}
MAX_INT = 2**31 - 1
MAX_FLOAT = 1e12

# Regular expressions that Python, Rust and JavaScript read alike. PostgreSQL refuses NUL.
VISIBLE = r"^[^\x00]*[^\x00\s][^\x00]*$"
NO_NUL = r"^[^\x00]*$"
FORMATS = {
    "email": r"[A-Za-z0-9._%+-]+@[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)+",
    "url": r"https?://[^\s\x00]+",
    "phone": r"[+(]?[0-9][0-9 ()./-]{2,38}",
}
_PYTHON = {
    "integer": "int", "rating": "int", "decimal": "float", "money": "float", "boolean": "bool",
    "date": "date", "datetime": "datetime",
}  # fmt: skip


def member(value: str) -> str:
    """The member of a StrEnum for an option: its value, with ``_`` where Python or ``str`` has another use for it."""
    return f"{value}_" if keyword.iskeyword(value) or value in {"l", "name", "value", "mro", *dir(str)} else value


@dataclass(frozen=True)
class EnumView:
    """An enum field as a type of its own."""

    cls: str
    field: FieldSpec

    @property
    def options(self) -> tuple[Option, ...]:
        return self.field.options

    @property
    def default(self) -> str:
        return str(self.field.default or self.field.options[0].value)


@dataclass(frozen=True, kw_only=True)
class Column:
    """A field with everything that follows from its type."""

    spec: FieldSpec
    alias: str
    """The name of its Python type where it has one of its own: ``IssueTitle``, or the enum ``IssueStatus``."""

    @property
    def name(self) -> str:
        return self.spec.name

    @property
    def type(self) -> str:
        return self.spec.type

    @property
    def is_text(self) -> bool:
        return self.spec.type in TEXT

    @property
    def is_number(self) -> bool:
        return self.spec.type in NUMBERS

    @property
    def is_time(self) -> bool:
        return self.spec.type in ("date", "datetime")

    @property
    def python(self) -> str:
        """The type of a stored value, without null."""
        if self.spec.type == "enum":
            return self.alias
        return "str" if self.is_text else _PYTHON[self.spec.type]

    @property
    def nullable(self) -> bool:
        fixed = self.is_text or self.spec.type in ("enum", "boolean")
        return not (fixed or self.spec.required or self.spec.default is not None)

    @property
    def must(self) -> bool:
        """Whether it has to be given on creation."""
        return self.spec.required and self.spec.default is None and self.spec.type not in ("enum", "boolean")

    @property
    def default(self) -> str | int | float | bool | None:
        """What it is on creation when left out; of no meaning where ``must``."""
        given = self.spec.default
        match self.spec.type:
            case "enum":
                return str(given or self.spec.options[0].value)
            case "boolean":
                return bool(given)
            case "integer" | "rating":
                return None if given is None else int(given)
            case "decimal" | "money":
                return None if given is None else float(given)
        if given is None:
            return "" if self.is_text else None
        return str(given)

    @property
    def max_length(self) -> int:
        return self.spec.max_length or MAX_LENGTH.get(self.spec.type, 500)

    @property
    def blank(self) -> bool:
        """Text that may be empty."""
        return self.is_text and not self.spec.required

    @property
    def pattern(self) -> str:
        """Of text: what it has to match as a whole."""
        core = _bare(self.spec.pattern) if self.spec.pattern else FORMATS.get(self.spec.type)
        if core is None:
            return NO_NUL if self.blank else VISIBLE
        if self.blank:
            return f"^({core})?$"
        return f"^({core})$" if "|" in core else f"^{core}$"

    @property
    def pattern_name(self) -> str:
        """The name of a pattern that several fields share: ``VISIBLE``, ``EMAIL_OR_BLANK``; empty for its own."""
        if self.spec.pattern:
            return ""
        if self.spec.type in FORMATS:
            return self.spec.type.upper() + ("_OR_BLANK" if self.blank else "")
        return "NO_NUL" if self.blank else "VISIBLE"

    @property
    def trimmed(self) -> bool:
        """Text without a form of its own loses white space at its ends."""
        return self.is_text and self.pattern in (NO_NUL, VISIBLE)

    @property
    def bounds(self) -> tuple[float, float]:
        """Of a number: the smallest and the greatest value, both allowed."""
        low, high = self.spec.min, self.spec.max
        if self.spec.type == "rating":
            low, high = 1 if low is None else low, 5 if high is None else high
        if self.python == "int":
            return (-MAX_INT if low is None else ceil(low), MAX_INT if high is None else floor(high))
        return (-MAX_FLOAT if low is None else low, MAX_FLOAT if high is None else high)

    @property
    def limits(self) -> tuple[float, ...]:
        """The bound that applies where the spec sets none."""
        return (MAX_INT,) if self.python == "int" else (MAX_FLOAT,)

    @property
    def big(self) -> bool:
        """A whole number that needs more than 32 bits."""
        return self.python == "int" and any(abs(bound) > MAX_INT for bound in self.bounds)

    @property
    def schema(self) -> dict[str, Any]:
        """What the contract says of a written value, without title, null and default."""
        if self.spec.type == "enum":
            return {"$ref": f"#/components/schemas/{self.alias}"}
        if self.is_text:
            length: dict[str, Any] = {"maxLength": self.max_length} | ({} if self.blank else {"minLength": 1})
            return {"type": "string", **length, "pattern": self.pattern}
        if self.is_number:
            low, high = self.bounds
            return {**self.read_schema, "minimum": low, "maximum": high}
        return self.read_schema

    @property
    def read_schema(self) -> dict[str, Any]:
        """What the contract says of a value read, without title and null."""
        match self.python:
            case "int":
                return {"type": "integer"}
            case "float":
                return {"type": "number"}
            case "bool":
                return {"type": "boolean"}
            case "date":
                return {"type": "string", "format": "date"}
            case "datetime":
                return {"type": "string", "format": "date-time"}
            case "str":
                return {"type": "string"}
        return {"$ref": f"#/components/schemas/{self.alias}"}


def _bare(pattern: str) -> str:
    """A pattern without its anchors, which are implied, and without NUL, which no database takes."""
    core = pattern.removeprefix("^")
    core = core if core.endswith(r"\$") else core.removesuffix("$")
    parts = _TOKEN.findall(core)
    inside, found = False, []
    for part in parts:
        found.append(part if inside or part not in _ANYTHING else _ANYTHING[part])
        inside = part in ("[", "[^") or (inside and part != "]")
    return "".join(found)


_TOKEN = re.compile(r"\\.|\[\^?|.", re.DOTALL)
_ANYTHING = {".": r"[^\x00]", "[^": r"[^\x00", r"\S": r"[^\s\x00]", r"\W": r"[^\w\x00]", r"\D": r"[^\d\x00]"}
