"""Secrets in code are found; what only looks like one is not."""

from __future__ import annotations

import pytest

from gencode_graph.validation.leaked_secrets import leaked_secrets

DIGITS = "4f9A2c7E1b8D3a6F0c5B9e2d7A4f1C8b6E3d0a5F"
FOUND = {
    "an AWS key": "AKIA" + "Q3EGRX7ZLOPW2MNB",
    "a GitHub token": "ghp_" + DIGITS[:36],
    "a Google key": "AIza" + DIGITS[:35],
    "an OpenAI key": "sk-" + DIGITS,
    "an Anthropic key": "sk-ant-" + "api03-" + DIGITS,
    "a Stripe key": "sk_live_" + DIGITS[:24],
    "a private key": "-----BEGIN RSA PRIVATE KEY-----\n" + DIGITS * 2,
    "a signed token": "eyJhbGciOiJIUzI1NiJ9." + "eyJzdWIiOiIxMjM0NSJ9." + DIGITS,
    "a password": f'password = "{DIGITS[:16]}"',
    "a typed setting": f'secret_key: str = "{DIGITS}"',
    "a field": f'{{ apiKey: "{DIGITS[:24]}" }}',
    "an address": f"postgresql://app:{DIGITS[:14]}@prod.example.org/app",
}
CLEAN = {
    "a name": 'password = "password"',
    "a label": '<TextField name="password" label="New password" placeholder="At least 8 characters" />',
    "an environment variable": 'api_key = os.environ["API_KEY"]\nconst token = process.env.AUTH_TOKEN;',
    "an example": 'API_KEY = "your-api-key-1234567890"\nAWS = "AKIAIOSFODNN7EXAMPLE"',
    "a demo database": "postgresql+psycopg://app:app@postgres/app\nPOSTGRES_PASSWORD: app",
    "an address of a token": '_ACCESS_TOKEN_URL = "https://www.googleapis.com/oauth2/v4/token"',
    "a hash of a package": '"integrity": "sha512-4f9A2c7E1b8D3a6F0c5B9e2d7A4f1C8b6E3d0a5F=="',
    "a variable": "secret = generate(32)\nconst password = form.password;",
    "an identifier": 'id = "0b2a4c1e-7f4e-5a3b-9c1d-2e8f6a7b5c4d"',
}


@pytest.mark.parametrize("text", FOUND.values(), ids=FOUND)
def test_a_secret_is_found_and_not_repeated(text: str) -> None:
    (finding,) = leaked_secrets("a.py", f"\n{text}\n")
    assert (finding.rule, finding.line) == ("secrets/in-code", 2)
    assert DIGITS[:10] not in finding.message


@pytest.mark.parametrize("text", CLEAN.values(), ids=CLEAN)
def test_what_is_no_secret_is_left_alone(text: str) -> None:
    assert leaked_secrets("a.py", f"{text}\n") == []
