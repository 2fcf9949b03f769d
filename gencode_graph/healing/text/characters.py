"""Characters that nobody sees, or that stand for others: out of code they go."""

from __future__ import annotations

import re

from gencode_graph.healing.patient import Patient
from gencode_graph.healing.reading import first_problem
from gencode_graph.types import Finding
from gencode_graph.validation.kinds import CODE, kind_of

_UNSEEN = re.compile(
    "[\u200b-\u200f\u202a-\u202e\u2060-\u2064\u2066-\u2069\ufeff\u00ad\u0000-\u0008\u000b\u000e-\u001f]"
)
_TWINS = str.maketrans(
    {
        "\u00a0": " ", "\u2007": " ", "\u202f": " ", "\u3000": " ", "\u201c": '"', "\u201d": '"', "\u201e": '"',
        "\u2018": "'", "\u2019": "'", "\u2032": "'", "\u00ab": '"', "\u00bb": '"', "\u2013": "-", "\u2014": "-",
        "\u2212": "-", "\uff08": "(", "\uff09": ")", "\uff1a": ":", "\uff0c": ",", "\uff1b": ";", "\uff1d": "=",
        "\u037e": ";", "\u2260": "!=", "\u2264": "<=", "\u2265": ">=", "\u2192": "->",
    }
)  # fmt: skip
_LOOKALIKES = str.maketrans(
    "аеорсхуіјѕһԁԛԝАВЕКМНОРСТХУІЈЅοαρνικυτΑΒΕΖΗΙΚΜΝΟΡΤΥΧ", "aeopcxyijshdqwABEKMHOPCTXYIJSoapvikutABEZHIKMNOPTYX"
)


def unseen_characters(finding: Finding, patient: Patient) -> dict[str, str | None]:
    """The file without marks of order and width; where it still cannot be read, with plain quotes and blanks."""
    path = finding.path or ""
    text = patient.files.get(path, "")
    if kind_of(path) not in (*CODE, "json", "jsonc", "yaml", "toml") or text.isascii() or not patient.treatable(path):
        return {}
    bare = _UNSEEN.sub("", text)
    if finding.rule == "text/lookalike":
        return {path: re.sub(r"[^\W\d]\w*", _in_latin, bare)}
    if first_problem(path, text) is not None and first_problem(path, bare) is not None:
        bare = bare.translate(_TWINS)
    return {path: bare} if bare != text else {}


def _in_latin(word: re.Match[str]) -> str:
    latin = word[0].translate(_LOOKALIKES)
    return latin if latin.isascii() and not word[0].isascii() else word[0]
