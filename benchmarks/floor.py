"""The whole demo against the very same tools run by hand, in the best order, on this machine, with warm caches.

    python benchmarks/floor.py [--rounds N] [--workspace DIR] [--json]

Makes the demo once to warm the caches, then in turns the demo and the hand-run tools on its sources. Fails when the
median demo takes more than 1.25 times the median hand-run. With --workspace only the tools are run, on that app.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import shlex
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

sys.path.pop(0)  # this folder: `import requests`, anywhere, would find the benchmark of that name

from gencode_graph.blueprint.client import TOOL, argv
from gencode_graph.machine import find_browser
from gencode_graph.sandbox.browser import SCRIPT
from gencode_graph.sandbox.local import free_port
from gencode_graph.sandbox.locks import here, read_lock
from gencode_graph.settings import Settings

REQUEST = "Create a bug tracking system with projects, issues, comments and labels"
ALLOWED = 1.25
AT_ONCE = 2
"""More at once is slower on two cores."""
PYTEST = ".venv/bin/python -m pytest -q -p no:cacheprovider"
UVICORN = ".venv/bin/python -m uvicorn app.main:app --log-level warning --port"


@dataclass(frozen=True)
class Job:
    """One command line, the folder it runs in, and the jobs that must be done before."""

    command: str
    folder: str
    after: tuple[str, ...] = ()


def jobs(app: Path, node: Path, python: Path, tool: Path) -> dict[str, Job]:
    """Every tool that a run uses, the most urgent first."""
    paths = [page["path"] for page in json.loads((app / "appspec.json").read_text())["pages"]]
    look = {
        "base": "http://127.0.0.1:$PORT",
        "pages": [[str(number), path] for number, path in enumerate(paths)],
        "out": "shots",
        "root": "..",
        "settle": 8000,
    }
    up = "for i in $(seq 200); do curl -sf -o /dev/null http://127.0.0.1:$PORT%s && break; sleep 0.05; done"
    serve = f"{UVICORN} $PORT & {up % '/api/health'}; kill %1 && wait; true"
    fix = ".venv/bin/ruff check -q --fix --exit-zero --select I,F401 . && .venv/bin/ruff format -q ."
    typed = ("node_modules", "openapi-typescript")
    web, backend = ("node_modules",), ("venv",)
    return {
        "venv": Job(f"cp -al {python}/.venv .venv", "backend"),
        "node_modules": Job(f"cp -al {node}/node_modules node_modules", "frontend"),
        "format backend": Job(fix, "backend", backend),
        "openapi-typescript": Job(shlex.join(argv(tool, Path())), "."),
        "format web": Job("node_modules/.bin/biome check --write .", "frontend", typed),
        "biome": Job("node_modules/.bin/biome check .", "frontend", ("format web",)),
        "vite build": Job("node_modules/.bin/vite build --logLevel=warn", "frontend", web),
        "e2e": Job(
            "E2E_PORT=$PORT PYTHON=../backend/.venv/bin/python node_modules/.bin/playwright test --reporter=dot",
            "frontend", ("vite build", "venv", "biome"),
        ),
        "vite build on mock data": Job(
            "VITE_API=mock node_modules/.bin/vite build --outDir dist-mock --logLevel=warn", "frontend", web
        ),
        "screenshots": Job(
            f"node_modules/.bin/vite preview --outDir dist-mock --host 127.0.0.1 --port $PORT & {up % '/'}; "
            f'node {SCRIPT} "$(echo \'{json.dumps(look)}\' | sed s/[$]PORT/$PORT/)" | '
            'node -e \'const r = JSON.parse(require("fs").readFileSync(0)); process.exit(r.faults.length ? 1 : 0)\'; '
            "status=$?; kill %1; exit $status",
            "frontend", ("vite build on mock data",),
        ),
        "schemathesis": Job(f"CONTRACT_EXAMPLES=5 {PYTEST} tests/test_contract.py", "backend", backend),
        "pytest": Job(
            f"{PYTEST} --ignore tests/test_contract.py -p no:schemathesis -p no:hypothesispytest", "backend", backend
        ),
        "tsc": Job("node_modules/.bin/tsc --noEmit -p tsconfig.json", "frontend", typed),
        "vitest": Job("node_modules/.bin/vitest run --pool=threads --no-isolate", "frontend", web),
        "openapi of the app": Job(".venv/bin/python -c 'import app.main; app.main.app.openapi()'", "backend", backend),
        "serve and restart": Job(f"({serve}); ({serve})", "backend", ("venv", "vite build")),
        "ruff": Job(".venv/bin/ruff check --no-cache -q .", "backend", ("format backend",)),
    }  # fmt: skip


async def by_hand(sources: Path) -> tuple[float, dict[str, float]]:
    """Copy the sources into a fresh folder and run every tool: seconds in all, and of each job."""
    with tempfile.TemporaryDirectory(prefix="gencode-floor-") as scratch:
        app = Path(scratch)
        began = time.perf_counter()
        shutil.copytree(sources, app, dirs_exist_ok=True, ignore=shutil.ignore_patterns(".gencode", ".git"))
        cache = Settings().cache / "installs"
        installed = [
            cache / lock.kind / lock.key(here(lock.kind))
            for lock in map(
                read_lock,
                (app / "frontend/package-lock.json", app / "backend/requirements-dev.txt", TOOL / "package-lock.json"),
            )
        ]
        took = await run_all(jobs(app, *installed), app)
        return time.perf_counter() - began, took


async def run_all(todo: dict[str, Job], app: Path) -> dict[str, float]:
    """Run jobs as their dependencies allow, ``AT_ONCE`` at once, the first named first: seconds of each."""
    took: dict[str, float] = {}
    running: dict[asyncio.Task[float], str] = {}
    while len(took) < len(todo):
        started = set(running.values()) | set(took)
        ready = [name for name, job in todo.items() if name not in started and took.keys() >= set(job.after)]
        for name in ready[: AT_ONCE - len(running)]:
            running[asyncio.create_task(run_one(name, todo[name], app))] = name
        done, _ = await asyncio.wait(running, return_when=asyncio.FIRST_COMPLETED)
        for task in done:
            took[running.pop(task)] = task.result()
    return took


async def run_one(name: str, job: Job, app: Path) -> float:
    """Run one job: its seconds. Ends the benchmark when it fails."""
    began = time.perf_counter()
    database = f"sqlite:///{app}/{name.replace(' ', '-')}.db"
    environment = {
        **{key: os.environ[key] for key in ("PATH", "HOME") if key in os.environ},
        "CHROMIUM": str(find_browser()),
        "PORT": str(free_port()),
        **({"APP_DATABASE_URL": database} if "uvicorn" in job.command else {}),
    }
    process = await asyncio.create_subprocess_exec(
        "bash", "-c", job.command, cwd=app / job.folder, env=environment,
        stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.STDOUT, start_new_session=True,
    )  # fmt: skip
    output, _ = await process.communicate()
    if process.returncode != 0:
        sys.exit(f"{name} failed\n{output.decode(errors='replace')[-3000:]}")
    return time.perf_counter() - began


def demo(workspace: Path) -> float:
    """Make the demo from its sentence: seconds."""
    began = time.perf_counter()
    gencode = str(Path(sys.executable).with_name("gencode"))
    made = subprocess.run(
        [gencode, "new", REQUEST, "--workspace", str(workspace), "--quiet"], capture_output=True, text=True, check=False
    )
    if made.returncode != 0:
        sys.exit(f"gencode ended with {made.returncode}\n{made.stdout[-3000:]}\n{made.stderr[-3000:]}")
    return time.perf_counter() - began


def main() -> int:
    """Measure, print, and say whether the demo is within what is allowed."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--workspace", type=Path, help="an app that is there; only the tools are run")
    parser.add_argument("--json", action="store_true", help="print JSON instead of a table")
    options = parser.parse_args()
    whole: list[float] = []
    hand: list[float] = []
    took: dict[str, float] = {}
    with tempfile.TemporaryDirectory(prefix="gencode-demo-") as scratch:
        sources = options.workspace or Path(scratch, "warm-up")
        if options.workspace is None:
            demo(sources)
        for number in range(options.rounds):
            seconds, took = asyncio.run(by_hand(sources))
            hand.append(seconds)
            if options.workspace is None:
                whole.append(demo(Path(scratch, str(number))))
    figures = {"by_hand": hand, "demo": whole, "jobs": took}
    ratio = statistics.median(whole) / statistics.median(hand) if whole else None
    if options.json:
        print(json.dumps(figures | {"ratio": ratio, "allowed": ALLOWED}, indent=1))
    else:
        for name, seconds in took.items():
            print(f"{name:26}{seconds:7.2f} s")
        print(f"{'by hand':26}{statistics.median(hand):7.2f} s   ({', '.join(f'{it:.1f}' for it in hand)})")
        if ratio is not None:
            print(f"{'demo':26}{statistics.median(whole):7.2f} s   ({', '.join(f'{it:.1f}' for it in whole)})")
            print(f"{'ratio':26}{ratio:7.2f}     (at most {ALLOWED})")
    return 0 if ratio is None or ratio <= ALLOWED else 1


if __name__ == "__main__":
    sys.exit(main())
