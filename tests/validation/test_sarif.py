"""The SARIF document has the structure that SARIF 2.1.0 asks for."""

from __future__ import annotations

import json
from typing import Any

from jsonschema import Draft7Validator

from gencode_graph.types import Finding
from gencode_graph.validation.sarif import sarif

MESSAGE = {"type": "object", "required": ["text"], "properties": {"text": {"type": "string", "minLength": 1}}}
LOCATION = {
    "type": "object",
    "required": ["physicalLocation"],
    "properties": {
        "physicalLocation": {
            "type": "object",
            "required": ["artifactLocation"],
            "properties": {
                "artifactLocation": {
                    "type": "object",
                    "required": ["uri"],
                    "properties": {"uri": {"type": "string", "pattern": "^[^ \\\\]+$"}},
                },
                "region": {"type": "object", "properties": {"startLine": {"type": "integer", "minimum": 1}}},
            },
            "additionalProperties": False,
        }
    },
}
RESULT = {
    "type": "object",
    "required": ["message"],
    "properties": {
        "ruleId": {"type": "string"},
        "ruleIndex": {"type": "integer", "minimum": -1},
        "level": {"enum": ["none", "note", "warning", "error"]},
        "message": MESSAGE,
        "locations": {"type": "array", "items": LOCATION},
        "partialFingerprints": {"type": "object", "additionalProperties": {"type": "string"}},
    },
    "additionalProperties": False,
}
DRIVER = {
    "type": "object",
    "required": ["name"],
    "properties": {"rules": {"type": "array", "uniqueItems": True, "items": {"type": "object", "required": ["id"]}}},
}
SCHEMA: dict[str, Any] = {
    "type": "object",
    "required": ["version", "runs"],
    "properties": {
        "$schema": {"type": "string", "format": "uri"},
        "version": {"enum": ["2.1.0"]},
        "runs": {
            "type": "array",
            "items": {
                "type": "object",
                "required": ["tool"],
                "properties": {
                    "tool": {"type": "object", "required": ["driver"], "properties": {"driver": DRIVER}},
                    "columnKind": {"enum": ["utf16CodeUnits", "unicodeCodePoints"]},
                    "results": {"type": "array", "items": RESULT},
                },
            },
        },
    },
    "additionalProperties": False,
}
"""What the standard requires of the parts that are used."""
FINDINGS = [
    Finding(rule="syntax/ts", message="no", path="frontend/src/a b.ts", line=3, hint="yes"),
    Finding(rule="syntax/ts", message="no", severity="note", path="a.ts", line=0),
    Finding(rule="contract/differs", message="no", severity="warning"),
]


def test_the_document_is_as_the_standard_asks() -> None:
    document = json.loads(json.dumps(sarif(FINDINGS)))
    assert [error.message for error in Draft7Validator(SCHEMA).iter_errors(document)] == []


def test_each_finding_is_a_result_at_its_place() -> None:
    (run,) = sarif(FINDINGS)["runs"]
    rules = [rule["id"] for rule in run["tool"]["driver"]["rules"]]
    assert rules == ["syntax/ts", "contract/differs"]
    assert [rules[result["ruleIndex"]] for result in run["results"]] == [f.rule for f in FINDINGS]
    first, second, third = run["results"]
    assert first["message"]["text"] == "no (yes)"
    assert first["locations"][0]["physicalLocation"] == {
        "artifactLocation": {"uri": "frontend/src/a%20b.ts"},
        "region": {"startLine": 3},
    }
    assert "region" not in second["locations"][0]["physicalLocation"]
    assert "locations" not in third


def test_nothing_found_is_a_document_too() -> None:
    assert sarif([])["runs"][0]["results"] == []
