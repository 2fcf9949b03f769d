"""What is installed, what of it is missing or old, and under which licences."""

from __future__ import annotations

import re

from gencode_graph.types import Finding
from gencode_graph.validation.reports.guarded import UnreadableError, console, load_json, mapping, objects, text_of
from gencode_graph.validation.reports.report import MESSAGE, Report, not_run, on_issues

_PROBLEM = re.compile(r"^npm (?:ERR!|error) (missing|invalid|extraneous): ([^\n]*)$", re.MULTILINE)
_OUTDATED = re.compile(r"^Package +Current +Wanted +Latest[^\n]*$", re.MULTILINE)
_REQUIRES = re.compile(r"^\S+ \S+ (?:requires|has requirement) [^\n]*$", re.MULTILINE)


def read_npm_ls(output: str, *, tool: str, exit_code: int | None = None) -> Report:
    """``npm ls --json``: what is missing, extraneous or of the wrong version."""
    document = mapping(load_json(output))
    if "dependencies" not in document and "name" not in document and "problems" not in document:
        return not_run("dependencies", "npm-ls-json", output.strip())
    problems = document.get("problems")
    said = [one for one in problems if isinstance(one, str)] if isinstance(problems, list) else []
    found = [Finding(rule=f"{tool}/{one.partition(':')[0]}", message=one[:MESSAGE]) for one in said]
    numbers = {name: sum(one.startswith(f"{name}:") for one in said) for name in ("missing", "invalid", "extraneous")}
    numbers["packages"] = _count(mapping(document.get("dependencies")))
    return on_issues(
        "dependencies", "npm-ls-json", found, tool=tool, exit_code=exit_code, output=output, numbers=numbers
    )


def _count(dependencies: dict[str, object]) -> int:
    number = 0
    stack = [dependencies]
    while stack:
        inner = stack.pop()
        number += len(inner)
        stack += [mapping(mapping(one).get("dependencies")) for one in inner.values()]
    return number


def read_text(output: str, *, tool: str, exit_code: int | None = None) -> Report:
    """``npm ls``, ``npm outdated`` and ``pip check`` on the console."""
    text = console(output)
    said = list(dict.fromkeys(_PROBLEM.findall(text)))
    old = _OUTDATED.search(text)
    rows = [line.split() for line in text[old.end() :].split("\n") if line.strip()] if old else []
    lacking = _REQUIRES.findall(text)
    found = [Finding(rule=f"{tool}/{kind}", message=f"{kind}: {what}"[:MESSAGE]) for kind, what in said]
    found += [Finding(rule=f"{tool}/outdated", message=" ".join(row[:4]), severity="warning") for row in rows]
    found += [Finding(rule=f"{tool}/conflict", message=line[:MESSAGE]) for line in lacking]
    numbers = {name: sum(kind == name for kind, _ in said) for name in ("missing", "invalid", "extraneous")}
    if old:
        numbers["outdated"] = len(rows)
    clean = exit_code == 0 or "No broken requirements found" in text
    code = exit_code if found or clean else exit_code or 1
    return on_issues("dependencies", "text", found, tool=tool, exit_code=code, output=text, numbers=numbers)


def read_npm_outdated(output: str, *, tool: str, exit_code: int | None = None) -> Report:
    """``npm outdated --json``; nothing written is nothing old."""
    document = mapping(load_json(output)) if output.strip() else {}
    if "error" in document and "code" in mapping(document["error"]):
        return not_run("dependencies", "npm-outdated-json", output.strip())
    old = {name: each if isinstance(each, list) else [each] for name, each in document.items()}
    found = [
        Finding(
            rule=f"{tool}/outdated",
            message=f"{name} {text_of(one.get('current')) or 'not installed'}, latest {text_of(one.get('latest'))}"[
                :MESSAGE
            ],
            severity="warning",
        )
        for name, each in old.items()
        for one in objects(each)
    ]
    numbers = {"outdated": len(old)}
    return on_issues(
        "dependencies", "npm-outdated-json", found, tool=tool, exit_code=exit_code, output=output, numbers=numbers
    )


def read_pip_outdated(output: str, *, tool: str, exit_code: int | None = None) -> Report:
    """``pip list --outdated --format json``."""
    document = load_json(output)
    if not isinstance(document, list):
        raise UnreadableError("it is no list")
    found = [
        Finding(
            rule=f"{tool}/outdated",
            message=f"{one.get('name')} {one.get('version')}, latest {one.get('latest_version')}"[:MESSAGE],
            severity="warning",
        )
        for one in objects(document)
    ]
    numbers = {"outdated": len(found)}
    return on_issues(
        "dependencies", "pip-outdated-json", found, tool=tool, exit_code=exit_code, output=output, numbers=numbers
    )


def read_pip_licenses(output: str, *, tool: str, exit_code: int | None = None) -> Report:
    """``pip-licenses --format=json``."""
    each = objects(load_json(output))
    packages = {f"{one.get('Name')}@{one.get('Version')}": text_of(one.get("License")) for one in each}
    return _licences("pip-licenses-json", packages, exit_code, output)


def read_license_checker(output: str, *, tool: str, exit_code: int | None = None) -> Report:
    """``license-checker --json``: one or several licences for each ``name@version``."""
    packages: dict[str, str] = {}
    for name, value in mapping(load_json(output)).items():
        stated = mapping(value).get("licenses")
        packages[name] = " OR ".join(map(str, stated)) if isinstance(stated, list) else text_of(stated)
    return _licences("license-checker-json", packages, exit_code, output)


def _licences(format_: str, packages: dict[str, str], exit_code: int | None, output: str) -> Report:
    if not packages:
        return not_run("licences", format_, output.strip())
    numbers = {"packages": len(packages)}
    return Report(kind="licences", format=format_, ran=not exit_code, numbers=numbers, packages=packages)
