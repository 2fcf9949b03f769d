"""What it costs to import the library and to ask for help, over Python's own start.

python benchmarks/startup.py [--json]
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from pathlib import Path
from statistics import median

GENCODE = str(Path(sys.executable).with_name("gencode"))
COMMANDS = {
    "python": [sys.executable, "-c", "pass"],
    "import gencode_graph": [sys.executable, "-c", "import gencode_graph"],
    "gencode --help": [GENCODE, "--help"],
}
ROUNDS = 9


def main() -> int:
    """Time the commands in turn, and compare the medians."""
    environment = {key: value for key, value in os.environ.items() if key != "PYTHONDONTWRITEBYTECODE"}
    seconds: dict[str, list[float]] = {name: [] for name in COMMANDS}
    for _ in range(ROUNDS):
        for name, argv in COMMANDS.items():
            began = time.perf_counter()
            subprocess.run(argv, env=environment, check=True, stdout=subprocess.DEVNULL)
            seconds[name].append(time.perf_counter() - began)
    medians = {name: round(median(times), 3) for name, times in seconds.items()}
    over = round(medians["import gencode_graph"] - medians["python"], 3)
    if "--json" in sys.argv:
        print(json.dumps({**medians, "import over python": over}))
    else:
        for name, value in {**medians, "import over python": over}.items():
            print(f"{name:24} {value:.3f} s")
    return 0 if over <= 0.3 and medians["gencode --help"] <= 0.5 else 1


if __name__ == "__main__":
    sys.exit(main())
