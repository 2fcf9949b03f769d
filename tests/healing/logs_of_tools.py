# ruff: noqa: E501 - the lines are as long as the tools make them
"""Logs as tools write them, invented for the tests: log, category and those that fit too, file, code, symbol."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True)
class Case:
    """A log and what is right about it; ``fits`` begins with the best category."""

    log: str
    fits: str
    path: str | None = None
    line: int | None = None
    code: str | None = None
    symbol: str | None = None
    command: str = ""
    exit_code: int | None = None
    project: tuple[str, ...] = ()


CASES: dict[str, Case] = {
    "python: a key of the environment": Case(
        log="""Traceback (most recent call last):
  File "/app/backend/app/config.py", line 7, in <module>
    SECRET = os.environ["SESSION_SECRET"]
             ~~~~~~~~~~^^^^^^^^^^^^^^^^^^
  File "<frozen os>", line 679, in __getitem__
KeyError: 'SESSION_SECRET'
""",
        fits="environment config",
        path="backend/app/config.py",
        line=7,
        code="KeyError",
        symbol="SESSION_SECRET",
    ),
    "python: settings that do not validate": Case(
        log="""Traceback (most recent call last):
  File "/app/app/main.py", line 3, in <module>
    from app.core.config import settings
  File "/app/app/core/config.py", line 12, in <module>
    settings = Settings()
  File "/opt/venv/lib/python3.12/site-packages/pydantic_settings/main.py", line 180, in __init__
    super().__init__(**values)
pydantic_core._pydantic_core.ValidationError: 1 validation error for Settings
database_url
  Field required [type=missing, input_value={}, input_type=dict]
""",
        fits="config",
        path="app/core/config.py",
        line=12,
        code="ValidationError",
    ),
    "python: an own module by a wrong name": Case(
        log="""Traceback (most recent call last):
  File "/srv/shop/backend/app/routers/basket.py", line 2, in <module>
    from app.modles.basket import Basket
ModuleNotFoundError: No module named 'app.modles'
""",
        fits="import",
        path="backend/app/routers/basket.py",
        symbol="app.modles",
        project=("backend/app/routers/basket.py", "backend/app/models/basket.py"),
    ),
    "python: a package that is not installed": Case(
        log="""Traceback (most recent call last):
  File "/app/worker.py", line 1, in <module>
    import dramatiq
ModuleNotFoundError: No module named 'dramatiq'
""",
        fits="dependency",
        path="worker.py",
        symbol="dramatiq",
    ),
    "python: a bare name that the project has": Case(
        log="""Traceback (most recent call last):
  File "/x/run.py", line 1, in <module>
    import ledger
ModuleNotFoundError: No module named 'ledger'
""",
        fits="import",
        symbol="ledger",
        project=("src/ledger.py", "run.py"),
        path="run.py",
    ),
    "python: a native library that is missing": Case(
        log="""Traceback (most recent call last):
  File "/app/thumbs.py", line 4, in <module>
    import cv2
  File "/usr/local/lib/python3.12/site-packages/cv2/__init__.py", line 181, in <module>
    bootstrap()
ImportError: libGL.so.1: cannot open shared object file: No such file or directory
""",
        fits="environment dependency",
        path="thumbs.py",
    ),
    "python: an exception that came out of another": Case(
        log="""Traceback (most recent call last):
  File "/app/store.py", line 9, in read
    return json.loads(text)
  File "/usr/lib/python3.12/json/__init__.py", line 346, in loads
    return _default_decoder.decode(s)
json.decoder.JSONDecodeError: Expecting value: line 1 column 1 (char 0)

During handling of the above exception, another exception occurred:

Traceback (most recent call last):
  File "/app/main.py", line 4, in <module>
    store.read("")
  File "/app/store.py", line 11, in read
    raise StoreError("the store is broken") from None
store.StoreError: the store is broken
""",
        fits="runtime",
        path="store.py",
        line=11,
        code="StoreError",
    ),
    "python: a server that is not there": Case(
        log="""Traceback (most recent call last):
  File "/usr/lib/python3/dist-packages/redis/connection.py", line 707, in connect
    sock = self.retry.call_with_retry(
ConnectionRefusedError: [Errno 111] Connection refused

During handling of the above exception, another exception occurred:

Traceback (most recent call last):
  File "/app/cache.py", line 5, in <module>
    client.ping()
  File "/usr/lib/python3/dist-packages/redis/client.py", line 559, in execute_command
    return conn.retry.call_with_retry(
redis.exceptions.ConnectionError: Error 111 connecting to localhost:6379. Connection refused.
""",
        fits="network",
        path="cache.py",
        line=5,
        code="ConnectionError",
    ),
    "python: a statement that does not parse": Case(
        log="""  File "/app/api/items.py", line 14
    def list_items(
                  ^
SyntaxError: '(' was never closed
""",
        fits="syntax",
        path="api/items.py",
        line=14,
        code="SyntaxError",
    ),
    "python: an argument too few": Case(
        log="""Traceback (most recent call last):
  File "/app/main.py", line 8, in <module>
    greet()
TypeError: greet() missing 1 required positional argument: 'name'
""",
        fits="type runtime",
        path="main.py",
        line=8,
    ),
    "python: a circle of imports": Case(
        log="""Traceback (most recent call last):
  File "/app/main.py", line 1, in <module>
    from users import User
  File "/app/users.py", line 1, in <module>
    from orders import Order
  File "/app/orders.py", line 1, in <module>
    from users import User
ImportError: cannot import name 'User' from partially initialized module 'users' (most likely due to a circular import) (/app/users.py)
""",
        fits="import",
        path="users.py",
        symbol="User",
    ),
    "python: a group of exceptions": Case(
        log="""  + Exception Group Traceback (most recent call last):
  |   File "/app/main.py", line 12, in <module>
  |     asyncio.run(main())
  | ExceptionGroup: unhandled errors in a TaskGroup (1 sub-exception)
  +-+---------------- 1 ----------------
    | Traceback (most recent call last):
    |   File "/app/jobs.py", line 6, in job
    |     return 1 / 0
    | ZeroDivisionError: division by zero
    +------------------------------------
""",
        fits="runtime",
        path="jobs.py",
        line=6,
        code="ZeroDivisionError",
    ),
    "pytest: an assertion about an own module": Case(
        log="""============================= test session starts ==============================
rootdir: /home/me/prices
collected 1 item

test_discount.py F                                                       [100%]

=================================== FAILURES ===================================
________________________________ test_ten_percent ______________________________

    def test_ten_percent():
>       assert discount(100, 10) == 90
E       assert 110 == 90
E        +  where 110 = discount(100, 10)

test_discount.py:5: AssertionError
=========================== short test summary info ============================
FAILED test_discount.py::test_ten_percent - assert 110 == 90
============================== 1 failed in 0.02s ===============================
""",
        fits="logic",
        path="discount.py",
        code="AssertionError",
    ),
    "pytest: an error in the code under test": Case(
        log="""=================================== FAILURES ===================================
___________________________________ test_total _________________________________

    def test_total():
>       assert total([{"price": 3}]) == 3

tests/test_basket.py:6:
_ _ _ _ _ _ _ _ _ _ _ _ _ _ _ _ _ _ _ _ _ _ _ _ _ _ _ _ _ _ _ _ _ _ _ _ _ _ _ _

lines = [{'price': 3}]

    def total(lines):
>       return sum(line["amount"] for line in lines)

shop/basket.py:2: KeyError
E       KeyError: 'amount'

shop/basket.py:2: KeyError
=========================== short test summary info ============================
FAILED tests/test_basket.py::test_total - KeyError: 'amount'
""",
        fits="runtime",
        path="shop/basket.py",
        line=2,
        symbol="amount",
    ),
    "pytest: a fixture that nobody made": Case(
        log="""==================================== ERRORS ====================================
_________________________ ERROR at setup of test_list __________________________
file /app/tests/test_items.py, line 4
  def test_list(client):
E       fixture 'client' not found
>       available fixtures: cache, capsys, monkeypatch, tmp_path
>       use 'pytest --fixtures [testpath]' for help on them.

/app/tests/test_items.py:4
=========================== short test summary info ============================
ERROR tests/test_items.py::test_list
""",
        fits="config",
        symbol="client",
    ),
    "pytest: an option of a plugin that is missing": Case(
        log="""ERROR: usage: pytest [options] [file_or_dir] [file_or_dir] [...]
pytest: error: unrecognized arguments: --cov=app
  inifile: /app/pyproject.toml
""",
        fits="config dependency",
        exit_code=4,
    ),
    "pytest: only the summary": Case(
        log="FAILED backend/tests/test_api.py::test_create - sqlalchemy.exc.IntegrityError: (sqlite3.IntegrityError) NOT NULL "
        "constraint failed: items.name\n",
        fits="runtime",
        path="backend/tests/test_api.py",
        code="IntegrityError",
    ),
    "mypy: a wrong argument": Case(
        log="""app/service.py:31: error: Argument 1 to "pay" has incompatible type "str"; expected "int"  [arg-type]
Found 1 error in 1 file (checked 12 source files)
""",
        fits="type",
        path="app/service.py",
        line=31,
        code="arg-type",
    ),
    "pyright: an import that is not there": Case(
        log="""/app/src/jobs.py
  /app/src/jobs.py:3:8 - error: Import "celery" could not be resolved (reportMissingImports)
1 error, 0 warnings, 0 informations
""",
        fits="dependency",
        path="src/jobs.py",
        line=3,
        symbol="celery",
    ),
    "ruff: short lines": Case(
        log="app/main.py:3:8: F401 [*] `json` imported but unused\nFound 1 error.\n",
        fits="lint",
        path="app/main.py",
        line=3,
        code="F401",
    ),
    "ruff: with the code shown": Case(
        log="""F841 Local variable `rows` is assigned to but never used
  --> app/report.py:17:5
   |
17 |     rows = []
   |     ^^^^
   |
help: Remove assignment to unused variable `rows`

Found 1 error.
""",
        fits="lint",
        path="app/report.py",
        line=17,
        code="F841",
    ),
    "black: a file that cannot be parsed": Case(
        log="error: cannot format app/a.py: Cannot parse for target version Python 3.12: 3:9: return return\n\nOh no!\n",
        fits="syntax",
        path="app/a.py",
    ),
    "eslint: a rule": Case(
        log="""
/app/src/pages/Home.tsx
  12:9  error    'items' is assigned a value but never used  @typescript-eslint/no-unused-vars
  20:3  warning  Unexpected console statement                no-console

✖ 2 problems (1 error, 1 warning)
""",
        fits="lint",
        path="src/pages/Home.tsx",
        line=12,
        code="@typescript-eslint/no-unused-vars",
    ),
    "eslint: a file that cannot be parsed": Case(
        log="""
/app/src/a.js
  4:1  error  Parsing error: Unexpected token }

✖ 1 problem (1 error, 0 warnings)
""",
        fits="syntax",
        path="src/a.js",
        line=4,
    ),
    "biome: a rule": Case(
        log="""src/App.tsx:7:3 lint/correctness/useExhaustiveDependencies ━━━━━━━━━━━━━━━━━━━━━━━━

  × This hook does not specify its dependency on load.
""",
        fits="lint",
        path="src/App.tsx",
        line=7,
        code="lint/correctness/useExhaustiveDependencies",
    ),
    "tsc: pretty": Case(
        log="""src/api/client.ts:14:23 - error TS2551: Property 'titel' does not exist on type 'Item'. Did you mean 'title'?

14     return item.titel;
""",
        fits="type",
        path="src/api/client.ts",
        line=14,
        code="TS2551",
        symbol="titel",
    ),
    "tsc: an own file that is not there": Case(
        log="src/App.tsx(2,20): error TS2307: Cannot find module './pages/Hme' or its corresponding type declarations.\n",
        fits="import",
        path="src/App.tsx",
        line=2,
        code="TS2307",
        symbol="./pages/Hme",
    ),
    "tsc: types of Node": Case(
        log="src/env.ts(1,18): error TS2591: Cannot find name 'process'. Do you need to install type definitions for node?\n",
        fits="dependency config type",
        path="src/env.ts",
        code="TS2591",
        symbol="process",
    ),
    "tsc: syntax": Case(
        log="src/a.ts(9,1): error TS1005: '}' expected.\n", fits="syntax", path="src/a.ts", line=9, code="TS1005"
    ),
    "tsc: an option nobody knows": Case(
        log="tsconfig.json(5,5): error TS5023: Unknown compiler option 'strickt'.\n",
        fits="config",
        path="tsconfig.json",
        code="TS5023",
        symbol="strickt",
    ),
    "vue-tsc: a template": Case(
        log="src/components/Card.vue(12,9): error TS2322: Type 'number' is not assignable to type 'string'.\n",
        fits="type",
        path="src/components/Card.vue",
        code="TS2322",
    ),
    "svelte-check": Case(
        log="""/app/src/routes/+page.svelte:7:12
Error: Property 'nme' does not exist on type 'User'. (ts)
  {user.nme}
""",
        fits="type",
        path="src/routes/+page.svelte",
        line=7,
    ),
    "angular": Case(
        log="""✘ [ERROR] TS2339: Property 'titel' does not exist on type 'AppComponent'. [plugin angular-compiler]

    src/app/app.component.html:3:8:
      3 │ <h1>{{ titel }}</h1>
""",
        fits="type",
        code="TS2339",
        symbol="titel",
    ),
    "node: undefined": Case(
        log="""/app/server/index.js:11
  res.send(user.profile.name);
                        ^

TypeError: Cannot read properties of undefined (reading 'name')
    at /app/server/index.js:11:25
    at Layer.handle [as handle_request] (/app/node_modules/express/lib/router/layer.js:95:5)
    at process.processTicksAndRejections (node:internal/process/task_queues:95:5)

Node.js v22.3.0
""",
        fits="runtime",
        path="server/index.js",
        line=11,
        symbol="name",
    ),
    "node: a package that is not installed": Case(
        log="""node:internal/modules/cjs/loader:1228
  throw err;
  ^

Error: Cannot find module 'cookie-parser'
Require stack:
- /app/src/server.js
    at Module._resolveFilename (node:internal/modules/cjs/loader:1225:15) {
  code: 'MODULE_NOT_FOUND',
  requireStack: [ '/app/src/server.js' ]
}
""",
        fits="dependency",
        path="src/server.js",
        symbol="cookie-parser",
    ),
    "vite: a package that cannot be resolved": Case(
        log="""error during build:
[vite]: Rollup failed to resolve import "zustand" from "/app/src/store.ts".
This is most likely unintended because it can break your application at runtime.
    at viteWarn (file:///app/node_modules/vite/dist/node/chunks/dep-BKbDVx1T.js:65839:17)
""",
        fits="dependency",
        path="src/store.ts",
        symbol="zustand",
    ),
    "vite: a name that is not exported": Case(
        log="""✗ Build failed in 402ms
error during build:
src/App.tsx (2:9): "useItems" is not exported by "src/hooks.ts", imported by "src/App.tsx".
file: /app/src/App.tsx:2:9
""",
        fits="import",
        path="src/App.tsx",
        symbol="useItems",
    ),
    "esbuild: an own file": Case(
        log="""✘ [ERROR] Could not resolve "./util/date"

    src/index.ts:3:21:
      3 │ import { today } from "./util/date";
        ╵                       ~~~~~~~~~~~~~

1 error
""",
        fits="import",
        path="src/index.ts",
        line=3,
        symbol="./util/date",
    ),
    "webpack: a package": Case(
        log="""ERROR in ./src/chart.js 1:0-30
Module not found: Error: Can't resolve 'chart.js' in '/app/src'
webpack 5.91.0 compiled with 1 error in 900 ms
""",
        fits="dependency",
        path="src/chart.js",
        symbol="chart.js",
    ),
    "bun": Case(
        log="""error: Cannot find package "hono" from "/app/src/index.ts"

Bun v1.1.20 (Linux x64)
""",
        fits="dependency",
        path="src/index.ts",
        symbol="hono",
    ),
    "vitest: an assertion, with the import shown": Case(
        log="""
 RUN  v3.1.0 /app

 FAIL  src/price.test.ts > adds the tax
AssertionError: expected 10 to be 12 // Object.is equality

- Expected
+ Received

- 12
+ 10

 ❯ src/price.test.ts:5:28
      1| import { expect, test } from "vitest";
      2| import { withTax } from "./money/tax";
      3|
      4| test("adds the tax", () => {
      5|   expect(withTax(10)).toBe(12);
       |                            ^
      6| });

 Test Files  1 failed (1)
""",
        fits="logic",
        path="src/money/tax.ts",
        code="AssertionError",
    ),
    "jest: a test that never ends": Case(
        log="""FAIL src/queue.test.js
  ● drains

    thrown: "Exceeded timeout of 5000 ms for a test.
    Add a timeout value to this test to increase the timeout, if this is a long-running test."

      3 | const { drain } = require("./queue");
    > 4 | test("drains", async () => {
        | ^

      at Object.test (src/queue.test.js:4:1)

Tests:       1 failed, 1 total
""",
        fits="timeout",
        path="src/queue.test.js",
        line=4,
    ),
    "playwright: a locator that never comes": Case(
        log="""Running 1 test using 1 worker
  1) e2e/items.spec.ts:4:1 › adds an item ───────────────

    TimeoutError: locator.click: Timeout 10000ms exceeded.
    Call log:
      - waiting for getByRole('button', { name: 'Add' })

    > 6 |   await page.getByRole("button", { name: "Add" }).click();
        at /app/e2e/items.spec.ts:6:51

  1 failed
""",
        fits="timeout",
        path="e2e/items.spec.ts",
        line=6,
    ),
    "npm: versions that do not fit": Case(
        log="""npm error code ERESOLVE
npm error ERESOLVE unable to resolve dependency tree
npm error
npm error While resolving: web@0.1.0
npm error Found: react@19.0.0
""",
        fits="dependency",
        path="package.json",
        code="ERESOLVE",
    ),
    "npm: a script nobody wrote": Case(
        log='npm error Missing script: "biuld"\nnpm error\nnpm error Did you mean this?\n',
        fits="config",
        path="package.json",
        symbol="biuld",
    ),
    "pnpm: a frozen lock file": Case(
        log=' ERR_PNPM_OUTDATED_LOCKFILE  Cannot install with "frozen-lockfile" because pnpm-lock.yaml is not up to date\n',
        fits="dependency config",
        code="ERR_PNPM_OUTDATED_LOCKFILE",
    ),
    "yarn: a version that is not there": Case(
        log="""error Couldn't find any versions for "left-pad" that matches "^9.0.0"\n""",
        fits="dependency",
        symbol="left-pad",
    ),
    "pip: no such version": Case(
        log="""ERROR: Could not find a version that satisfies the requirement fastapi==9.9 (from versions: 0.1.0, 0.2.0)
ERROR: No matching distribution found for fastapi==9.9
""",
        command="pip install -r backend/requirements.txt",
        fits="dependency",
        path="backend/requirements.txt",
        symbol="fastapi",
    ),
    "pip: requirements that conflict": Case(
        log="""ERROR: Cannot install -r requirements.txt (line 1) and starlette==0.2 because these package versions have conflicting dependencies.
ERROR: ResolutionImpossible: for help visit https://pip.pypa.io/en/latest/topics/dependency-resolution/
""",
        fits="dependency",
        path="requirements.txt",
    ),
    "uv: no solution": Case(
        log="""  × No solution found when resolving dependencies:
  ╰─▶ Because only httpx<=0.28 is available and you require httpx>=2, we can conclude that your requirements are unsatisfiable.
""",
        fits="dependency",
    ),
    "docker: a package in a step": Case(
        log="""#9 [4/6] RUN pip install -r requirements.txt
#9 1.204 ERROR: Could not find a version that satisfies the requirement flsk (from versions: none)
#9 1.205 ERROR: No matching distribution found for flsk
#9 ERROR: process "/bin/sh -c pip install -r requirements.txt" did not complete successfully: exit code: 1
ERROR: failed to solve: process "/bin/sh -c pip install -r requirements.txt" did not complete successfully: exit code: 1
""",
        fits="dependency",
        path="requirements.txt",
        symbol="flsk",
        command="docker build .",
    ),
    "docker: a file that is not in the context": Case(
        log="""ERROR: failed to solve: failed to compute cache key: failed to calculate checksum of ref abc::def: "/backend/req.txt": not found
""",
        fits="config environment",
        path="Dockerfile",
        command="docker build .",
    ),
    "docker: no daemon": Case(
        log="Cannot connect to the Docker daemon at unix:///var/run/docker.sock. Is the docker daemon running?\n",
        fits="environment",
        command="docker build .",
    ),
    "uvicorn: the port is taken": Case(
        log="""INFO:     Started server process [4242]
INFO:     Waiting for application startup.
INFO:     Application startup complete.
ERROR:    [Errno 98] error while attempting to bind on address ('127.0.0.1', 8000): address already in use
""",
        fits="environment",
    ),
    "uvicorn: the app is not in the module": Case(
        log='ERROR:    Error loading ASGI app. Attribute "aap" not found in module "app.main".\n',
        fits="import config",
        path="app/main.py",
        command="uvicorn app.main:aap",
    ),
    "alembic: two heads": Case(
        log="FAILED: Multiple head revisions are present for given argument 'head'; please specify a specific target revision\n",
        fits="config",
        command="alembic upgrade head",
    ),
    "flask: no app": Case(
        log="""Usage: flask run [OPTIONS]
Try 'flask run --help' for help.

Error: Could not import 'wsgi'.
""",
        fits="config import",
        command="flask --app wsgi run",
    ),
    "psycopg: a wrong password": Case(
        log="""Traceback (most recent call last):
  File "/app/db.py", line 6, in <module>
    conn = psycopg.connect(DSN)
  File "/opt/venv/lib/python3.12/site-packages/psycopg/connection.py", line 119, in connect
    raise last_ex.with_traceback(None)
psycopg.OperationalError: connection failed: FATAL:  password authentication failed for user "app"
""",
        fits="config environment network",
        path="db.py",
        line=6,
    ),
    "prisma: a database that cannot be reached": Case(
        log="Error: P1001: Can't reach database server at `localhost:5432`\n\nPlease make sure your database server is running.\n",
        fits="network environment",
        code="P1001",
    ),
    "go: an unknown name": Case(
        log="# shop/internal/basket\ninternal/basket/basket.go:9:12: undefined: sumUp\n",
        fits="type import",
        path="internal/basket/basket.go",
        line=9,
        symbol="sumUp",
    ),
    "go: a module that nobody requires": Case(
        log="main.go:5:2: no required module provides package github.com/gorilla/mux; to add it:\n\tgo get github.com/gorilla/mux\n",
        fits="dependency",
        path="main.go",
        line=5,
    ),
    "go: a test": Case(
        log="--- FAIL: TestSum (0.00s)\n    sum_test.go:11: got 3, want 4\nFAIL\nFAIL\tshop\t0.004s\n",
        fits="logic",
        path="sum.go",
        symbol="TestSum",
    ),
    "go: a map that was never made": Case(
        log="""panic: assignment to entry in nil map

goroutine 1 [running]:
main.(*Store).Put(...)
\t/app/store.go:14
main.main()
\t/app/main.go:8 +0x2c
exit status 2
""",
        fits="runtime",
        path="store.go",
        line=14,
    ),
    "cargo: types": Case(
        log="""error[E0308]: mismatched types
 --> src/main.rs:4:18
  |
4 |     let n: u32 = "four";
  |            ---   ^^^^^^ expected `u32`, found `&str`

error: could not compile `shop` (bin "shop") due to 1 previous error
""",
        fits="type",
        path="src/main.rs",
        line=4,
        code="E0308",
    ),
    "cargo: a crate that is not declared": Case(
        log="""error[E0432]: unresolved import `serde_json`
 --> src/lib.rs:1:5
  |
1 | use serde_json::Value;
  |     ^^^^^^^^^^ use of unresolved module or unlinked crate `serde_json`
""",
        fits="dependency import",
        path="src/lib.rs",
        line=1,
        code="E0432",
        symbol="serde_json",
    ),
    "cargo: a panic": Case(
        log="""thread 'main' panicked at src/main.rs:7:15:
index out of bounds: the len is 3 but the index is 9
note: run with `RUST_BACKTRACE=1` environment variable to display a backtrace
""",
        fits="runtime",
        path="src/main.rs",
        line=7,
    ),
    "javac: a class that is not imported": Case(
        log="""src/main/java/shop/Basket.java:7: error: cannot find symbol
    private List<Line> lines;
            ^
  symbol:   class List
  location: class Basket
1 error
""",
        fits="import type",
        path="src/main/java/shop/Basket.java",
        line=7,
        symbol="List",
    ),
    "java: an own frame under the library's": Case(
        log="""Exception in thread "main" java.util.NoSuchElementException: No value present
	at java.base/java.util.Optional.orElseThrow(Optional.java:377)
	at shop.Basket.first(Basket.java:21)
	at shop.Main.main(Main.java:6)
""",
        fits="runtime",
        path="shop/Basket.java",
        line=21,
        code="NoSuchElementException",
    ),
    "gradle: an artifact": Case(
        log="""FAILURE: Build failed with an exception.

* What went wrong:
Could not resolve all files for configuration ':compileClasspath'.
> Could not find com.acme:widgets:9.9.9.
  Required by:
      root project :
""",
        fits="dependency",
        path="build.gradle",
    ),
    "dotnet: a package": Case(
        log="/app/Shop.csproj : error NU1101: Unable to find package Widgets.Net. No packages exist with this id in source(s): nuget.org\n",
        fits="dependency",
        path="Shop.csproj",
        code="NU1101",
    ),
    "dotnet: a missing semicolon": Case(
        log="/app/Program.cs(4,30): error CS1002: ; expected [/app/Shop.csproj]\n",
        fits="syntax",
        path="Program.cs",
        line=4,
        code="CS1002",
    ),
    "dotnet: a null": Case(
        log="""Unhandled exception. System.NullReferenceException: Object reference not set to an instance of an object.
   at Shop.Basket.Total() in /app/Basket.cs:line 12
   at Program.Main(String[] args) in /app/Program.cs:line 3
""",
        fits="runtime",
        path="Basket.cs",
        line=12,
        code="NullReferenceException",
    ),
    "ruby: a method that is not there": Case(
        log="app/basket.rb:4:in `total': undefined method `price' for nil:NilClass (NoMethodError)\n\tfrom main.rb:3:in `<main>'\n",
        fits="runtime",
        path="app/basket.rb",
        line=4,
        code="NoMethodError",
    ),
    "php: syntax": Case(
        log='PHP Parse error:  syntax error, unexpected token "}" in /app/index.php on line 9\n',
        fits="syntax",
        path="index.php",
        line=9,
    ),
    "shell: a program that is not there": Case(
        log="./deploy.sh: line 6: kubectl: command not found\n",
        fits="environment",
        path="deploy.sh",
        line=6,
        symbol="kubectl",
        exit_code=127,
    ),
    "shell: a time limit": Case(log="building ...\n", fits="timeout", exit_code=124),
    "bandit": Case(
        log=""">> Issue: [B602:subprocess_popen_with_shell_equals_true] subprocess call with shell=True identified, security issue.
   Severity: High   Confidence: High
   CWE: CWE-78 (https://cwe.mitre.org/data/definitions/78.html)
   Location: app/tools.py:9:4
""",
        fits="security",
        path="app/tools.py",
        line=9,
        code="B602",
    ),
    "npm audit": Case(
        log="""# npm audit report

minimist  <0.2.4
Severity: critical
Prototype Pollution in minimist - https://github.com/advisories/GHSA-xvch-5gv4-984h
""",
        fits="security",
    ),
    "gcc": Case(
        log="src/list.c:12:5: error: expected ';' before 'return'\n", fits="syntax", path="src/list.c", line=12
    ),
}
