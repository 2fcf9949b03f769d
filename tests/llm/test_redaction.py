"""No key is sent, stored, told or raised."""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path

import pytest

from gencode_graph.errors import ModelError
from gencode_graph.events import ModelCalled
from gencode_graph.llm import redact, secrets_in
from gencode_graph.llm.redaction import HIDDEN
from gencode_graph.testing import Rule, Wire
from tests.llm.conftest import Asking, prompt

CANARY = "cnry-7f3Q9zLw-V2mX8"
KEYS = {
    "OpenAI": "sk-proj-" + "Ab3dEf6hIj9kLm2nOp5q",
    "Anthropic": "sk-ant-api03-" + "x9Y8w7V6u5T4s3R2q1P0-AA",
    "Google": "AIza" + "SyD3xAmPl3-Key_0123456789abcdefghi12"[:35],
    "GitHub": "ghp_" + "a1B2c3D4e5F6g7H8i9J0k1L2m3N4o5P6q7R8",
    "GitHub, newer": "github_pat_" + "11ABCDEFG0abcdefghijklmnopqrstuvwxyz0123456789",
    "AWS id": "AKIA" + "IOSFODNN7EXAMPLE",
    "Slack": "xoxb-" + "123456789012-abcdefGHIJ",
    "Stripe": "sk_live_" + "4eC39HqLyjWDarjtT1zdp7dc",
    "Groq": "gsk_" + "a1B2c3D4e5F6g7H8i9J0k1L2m3N4o5P6q7R8s9T0u1V2",
    "JSON web token": "eyJhbGciOiJIUzI1NiJ9." + "eyJzdWIiOiIxMjM0NTY3ODkwIn0." + "dozjgNryP4J3jVmNHl0w5N_XgL0n3I9P",
    "private key": "-----BEGIN RSA PRIVATE KEY-----\nMIIEow" + "IBAAKCAQEA\nq8\n-----END RSA PRIVATE KEY-----",
    "private key, cut off": "-----BEGIN PRIVATE KEY-----\nMIIEow" + "IBAAKCAQEAq8q8q8q8q8q8\nIBAAKCAQEAq8q8q8q8q8q8",
    "private key in JSON": r"-----BEGIN PRIVATE KEY-----\nMIIEow" + r"IBAAKCAQEA\n-----END PRIVATE KEY-----",
}


@pytest.mark.parametrize("kind", KEYS)
def test_what_looks_like_a_key_is_hidden(kind: str) -> None:
    key = KEYS[kind]
    text = f'config = {{"key": "{key}"}}  # do not show'
    assert secrets_in(text) == (key,)
    assert redact(text) == f'config = {{"key": "{HIDDEN}"}}  # do not show'
    assert redact(redact(text)) == redact(text)


@pytest.mark.parametrize(
    ("before", "key"),
    [
        ("Authorization: Bearer ", "abcDEF123456ghiJKL7890"),
        ("aws_secret_access_key = ", "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY"),
        ('AWS_SECRET_ACCESS_KEY="', "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY"),
    ],
)
def test_what_tells_a_key_stays(before: str, key: str) -> None:
    assert redact(f"{before}{key} end") == f"{before}{HIDDEN} end"
    assert secrets_in(f"{before}{key} end") == (key,)


def test_a_long_text_takes_no_time() -> None:
    began = time.monotonic()
    for text in ("word " * 100_000, "sk-" * 150_000, "a" * 500_000, "eyJ" * 150_000, "-----BEGIN PRIVATE KEY" * 20_000):
        redact(text)
    assert time.monotonic() - began < 5


@pytest.mark.parametrize(
    "text",
    [
        ".sk-loading-spinner-container-wide { color: red }",
        "headers = {'Authorization': f'Bearer {token}'}",
        "Authorization: Bearer ${import.meta.env.VITE_TOKEN_OF_THE_USER}",
        "postgresql+asyncpg://app:app-password@db:5432/app",
        "const id = '3f2504e0-4f89-41d3-9a0c-0305e82c3301'",
        "sha256-47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=",
        "SECRET_KEY = os.environ['SECRET_KEY']  # at least 32 characters",
        'if text.startswith("-----BEGIN PRIVATE KEY-----"):\n    raise ValueError(text)',
        "-----BEGIN CERTIFICATE-----\nMIIC\n-----END CERTIFICATE-----",
        "def task_skip_list_of_everything_2024_report_final_version(): ...",
    ],
)
def test_code_that_holds_no_key_stays_as_it_is(text: str) -> None:
    assert redact(text) == text
    assert secrets_in(text) == ()


@pytest.mark.parametrize(
    ("name", "value", "hidden"),
    [
        ("MY_SERVICE_API_KEY", CANARY, True),
        ("APP_PASSWORD", "correct horse battery", True),
        ("SESSION_SECRET_2", CANARY, True),
        ("CLIENT_CREDENTIALS", "Zm9vYmFyOmJhcmZvbw==", True),
        ("MY_API_KEY", "short1", False),
        ("CI_TOKEN", "averylongwordofletters", True),
        ("CI_TOKEN", "12345678901234567890", True),
        ("POSTGRES_PASSWORD", "postgres", False),
        ("MAX_TOKENS", "1000000000", False),
        ("KEYBOARD", "qwertz-layout-9", False),
        ("SSH_KEY", "/home/user/.ssh/id_ed25519", False),
        ("PWD", "/work/cnry-7f3Q9zLw", False),
        ("PRODUCTION_TOKEN", "production", False),
        ("DATABASE_URL", f"postgresql://app:{CANARY}@db/app", True),
    ],
)
def test_values_of_variables_named_like_keys_are_hidden(
    monkeypatch: pytest.MonkeyPatch, name: str, value: str, hidden: bool
) -> None:
    monkeypatch.setenv(name, value)
    secret = CANARY if CANARY in value else value
    text = f"it says {secret} here"
    assert redact(text) == (f"it says {HIDDEN} here" if hidden else text)


async def test_a_canary_goes_nowhere(
    wire: Callable[..., Wire],
    asking: Asking,
    told: list[ModelCalled],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    """Not to the provider, not out of what it answers, not into the files of runs, events, logs and errors."""
    caplog.set_level("DEBUG")
    monkeypatch.setenv("DEPLOY_TOKEN", CANARY)
    with wire(Rule(reply=f"your token is {CANARY}", times=1), Rule(fault="401")) as server:
        async with asking() as model:
            question = prompt(f"what is {CANARY}?", system=f"You are Derek. {CANARY}")
            reply = await model.ask(question)
            assert reply.text == f"your token is {HIDDEN}"
            with pytest.raises(ModelError) as raised:
                await model.ask(prompt("and now?"))
        sent = repr([call.conversation.turns for call in server.calls]) + server.calls[0].conversation.system
    for place in (sent, stored(tmp_path), repr(told), repr(raised.value), caplog.text):
        assert CANARY not in place
        assert "wire-key" not in place


def stored(folder: Path) -> str:
    """All that the files of a folder hold."""
    return "".join(path.read_text("latin-1") for path in folder.rglob("*") if path.is_file())


def test_an_error_of_a_provider_shows_no_key(monkeypatch: pytest.MonkeyPatch) -> None:
    from gencode_graph.llm.failures import failure_of

    monkeypatch.setenv("OPENAI_API_KEY", CANARY)
    failure = failure_of(ValueError(f"Incorrect API key provided: {CANARY} and {KEYS['OpenAI']}"))
    assert CANARY not in failure.message
    assert KEYS["OpenAI"] not in failure.message
