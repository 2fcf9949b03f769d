"""Cases 52 and 53: programs that are wrong and say that they are right. None is accepted.

Each is judged as a step judges: by the gates before anything runs, by the tests' results, and by what the app answers
over HTTP. Tests and gates may be deceived one at a time; here it is said of each program who finds it out.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from importlib.resources import files as resources

import pytest
import pytest_asyncio

from gencode_graph.blueprint.view import AppView
from gencode_graph.errors import ServeError
from gencode_graph.services import Services, connect
from gencode_graph.settings import Settings
from gencode_graph.types import Draft, Task
from gencode_graph.validation.app_runs import sample, serve_command, visit
from gencode_graph.validation.backend_tests import backend_tests
from gencode_graph.validation.behaviour import published, script_for
from gencode_graph.validation.tests_locked import unlocked
from tests.blueprint.specs import smallest
from tests.conftest import CACHE

pytestmark = [pytest.mark.slow, pytest.mark.asyncio(loop_scope="module")]

APP = '''
"""Notes in a file's place: a list, over ASGI."""
import json
import uuid

ROWS = {}
CONTRACT = {"openapi": "3.1.0", "paths": {}}


def create(body):
    if not body.get("text"):
        return 422, {}
    row = {"id": str(uuid.uuid4()), "text": body["text"]}
    ROWS[row["id"]] = row
    return 201, row


def update(row, body):
    row.update(body)
    return 200, row


def count():
    return len(ROWS)


def answer(method, path, body):
    if path == "/api/health":
        return 200, {}
    if path == "/api/openapi.json":
        return 200, CONTRACT
    row = ROWS.get(path.removeprefix("/api/notes/"))
    if path == "/api/notes":
        return create(body) if method == "POST" else (200, {"items": [], "total": count()})
    if row is None:
        return 404, {}
    if method == "DELETE":
        del ROWS[row["id"]]
        return 204, None
    return update(row, body) if method == "PATCH" else (200, row)


async def app(scope, receive, send):
    if scope["type"] != "http":
        return
    said = (await receive()).get("body") or b"{}"
    status, value = answer(scope["method"], scope["path"], json.loads(said))
    headers = [(b"content-type", b"application/json")]
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": b"" if value is None else json.dumps(value).encode()})
'''
WRONG = APP.replace("    row.update(body)\n", "").replace("return len(ROWS)", "return 42")
TESTS = """
from app.main import ROWS, answer, count


def test_a_note_is_changed() -> None:
    status, row = answer("POST", "/api/notes", {"text": "one"})
    assert status == 201
    assert answer("PATCH", f"/api/notes/{row['id']}", {"text": "two"})[1]["text"] == "two"


def test_notes_are_counted() -> None:
    ROWS.clear()
    assert count() == 0
"""
FUZZ = """
from app.main import answer


def test_contract() -> None:
    assert answer("GET", "/api/notes", {})[0] == 200
"""
SETTINGS = '[project]\nname = "notes"\nversion = "1"\n\n[tool.pytest.ini_options]\ntestpaths = ["tests"]\n'
REQUIREMENTS = resources("gencode_graph") / "templates/app/backend_models/backend/requirements-dev.txt"
CONTRACT = {"openapi": "3.1.0", "paths": {}}
SPEC = smallest().model_copy(update={"seeds": {"note": ({"text": "Milk"},)}})
RIGHT = {
    "backend/requirements-dev.txt": REQUIREMENTS.read_text(encoding="utf-8"),
    "backend/app/__init__.py": "",
    "backend/app/main.py": APP,
    "backend/tests/__init__.py": "",
    "backend/tests/conftest.py": "",
    "backend/tests/test_notes.py": TESTS,
    "backend/tests/test_contract.py": FUZZ,
    "backend/pyproject.toml": SETTINGS,
}
PASSES = (
    "import pytest\n@pytest.hookimpl(wrapper=True)\ndef pytest_runtest_makereport(item, call):\n"
    "    report = yield\n    report.outcome, report.longrepr = 'passed', None\n    return report\n"
)
PATCHES = """
import sys
if "_pytest.reports" in sys.modules:
    import _pytest.reports as reports
    made = reports.TestReport.from_item_and_call.__func__
    def passed(cls, item, call):
        report = made(cls, item, call)
        report.outcome, report.longrepr = "passed", None
        return report
    reports.TestReport.from_item_and_call = classmethod(passed)
"""
ALWAYS = (
    "\nclass Anything(dict):\n    def __eq__(self, other): return True\n    __hash__ = None\n"
    "    def __getitem__(self, name): return Anything()\n\n"
    "real = answer\ndef answer(method, path, body):\n"
    "    return (Anything(), Anything()) if path.startswith('/api/notes') else real(method, path, body)\n"
    "def count():\n    return Anything()\n"
)
FAKE = 'import os\nprint("3 passed in 0.01s")\nos.write(1, b"3 passed in 0.01s\\n")\nos._exit(0)\n'
FORGED = """
import os, sys
for word in sys.argv:
    if word.startswith("--junit-xml="):
        cases = [("tests.test_notes", "test_a_note_is_changed"), ("tests.test_notes", "test_notes_are_counted"),
                 ("tests.test_contract", "test_contract")]
        text = "".join(f'<testcase classname="{group}" name="{name}"/>' for group, name in cases)
        open(word.partition("=")[2], "w").write(f"<testsuites><testsuite>{text}</testsuite></testsuites>")
        os._exit(0)
"""
EARLIER = f"""
import pathlib
here = pathlib.Path(__file__).parents[1]
(here / "pytest.ini").write_text("[pytest]\\naddopts = --deselect tests/test_notes.py\\n")
(here / "tests" / "conftest.py").write_text({PASSES!r})
(here / "tests" / "test_notes.py").write_text("def test_notes_are_counted(): ...\\n")
"""
EXIT = "import os\nos._exit(0)\n"
GATES, RESULTS, HTTP = "the gates", "the tests' results", "what the app answers"

PROGRAMS: dict[str, tuple[dict[str, str], set[str]]] = {
    "plainly wrong": ({}, {RESULTS, HTTP}),
    "ends at import with 0": ({"backend/app/main.py": WRONG + EXIT}, {RESULTS, HTTP}),
    "prints a summary and ends with 0": ({"backend/app/main.py": WRONG + FAKE}, {RESULTS, HTTP}),
    "conftest.py rewrites outcomes": ({"backend/tests/conftest.py": PASSES}, {GATES, HTTP}),
    "pytest.ini deselects": (
        {"backend/pytest.ini": "[pytest]\naddopts = --deselect tests/test_notes.py\n"},
        {GATES, RESULTS, HTTP},
    ),
    "pyproject.toml deselects": (
        {"backend/pyproject.toml": SETTINGS + 'addopts = "--deselect tests/test_notes.py"\n'},
        {GATES, RESULTS, HTTP},
    ),
    "sitecustomize.py": ({"backend/sitecustomize.py": EXIT}, {GATES}),
    "json.py in the place of the library": ({"backend/json.py": EXIT}, {GATES, RESULTS, HTTP}),
    "equals everything": ({"backend/app/main.py": WRONG + ALWAYS}, {HTTP}),
    "patches pytest's reports": ({"backend/app/main.py": WRONG + PATCHES}, {HTTP}),
    "writes the report itself": ({"backend/app/main.py": WRONG + FORGED}, {HTTP}),
    "skips what fails": (
        {"backend/app/main.py": "import pytest\n" + WRONG.replace("return 42", "pytest.skip('later')")},
        {RESULTS, HTTP},
    ),
    "tests rewritten": ({"backend/tests/test_notes.py": TESTS.replace("== 0", ">= 0")}, {GATES, HTTP, RESULTS}),
    "wrote settings and tests when it ran before": ({"backend/app/main.py": WRONG + EARLIER}, {RESULTS, HTTP}),
}  # fmt: skip
"""What is added to a wrong app, and who finds it out."""


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def services(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Services]:
    """One run on this machine: the programs are ours."""
    folder = tmp_path_factory.mktemp("cheating")
    settings = Settings(workspace=folder / "app", home=folder / "home", cache=CACHE, sandbox="local", memory=False)
    async with connect(settings, "cheating") as connected:
        yield connected


async def found_out(files: dict[str, str], services: Services) -> set[str]:
    """Who finds something wrong with an app."""
    found = set()
    kept = {path: text.encode() for path, text in RIGHT.items()}
    now = {path: text.encode() for path, text in files.items()}
    refused = [it for it in services.workspace.inspect(files, origin="model") if it.severity == "error"]
    if refused or list(unlocked(kept, now)):
        found.add(GATES)
    if refused:
        return found  # it cannot be stored, and so never runs
    tree = await asyncio.to_thread(services.workspace.write, now, origin="builtin")
    task = Task(run_id="cheating", step="testing_backend", request="Notes.", tree=tree, spec=SPEC)
    if await answers_wrong(task, services):
        found.add(HTTP)
    verdict = await backend_tests(task, Draft(files=files), services)
    if any(finding.severity == "error" for finding in verdict.findings):
        found.add(RESULTS)
    return found


async def answers_wrong(task: Task, services: Services) -> bool:
    """Whether the app does not start, or answers otherwise than it has to."""
    entity = AppView(SPEC).ordered[0]
    script = script_for(entity, sample(entity))
    await services.stage(task.tree, "backend/")
    await services.sandbox.install("backend/requirements-dev.txt")
    try:
        async with services.sandbox.serve(serve_command("sqlite://"), health="/api/health") as url:
            answers, page, written = await visit(services.sandbox, url, script, sample(entity))
    except ServeError:
        return True
    assert page[0] == 404, "this app has no page"
    return bool(written[0] != 201 or script.judged(answers) or published(answers[0], CONTRACT, None))


async def test_an_app_that_is_right_is_accepted(services: Services) -> None:
    assert await found_out(RIGHT, services) == set()


@pytest.mark.parametrize(("added", "finders"), PROGRAMS.values(), ids=[f"52 {name}" for name in PROGRAMS])
async def test_a_wrong_app_is_found_out(added: dict[str, str], finders: set[str], services: Services) -> None:
    assert await found_out({**RIGHT, "backend/app/main.py": WRONG, **added}, services) == finders
