"""``gencode-wire`` as another process uses it."""

from __future__ import annotations

import json
import re
import signal
import subprocess
import sys
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from http.client import HTTPException
from pathlib import Path

import pytest

from gencode_graph.testing import Wire
from gencode_graph.testing.wire import FAULTS, read_log

pytestmark = pytest.mark.slow

COMMAND = [sys.executable, "-m", "gencode_graph.cli.wire"]
SCRIPT = """
rules:
  - {agent: derek, fault: 429, times: 1}
  - {reply: Said.}
"""


def run(*options: str, seconds: float = 20) -> subprocess.CompletedProcess[str]:
    return subprocess.run([*COMMAND, *options], capture_output=True, text=True, timeout=seconds, check=False)


@contextmanager
def serving(*options: str) -> Iterator[tuple[subprocess.Popen[str], dict[str, str]]]:
    """The running command, and what it told a shell to export."""
    process = subprocess.Popen([*COMMAND, *options], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    try:
        assert process.stdout is not None
        lines = [process.stdout.readline() for _ in range(4)]
        yield process, dict(re.findall(r"^export (\w+)=(.*)$", "".join(lines), re.MULTILINE))
    finally:
        process.kill()
        process.communicate()


def ask(base: str, system: str = "") -> int:
    """The status of an answer."""
    body = {"model": "m", "messages": [{"role": "system", "content": system}, {"role": "user", "content": "Hi"}]}
    request = urllib.request.Request(
        f"{base}/chat/completions", json.dumps(body).encode(), {"Content-Type": "application/json"}
    )
    try:
        with urllib.request.urlopen(request, timeout=1) as answer:
            return int(answer.status)
    except urllib.error.HTTPError as error:
        with error:
            return error.code


@pytest.mark.parametrize("ending", [signal.SIGINT, signal.SIGTERM])
def test_it_serves_a_script_until_a_signal_and_keeps_what_was_asked(ending: int, tmp_path: Path) -> None:
    script, log = tmp_path / "script.yaml", tmp_path / "calls.jsonl"
    script.write_text(SCRIPT)
    with serving("--script", str(script), "--log", str(log)) as (process, env):
        assert set(env) == {"OPENAI_API_KEY", "OPENAI_BASE_URL", "GOOGLE_API_KEY", "GOOGLE_GEMINI_BASE_URL"}
        base = env["OPENAI_BASE_URL"]
        assert [ask(base, who) for who in ("You are Derek.", "You are Derek.", "You are Luna.")] == [429, 200, 200]
        assert [call["agent"] for call in read_log(log)] == ["derek", "derek", "luna"]
        process.send_signal(ending)
        _, told = process.communicate(timeout=10)
        assert process.returncode == 0
    assert "Serving 2 rules on http://127.0.0.1:" in told
    assert "3 calls, " in told


def test_what_was_asked_outlives_a_kill(tmp_path: Path) -> None:
    log = tmp_path / "calls.jsonl"
    for _ in range(2):
        with serving("--log", str(log)) as (process, env):
            assert ask(env["OPENAI_BASE_URL"]) == 200
            process.kill()
            process.wait(10)
    assert [(call["number"], call["end"]) for call in read_log(log)] == [(1, "sent"), (1, "sent")]


def test_faults_at_random_can_be_had_without_a_script(tmp_path: Path) -> None:
    logs = [tmp_path / "one.jsonl", tmp_path / "two.jsonl"]
    for log in logs:
        with serving("--faults", "7,0.5", "--log", str(log)) as (_, env):
            for _ in range(6):
                with suppress(OSError, HTTPException):
                    ask(env["OPENAI_BASE_URL"])
    met = [[call["fault"] for call in read_log(log)] for log in logs]
    assert met[0] == met[1]
    assert set(met[0]) - {None}


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (["--script", "/no/such/file"], "/no/such/file cannot be read"),
        (["--faults", "x"], "write SEED,RATE, for instance 7,0.2"),
        (["--faults", "1"], "write SEED,RATE"),
        (["--faults", "1,7"], "the rate of faults is from 0 to 1"),
        (["--log", "/no/such/folder/calls.jsonl"], "--log /no/such/folder/calls.jsonl cannot be written"),
        (["--env"], "--env needs the --port"),
    ],
)
def test_bad_input_is_one_message_and_status_2(options: list[str], message: str) -> None:
    ran = run(*options)
    assert (ran.returncode, ran.stdout) == (2, "")
    assert ran.stderr.startswith("Error: ")
    assert message in ran.stderr
    assert "Traceback" not in ran.stderr


def test_a_port_in_use_is_status_3() -> None:
    with Wire() as wire:
        ran = run("--port", str(wire.port))
    assert ran.returncode == 3
    assert f"port {wire.port} cannot be had" in ran.stderr


def test_it_only_says_what_to_export() -> None:
    assert run("--env", "--port", "8099").stdout.splitlines() == [
        "export OPENAI_API_KEY=wire-key",
        "export OPENAI_BASE_URL=http://127.0.0.1:8099/v1",
        "export GOOGLE_API_KEY=wire-key",
        "export GOOGLE_GEMINI_BASE_URL=http://127.0.0.1:8099",
    ]


def test_its_help_teaches_the_script_and_names_every_fault() -> None:
    text = run("--help").stdout
    assert "reply_json" in text
    for name in FAULTS:
        assert re.search(rf"\b{name}\b", text), name
