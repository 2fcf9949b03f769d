"""What a web app does not use: names that are imported for nothing, and components that nothing imports."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from posixpath import dirname, join, normpath

_SOURCE = "frontend/src/"
_IMPORT = re.compile(r"^import (?:type )?(\{[^}]*\}|\w+|\w+, \{[^}]*\})\s+from\s+\"([^\"]+)\";\n", re.M)
_ANY = re.compile(r"(?:from|import)\s*\(?\s*\"([./@][^\"]*)\"")
_TEXT = re.compile(r"\"(?:[^\"\\\n]|\\.)*\"|(?<!:)//[^\n]*|/\*.*?\*/", re.S)
_KEY = re.compile(r"([{,]\s*)[A-Za-z_$][\w$]*\s*:")
_ROOTS = ("main.tsx", "test/setup.ts", "vite-env.d.ts")


def unreached(files: Mapping[str, str | bytes]) -> dict[str, str | bytes]:
    """The files without those of ``frontend/src`` that ``main.tsx`` does not lead to; tests go with what they test."""
    tidy = {path: _without_unused(path, content) for path, content in files.items()}
    if f"{_SOURCE}main.tsx" not in files:
        return tidy
    seen: set[str] = set()
    queue = [_SOURCE + name for name in _ROOTS if _SOURCE + name in files]
    while queue:
        path = queue.pop()
        if path not in seen:
            seen.add(path)
            queue += _imports(path, tidy)
    return {path: text for path, text in tidy.items() if not path.startswith(_SOURCE) or _keep(path, seen)}


def _keep(path: str, seen: set[str]) -> bool:
    stem = re.sub(r"\.test\.(tsx?)$", "", path)
    tested = path != stem and {f"{stem}.ts", f"{stem}.tsx", f"{dirname(path)}/index.ts"} & seen
    return path in seen or bool(tested) or not path.endswith((".ts", ".tsx"))


def _without_unused(path: str, content: str | bytes) -> str | bytes:
    if not path.startswith("frontend/") or not path.endswith((".ts", ".tsx")):
        return content
    text = content if isinstance(content, str) else content.decode()
    code = _KEY.sub(r"\1", _TEXT.sub('""', _IMPORT.sub("", text)))
    used = set(re.findall(r"(?:(?<!\.)|(?<=\.\.\.))\b[A-Za-z_$][\w$]*", code))

    def shorten(found: re.Match[str]) -> str:
        clause = found[1]
        if not clause.startswith("{"):
            return found[0]
        names = [n.strip() for n in clause[1:-1].split(",") if n.strip()]
        kept = [n for n in names if re.split(r"\s+", n)[-1] in used]
        return found[0].replace(clause, "{ " + ", ".join(kept) + " }") if kept else ""

    short = _IMPORT.sub(shorten, text)
    return short if isinstance(content, str) else short.encode()


def _imports(path: str, files: Mapping[str, str | bytes]) -> Iterator[str]:
    content = files[path]
    text = content if isinstance(content, str) else content.decode()
    for found in _ANY.finditer(text):
        target = found[1]
        base = _SOURCE + target[2:] if target.startswith("@/") else normpath(join(dirname(path), target))
        for candidate in (base, f"{base}.ts", f"{base}.tsx", f"{base}/index.ts", f"{base}/index.tsx"):
            if candidate in files:
                yield candidate
                break
