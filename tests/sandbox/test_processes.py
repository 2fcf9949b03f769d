"""Programs are ended in good order, also when whoever waits for them is cancelled."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

CANCELLED = """
import asyncio, os
from pathlib import Path
from gencode_graph.sandbox.processes import run_process

async def main():
    script = "sleep 30 & echo $! > child; wait"
    work = asyncio.ensure_future(
        run_process(("sh", "-c", script), cwd=Path.cwd(), env={"PATH": os.defpath}, seconds=60, output_limit=1000)
    )
    await asyncio.sleep(WAIT)
    work.cancel()
    try:
        await work
    except asyncio.CancelledError:
        print("cancelled")

asyncio.run(main())
"""


@pytest.mark.parametrize("wait", [0, 0.005, 0.3])
def test_a_cancelled_run_ends_its_program_and_leaves_nothing_open(wait: float, tmp_path: Path) -> None:
    code = CANCELLED.replace("WAIT", str(wait))
    ran = subprocess.run(
        [sys.executable, "-W", "default", "-c", code],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        timeout=20,
        check=True,
    )
    assert (ran.stdout, ran.stderr) == ("cancelled\n", "")
    if (child := tmp_path / "child").exists() and (pid := child.read_text().strip()):
        stat = Path(f"/proc/{pid}/stat")
        assert not stat.exists() or stat.read_text().split()[2] == "Z"
