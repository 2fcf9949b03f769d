"""What a block is: a whole file, part of one, commands, or only a sample."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence

from gencode_graph.llm.answers.languages import PLAIN, extension

_LEADER = r"(?://+|#+|/\*+|<!--|--|;+|%+|\{/\*|\"\"\"|'''|\*)"
_SAID = (
    r"(?:existing|rest of|remaining|remainder|previous|unchanged|omitted|same as|as before|other (?:code|imports|methods"
    r"|functions|fields|routes|styles|props|settings|options|config\w*|parts)|keep (?:the|all|your)|no changes?|stays? the same"
    r"|remains? the same|snip(?:ped)?|your (?:code|existing|other)|more (?:code|fields|methods|items)|and so on|above code)"
)
_ELIDED = re.compile(
    rf"^\s*(?:{_LEADER}\s*)(?:(?:\.{{3}}|…)\s*)+(?:\(?\s*{_SAID}\b.*)?(?:\.{{3}}|…)?\s*(?:\*/\}}?|-->|\"\"\")?\s*$"
    rf"|^\s*(?:{_LEADER}\s*)?(?:\.{{3}}|…)\s*\(?\s*(?:the\s+|all\s+)?{_SAID}\b.*$"
    rf"|^\s*{_LEADER}\s*[(\[<]?\s*(?:the\s+|all\s+)?{_SAID}\b(?: of)?[^.]*\b(?:code|file|methods?|functions?|class|content|imports?"
    rf"|here|config\w*|logic|component|unchanged|same|implementation|styles?|rules?|routes?|fields?)\b[^=;]*$",
    re.IGNORECASE,
)
_DOTS = re.compile(r"^\s*(?:\.{3}|…)\s*$")
_DOCUMENTS = frozenset({"md", "mdx", "markdown", "rst", "txt", "tex", "adoc"})
_CREATES = re.compile(
    r"\b(?:creat\w+|new file|sav(?:e|ed|ing)|nam(?:e|ed)|called|call it|complete|full|entire|whole|updated|replac\w+"
    r"|rewrit\w+|contents? of|looks? like|following content|translat\w+|traduction|write|made|generat\w+|implement\w*)\b",
    re.IGNORECASE,
)
CREATES = re.compile(
    r"\b(?:new (?:\w+ ){0,3}file|(?:creat\w+|mak(?:e|ing)|write|build) (?:a|an|the|another|your)\b[^.\n]{0,60}\b(?:file|script|module|page|called|named)\b"
    r"|(?:called|named)\b|sav(?:e|ed|ing)\b|replac\w+ (?:the |your )?(?:existing|entire|whole|all|content|code)"
    r"|(?:complete|full|entire|whole) (?:\w+ ){0,2}(?:file|code|script|content|version|source))",
    re.IGNORECASE,
)
"""Words that announce a whole file."""
_CHANGES = re.compile(
    r"\b(?:add(?:ing|s)?|append|insert|modif(?:y|ied|ying)|updat(?:e|ing)|chang(?:e|ing)|import|includ(?:e|ing)|extend|edit"
    r"|adjust|set up|configur\w+|put|place|declare|register|remove|fix|replace the|in your|to your|tweak)\b",
    re.IGNORECASE,
)
_WHOLE = re.compile(
    r"^\s*(?:module\.exports\s*=|export default\b|<!doctype html|<html\b|(?-i:FROM \S+)|package \w+;?\s*$|@model |@page\b|namespace [\w.]+|#!/"
    r"|fn main\(|func main\(|int main\(|if __name__ ==|<project\b|<manifest\b|\[package\]|\[project\]|\[build-system\]"
    r"|public static void main|server \{|apply plugin|plugins \{|\[Unit\]|version: ['\"]?\d|services:\s*$|@tailwind )",
    re.IGNORECASE | re.MULTILINE,
)
_COMMANDS = frozenset(
    "npm npx yarn pnpm pip pip3 python python3 node cd mkdir ls cat git docker docker-compose sudo apt apt-get brew cargo"
    " go rustup rustc curl wget chmod chown cp mv rm touch echo export source composer php dotnet flask uvicorn gunicorn"
    " streamlit pytest make cmake gcc g++ java javac mvn gradle ./gradlew ./mvnw kubectl helm terraform ansible aws gcloud"
    " az heroku vercel netlify ng vue nest rails bundle gem ruby poetry uv conda virtualenv pipenv deno bun systemctl service"
    " psql mysql mongo redis-cli ssh scp tar unzip cds bash sh zsh find grep sed awk open code nano vim set sls serverless"
    " firebase expo react-native flutter dart swift xcodebuild zig ./run.sh alembic celery jupyter black isort ruff mypy tox"
    " choco winget scoop dnf yum pacman snap apk wsl pwd which env exit ps kill".split()
)
_PROMPT = re.compile(r"^\s*(?:\$|>|%)\s+")
_TREE = re.compile(r"[├└│]──?|^\s*[|`+]-- |^\s*\\--- ", re.MULTILINE)
SHORT = 0.5
"""Part of a file's lines below which a new version is suspected to be an excerpt."""


def elided(lines: Sequence[str], path: str | None = None) -> bool:
    """Whether lines stand for others that were left out: ``... existing code ...`` and its like."""
    if path is not None and extension(path) in _DOCUMENTS:
        return False
    before = ""
    for line in lines:
        if len(line) < 300:
            if _DOTS.match(line) and not before.rstrip().endswith((":", '"""', "'''", "=")):
                return True
            if ("..." in line or "…" in line or _SHORT_LEADER.match(line)) and _ELIDED.match(line):
                return True
        before = line if line.strip() else before
    return False


_SHORT_LEADER = re.compile(rf"^\s*{_LEADER}")


def is_commands(lines: Sequence[str]) -> bool:
    """Whether every line is a command, a comment, or goes on from the line before."""
    seen = False
    follows = False
    for line in lines:
        text = _PROMPT.sub("", line).strip()
        if not text or text.startswith("#"):
            continue
        if not follows:
            words = text.split()
            if words[0] not in _COMMANDS and not re.fullmatch(r"[A-Z_]+=\S*|\./\S+", words[0]):
                return False
            if len(words) > 1 and words[1] in ("=", "==", "(", ":="):
                return False
            seen = True
        follows = text.endswith("\\")
    return seen


def is_tree(lines: Sequence[str]) -> bool:
    """Whether lines draw a folder."""
    return bool(_TREE.search("\n".join(lines[:40])))


def is_whole(text: str, path: str) -> bool:
    """Whether a text shows that it is all of the file."""
    ending = extension(path)
    if ending == "json":
        try:
            return len(json.loads(text)) > 1
        except (ValueError, TypeError, RecursionError):
            return False
    if ending == "vue":
        return "<template" in text and "</" in text
    return bool(_WHOLE.search(text))


def is_part(text: str, path: str, sentence: str, *, again: bool) -> bool:
    """Whether the prose before a block speaks of a change to a file, and the block is not all of it."""
    if is_whole(text, path):
        return False
    changes, creates = _CHANGES.search(sentence), _CREATES.search(sentence)
    if again:
        return changes is not None or creates is None
    if CREATES.search(sentence):
        return False
    if changes is None:
        return False
    return creates is None or changes.start() < creates.start()


def changes(sentence: str) -> bool:
    """Whether a sentence speaks of changing code that is there."""
    return bool(_CHANGES.search(sentence)) and not CREATES.search(sentence)


def is_plain(language: str) -> bool:
    """Whether an info word says nothing of the language."""
    return language.lower() in PLAIN
