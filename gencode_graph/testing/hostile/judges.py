"""How to tell that an attack was contained: by its result, and by what this machine saw."""

from __future__ import annotations

from gencode_graph.testing.hostile.attack import Evidence, Judge

MB = 1_000_000
GROWTH = 20 * MB
"""Bytes by which the controller may grow, whatever a program writes."""
PROCESSES = 1100
"""Processes that no backend gives a command."""


def ending(seen: Evidence, *wanted: str, within: float) -> list[str]:
    """Complaints unless an attack ended in one of these ways, in time."""
    wrong = []
    if seen.result.verdict not in wanted:
        wrong.append(f"the verdict is {seen.result.verdict} and not {' or '.join(wanted)}")
    if seen.result.seconds > within:
        wrong.append(f"it took {seen.result.seconds:.1f} s and not {within} at most")
    return wrong


def bomb(seen: Evidence) -> list[str]:
    """A fork bomb was seen from here, and came to an end below the limit."""
    wrong = ending(seen, "timeout", "failed", "memory", "ok", within=9)
    if not 2 <= seen.most <= PROCESSES:
        wrong.append(f"this machine saw {seen.most} of its processes at once")
    return wrong


def out_of_memory(seen: Evidence) -> list[str]:
    """The kernel ended it, and the result says so."""
    wrong = ending(seen, "memory", within=12)
    if seen.result.peak_memory is not None and not 100 * MB < seen.result.peak_memory < 700 * MB:
        wrong.append(f"its peak was {seen.result.peak_memory} bytes")
    return wrong


def full_disk(seen: Evidence) -> list[str]:
    """Every place was full at some point, or the memory that it is made of was; this machine's disk lost nothing."""
    wrong = ending(seen, "ok", "memory", within=30)
    missed = [place for place in ("workspace", "tmp", "shm", "home") if not any(place in what for what in seen.denied)]
    if seen.result.verdict == "ok" and missed:
        wrong.append(f"never full: {', '.join(missed)}")
    if seen.disk > 1500 * MB:
        wrong.append(f"this machine's disk lost {seen.disk} bytes")
    return wrong + [f"all it wanted: {what}" for what in seen.got]


def refused_at_last(seen: Evidence) -> list[str]:
    """It was refused at some point, by an error or by the end of its memory, and got nothing without end."""
    wrong = ending(seen, "ok", "memory", within=30)
    if seen.result.verdict == "ok" and not seen.denied:
        wrong.append("it was never refused")
    return wrong + [f"without end: {what}" for what in seen.got]


def cut(seen: Evidence) -> list[str]:
    """The output was cut, the program ended at once, and we did not grow."""
    kept = len(seen.result.stdout.encode()) + len(seen.result.stderr.encode())
    wrong = ending(seen, "output_limit", within=6)
    if not 0 < kept <= MB:
        wrong.append(f"{kept} bytes were kept")
    if not seen.result.cut:
        wrong.append("the result does not say how much was cut")
    if seen.grown > GROWTH:
        wrong.append(f"the controller grew by {seen.grown} bytes")
    return wrong


def late(seen: Evidence) -> list[str]:
    """It was ended at its deadline, with little grace."""
    wrong = ending(seen, "timeout", within=9)
    if "began" not in seen.result.stdout:
        wrong.append("it never began")
    return wrong


def in_proportion(seen: Evidence) -> list[str]:
    """It had no more processor time than the backend gives a command."""
    first, last = seen.samples[0].at, seen.samples[-1].at
    used = max(sum(process.cpu for process in look.processes) for look in seen.samples)
    wrong = late(seen)
    if not 0.2 < used < seen.cpus * (last - first) * 1.2:
        wrong.append(f"it used {used:.1f} s of processor time in {last - first:.1f} s")
    return wrong


def left_behind(seen: Evidence) -> list[str]:
    """It ended by itself, and this machine saw the second process that it left."""
    wrong = ending(seen, "ok", within=6)
    if seen.most < 2:
        wrong.append("this machine never saw what it left behind")
    return wrong


def ends_with(code: int | None) -> Judge:
    """It failed by itself, soon and with its own exit code: no limit is to blame."""

    def judge(seen: Evidence) -> list[str]:
        wrong = ending(seen, "failed", within=6)
        if code is not None and seen.result.exit_code != code:
            wrong.append(f"the exit code is {seen.result.exit_code} and not {code}")
        return wrong

    return judge


def denied(*names: str, within: float = 8.0) -> Judge:
    """Everything was tried, nothing was had, nobody was reached, and no refusal took its time."""

    def judge(seen: Evidence) -> list[str]:
        wrong = ending(seen, "ok", within=within)
        missed = sorted(set(names) - set(seen.denied) - set(seen.got))
        return [
            *wrong,
            *(f"it got {what}" for what in seen.got),
            *(f"it never tried {what}" for what in missed),
            *(f"it reached this machine's {who} listener" for who in sorted(set(seen.hits))),
        ]

    return judge


def powerless(seen: Evidence) -> list[str]:
    """The kernel tells this machine that its processes are an ordinary user's, with no capabilities."""
    found = [process for look in seen.samples for process in look.processes if process.program.startswith("python")]
    wrong = ending(seen, "ok", within=8) + [f"it got {what}" for what in seen.got]
    if not found:
        wrong.append("this machine never saw it")
    if any(process.user == 0 for process in found):
        wrong.append("it ran as this machine's root")
    if any(process.capabilities for process in found):
        wrong.append(f"it had capabilities: {found[-1].capabilities:x}")
    if not all(process.no_new_privileges for process in found):
        wrong.append("it could have gained privileges")
    return wrong


def only_its_files(*names: str, least: int = 0) -> Judge:
    """What was read back is these regular files, and nothing of this machine."""

    def judge(seen: Evidence) -> list[str]:
        wrong = ending(seen, "ok", within=8)
        if set(seen.collected) != set(names):
            wrong.append(f"read back: {sorted(seen.collected)}")
        if any(b"root:" in content for content in seen.collected.values()):
            wrong.append("a file from outside of the workspace was read back")
        if sum(map(len, seen.collected.values())) < least:
            wrong.append("what was read back is not whole")
        return wrong

    return judge
