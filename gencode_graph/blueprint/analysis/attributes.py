"""What a field is, judged by its name: ``due date`` -> a date, ``price`` -> money, ``skill level`` -> choices."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path

from gencode_graph.blueprint.analysis import notation
from gencode_graph.blueprint.analysis.knowledge import read
from gencode_graph.spec import FieldSpec
from gencode_graph.spec_names import FIELD_WORDS

_FILE = Path(__file__).with_name("attributes.yaml")


@cache
def _rules() -> tuple[tuple[re.Pattern[str], str], ...]:
    return tuple((re.compile(str(rule["says"])), str(rule["field"])) for rule in read(_FILE)["rules"])


def known(phrase: str) -> bool:
    """Whether a phrase is the name of a property rather than of a thing."""
    return any(pattern.fullmatch(phrase) for pattern, _ in _rules())


def field_name(phrase: str) -> str:
    """``Due date`` -> ``due_date``; reserved names get a word in front."""
    name = re.sub(r"[^a-z0-9]+", "_", phrase.lower()).strip("_")[:36]
    if not name or not name[0].isalpha():
        name = f"no_{name}".strip("_")
    return f"{name}_text" if name in FIELD_WORDS else name


def infer(phrase: str, *, required: bool = False) -> FieldSpec:
    """The field that a phrase of a request stands for; plain text where nothing else is known."""
    name = {"date": "on_date", "time": "at_time", "type": "kind", "id": "code", "format": "file_format"}.get(
        phrase, field_name(phrase)
    )
    label = notation.sentence(field_name(phrase) if name != "code" else "code").removesuffix(" text")
    text = next((text for pattern, text in _rules() if pattern.fullmatch(phrase)), "string max_length=140")
    text = text.replace("{label}", label)
    kind, _, rest = text.partition(" ")
    made = notation.field(name, f"{kind}{'!' if required else ''} {rest}")
    return made if "label=" in text else made.model_copy(update={"label": label[:60]})
