"""Go: positions of the compiler, the module tools, failing tests and panics."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator

from gencode_graph.healing.logs.causes import Cause, by_message
from gencode_graph.healing.logs.clue import DIAGNOSTIC, EXCEPTION, TOOL, Clue, kinds
from gencode_graph.healing.logs.log import Log
from gencode_graph.healing.logs.subject import subject

_AT = re.compile(
    r"^(?:vet: |gofmt: )?(?P<path>(?:[\w.@-]{1,100}/|/){0,20}[\w.@-]{1,100}\.go):(?P<line>\d+)(?::\d+)?: "
    r"(?P<message>.+)$",
    re.M,
)
_CYCLE = re.compile(r"^package \S+\n(?P<chain>(?:\s+imports \S+(?: from [^\s:]+)?(?:: .*)?\n?){1,40})", re.M)
_IMPORTS = re.compile(r"^go: (?P<by>\S+) imports\n\s+(?P<name>[^\s:]+): (?P<message>.*)$", re.M)
_PANIC = re.compile(r"^(?:panic: |fatal error: )(?P<message>.*)$", re.M)
_FRAME = re.compile(r"^\s+(?P<path>\S+\.go):(?P<line>\d+)(?: \+0x[0-9a-f]+)?$", re.M)
_FAILED = re.compile(r"^(?P<indent>\s*)--- FAIL: (?P<test>\S+)", re.M)
_LOGGED = re.compile(r"^\s+(?P<path>[\w.-]+_test\.go):(?P<line>\d+): ?(?P<message>.*)$", re.M)
_FATAL = re.compile(
    r"^\d{4}/\d\d/\d\d \d\d:\d\d:\d\d (?:(?P<path>[\w./-]+\.go):(?P<line>\d+): )?(?P<message>.*)$", re.M
)


def read(log: Log) -> Iterator[Clue]:
    """What the Go tools say."""
    if not (
        log.has(".go", "go: ", "go.mod", "goroutine", "--- FAIL", " imports ")
        or re.search(r"\bgo\b", f"{log.tool} {log.command}")
    ):
        return
    yield from _panics(log)
    yield from _modules(log)
    yield from _compiled(log)
    yield from _tests(log)
    if re.search(r"\bgo (?:run|test|build)\b", log.command) or log.has("exit status"):
        yield from _fatal(log)


def _compiled(log: Log) -> Iterator[Clue]:
    tested = log.has("--- FAIL", "panic: ")
    for match in _AT.finditer(log.body):
        path = log.own.relative(match["path"])
        if path is None or (tested and match["path"].endswith("_test.go") and match[0][0].isspace()):
            continue
        message = match["message"]
        cause = by_message(message, part="go") or Cause(category="type")
        category = cause.category
        name = re.search(
            r"(?:undefined: |not used: |package |imported and not used: )\"?([\w./-]+)|^\""
            r"([^\"]+)\" imported|^(\S+)(?: \(.*\))? (?:declared|undefined)",
            message,
        )
        yield Clue(
            category=category,
            alternatives=cause.alternatives,
            message=message,
            rank=DIAGNOSTIC if category != "lint" else DIAGNOSTIC - 5,
            path=path,
            line=int(match["line"]),
            code=None,
            symbol=next((group for group in name.groups() if group), None) if name else None,
            evidence=(match[0],),
        )


def _modules(log: Log) -> Iterator[Clue]:
    if (match := _CYCLE.search(log.body)) and "import cycle" in match["chain"]:
        chain = re.findall(r"imports (\S+)(?: from (\S+?))?(?::|$)", match["chain"], re.M)
        yield _module_clue("import cycle not allowed", "import", _cycle_file(chain), None)
    for match in _IMPORTS.finditer(log.body):
        text, name, by = match["message"], match["name"], match["by"]
        cause = by_message(text) or Cause(category="dependency", alternatives=("import", "network"))
        root = 3 if by.startswith(("github.com/", "gitlab.com/", "bitbucket.org/")) else 2
        own = name.split("/")[:root] == by.split("/")[:root]
        words = " ".join((cause.category, *cause.alternatives, "dependency"))
        words = "import dependency" if own and cause.category != "network" else words
        main = "main.go" if not log.project or "main.go" in log.project else None
        yield _module_clue(text, words, main, name)


def _cycle_file(chain: list[tuple[str, str]]) -> str | None:
    """The first package that is imported again, and the file in it that imports on."""
    names = [name for name, _ in chain]
    again = next((name for name in names if names.count(name) > 1), None)
    if again is None:
        return None
    follower = names.index(again) + 1
    file = chain[follower][1] if follower < len(chain) else ""
    return posixpath.join(posixpath.basename(again), file) if file else None


def _module_clue(message: str, words: str, path: str | None, symbol: str | None) -> Clue:
    category, alternatives = kinds(" ".join(dict.fromkeys(words.split())))
    return Clue(
        category=category,
        alternatives=alternatives,
        message=message.strip(),
        rank=TOOL,
        path=path,
        symbol=symbol,
        evidence=(message.strip(),),
    )


def _panics(log: Log) -> Iterator[Clue]:
    for match in _PANIC.finditer(log.body):
        rest = log.body[match.end() : match.end() + 20_000]
        if "goroutine " not in rest and "FAIL" not in rest:
            continue
        frames = ((log.own.relative(m["path"]), int(m["line"])) for m in _FRAME.finditer(rest))
        path, line = next(((p, n) for p, n in frames if p), (None, None))
        message = match["message"]
        cause = by_message(message) or Cause(category="runtime", alternatives=("logic",))
        if "test timed out" in message:
            cause = Cause(category="timeout")
        elif "all goroutines are asleep" in message:
            cause = Cause(category="runtime", alternatives=("timeout", "logic"))
        yield Clue(
            category=cause.category,
            alternatives=cause.alternatives,
            message=f"panic: {message}",
            rank=DIAGNOSTIC + 1,
            path=path,
            line=line,
            code=cause.code or "panic",
            evidence=(match[0],),
        )


_FAILURE = Cause(category="logic")


def _tests(log: Log) -> Iterator[Clue]:
    for match in _FAILED.finditer(log.body):
        rest = log.body[match.end() : match.end() + 4_000]
        said = _LOGGED.search(rest)
        test = log.own.relative(said["path"]) if said else None
        message = said["message"] if said and said["message"] else f"{match['test']} failed"
        cause = by_message(message) or _FAILURE
        about = subject(log, test) if test and cause.category == "logic" else test
        line = int(said["line"]) if said and about == test else None
        yield Clue(
            category=cause.category,
            alternatives=cause.alternatives if cause.category == "logic" else ("logic", *cause.alternatives),
            message=message,
            rank=EXCEPTION,
            path=about,
            line=line,
            symbol=match["test"],
            evidence=(message,),
        )


def _fatal(log: Log) -> Iterator[Clue]:
    """What ``log.Fatal`` printed before the end."""
    for match in reversed(list(_FATAL.finditer(log.body))[-20:]):
        if cause := by_message(match["message"]):
            main = "main.go" if not log.project or "main.go" in log.project else None
            path = log.own.relative(match["path"]) or main
            yield Clue(
                category=cause.category,
                alternatives=cause.alternatives,
                message=match["message"],
                rank=EXCEPTION - 5,
                path=path,
                line=int(match["line"]) if match["line"] else None,
                code=cause.code,
                evidence=(match[0],),
            )
            return
