"""``gencode images``: what is said of images, and of what cannot be built."""

from __future__ import annotations

import json
import re
from datetime import UTC, datetime, timedelta

import pytest
from typer.testing import CliRunner, Result

from gencode_graph.cli.app import app
from gencode_graph.cli.images import age
from gencode_graph.sandbox.image_recipes import names


def gencode(*words: str) -> Result:
    return CliRunner().invoke(app, ["images", *words])


@pytest.mark.parametrize(
    ("words", "status", "message"),
    [
        (("build", "cobol"), 2, "no image 'cobol'; known: app, .*python"),
        (("build", "app", "--ca", "/nowhere"), 2, "--ca /nowhere is not a folder"),
        (("build", "app"), 3, "Docker does not answer; .*start"),
        (("ls",), 3, "Docker does not answer; .*start"),
    ],
    ids=["unknown", "no folder", "build without Docker", "list without Docker"],
)
def test_what_cannot_be_done_is_explained(
    words: tuple[str, ...], status: int, message: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DOCKER_HOST", "unix:///nowhere")
    ran = gencode(*words)
    assert (ran.exit_code, ran.stdout) == (status, "")
    assert re.search(message, ran.stderr)


def test_the_help_teaches_by_examples() -> None:
    assert "gencode images build app" in gencode("build", "--help").stdout


@pytest.mark.parametrize(
    ("seconds", "told"), [(5, "now"), (61, "1 minute"), (7300, "2 hours"), (3 * 86_400 + 5, "3 days")]
)
def test_an_age_is_told_in_its_largest_unit(seconds: int, told: str) -> None:
    then = datetime.now(UTC) - timedelta(seconds=seconds)
    assert age(f"{then:%Y-%m-%dT%H:%M:%S}.123456789Z") == told


@pytest.mark.docker
@pytest.mark.slow
def test_images_are_listed_with_what_is_in_them() -> None:
    listed = {it["name"]: it for it in json.loads(gencode("ls", "--json").stdout)}
    assert sorted(listed) == list(names())
    assert listed["app"]["state"] in ("fresh", "stale")
    assert "Node.js" in listed["app"]["holds"]
    assert listed["app"]["size"] > 500_000_000
    assert re.search(r"app +\w+ +[\d,]+ MB", gencode("ls").stdout)


@pytest.mark.docker
@pytest.mark.slow
def test_what_is_up_to_date_is_not_built_again() -> None:
    if json.loads(gencode("ls", "--json").stdout)[0]["state"] == "fresh":
        ran = gencode("build", "app")
        assert ran.exit_code == 0
        assert "app: up to date" in ran.stderr
