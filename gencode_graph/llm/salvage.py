"""A JSON value out of whatever a model sent."""

from __future__ import annotations

import json
import re
from typing import Any

_FENCED = re.compile(r"```(?:json)?[^\n]*\n(.*?)(?:\n```|\Z)", re.DOTALL)


def salvage(text: str) -> Any:
    """The JSON value that a text is or holds; ``ValueError`` when there is none."""
    for candidate in (text, *_FENCED.findall(text)):
        try:
            return json.loads(candidate)
        except ValueError:
            continue
    decoder = json.JSONDecoder()
    for match in re.finditer(r"[{\[]", text):
        try:
            return decoder.raw_decode(text, match.start())[0]
        except ValueError:
            continue
    raise ValueError("no JSON value in the text")
