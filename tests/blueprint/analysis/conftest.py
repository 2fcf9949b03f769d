"""The prompts that the analyst is judged by, read where they lie."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest

CASES = Path(os.environ.get("GENCODE_CASES", Path(__file__).resolve().parents[3].parent / "shared" / "cases"))


@pytest.fixture(scope="session")
def prompts() -> dict[str, str]:
    """Id -> prompt."""
    files = sorted((CASES / "requests").glob("*.json"))
    if not files:
        pytest.skip(f"there are no requests in {CASES}; set GENCODE_CASES to the folder of the cases")
    return {case["id"]: case["prompt"].strip() for file in files for case in json.loads(file.read_text())}
