"""What of this machine a command behind walls gets to see, and as whom it is started."""

from __future__ import annotations

import itertools
import os
import shutil
from pathlib import Path

from gencode_graph import machine
from gencode_graph.errors import MissingError
from gencode_graph.sandbox.jail import SYSTEM, SYSTEM_PATH
from gencode_graph.sandbox.locks import base_python
from gencode_graph.settings import Settings

USERS = 1_879_048_192
"""The first of the user ids that no system gives to anybody; as many follow as there are processes, 64 times."""
NOBODY = 65_534
_numbers = itertools.count()


def other_user() -> int | None:
    """Whom the kernel's root becomes, whatever it is called here: a user id that nobody has. None for other users."""
    if Path("/proc/sys/kernel/core_pattern").stat().st_uid != os.geteuid():
        return None
    wanted = USERS + (os.getpid() % (1 << 22)) * 64 + next(_numbers) % 64
    for line in Path("/proc/self/uid_map").read_text(encoding="ascii").splitlines():
        first, _, count = map(int, line.split())
        for user in (wanted, NOBODY):
            if first <= user < first + count:
                return user
    raise MissingError(
        "there is no user here that root could become, and bubblewrap is not safe for root; run as a user"
    )


def tools(settings: Settings) -> tuple[list[Path], dict[str, str]]:
    """What programs need beside the system's own folders, and their environment, built from nothing."""
    node, browser = shutil.which("node"), machine.find_browser(settings.browser)
    python = base_python()
    found = [str(Path(it).parent) for it in (node,) if it]
    last = [] if shutil.which("python3", path=SYSTEM_PATH) else [str(Path(python).parent)]
    environment = {
        "PATH": os.pathsep.join([*found, SYSTEM_PATH, *last]),
        "HOME": "/home/app",
        "TMPDIR": "/tmp",
        "LANG": "C.UTF-8",
        **({"CHROMIUM": str(browser)} if browser else {}),
    }
    shown = {home_of(place) for it in (node, python, browser) if it for place in (Path(it), Path(it).resolve())}
    return sorted(place for place in shown if not any(place.is_relative_to(it) for it in SYSTEM)), environment


def home_of(program: Path) -> Path:
    """The folder that a program was installed into; itself where that would show more than the program."""
    prefix = program.parent.parent if program.parent.name == "bin" else program.parent
    return program if prefix in (Path("/"), Path.home(), *Path.home().parents) else prefix
