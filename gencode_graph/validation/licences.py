"""The licences of what an app is built with, as the installed packages state them."""

from __future__ import annotations

import re
from collections.abc import Mapping

PERMISSIVE = frozenset({
    "0bsd", "apache-2.0", "blueoak-1.0.0", "bsd", "bsd-2-clause", "bsd-3-clause", "bsl-1.0", "cc-by-4.0", "cc0-1.0",
    "isc", "mit", "mit-0", "ofl-1.1", "psf-2.0", "python-2.0", "unicode-3.0", "unicode-dfs-2016", "unlicense",
    "wtfpl", "zlib",
})  # fmt: skip
"""Anything may be done with what is under these; fonts and data of their own kind are among them."""
PER_FILE = frozenset({"mpl-2.0"})
"""Only changes of its own files have to be published, and an app changes none."""
_NAMES = {
    "apache 2.0": "apache-2.0", "apache license 2.0": "apache-2.0", "apache software license": "apache-2.0",
    "apache license, version 2.0": "apache-2.0", "mit license": "mit", "the mit license": "mit", "bsd license": "bsd",
    "3-clause bsd license": "bsd-3-clause", "new bsd": "bsd-3-clause", "isc license (iscl)": "isc",
    "python software foundation license": "psf-2.0", "the unlicense (unlicense)": "unlicense",
    "mozilla public license 2.0 (mpl 2.0)": "mpl-2.0",
}  # fmt: skip
READ = r"""
import importlib.metadata, json, os, sys
def stated(one):
    expression = one.get("License-Expression") or ""
    classes = [c.rpartition("::")[2].strip() for c in one.get_all("Classifier") or () if c.startswith("License ::")]
    text = (one.get("License") or "").strip().split("\n")[0][:80]
    return expression or (text if len(text) < 60 else "") or " OR ".join(classes) or text
python = [{"Name": d.metadata["Name"], "Version": d.version, "License": stated(d.metadata)}
          for d in importlib.metadata.distributions()]
node = []
root = sys.argv[1]
try:
    with open(os.path.join(root, "package-lock.json"), encoding="utf-8") as file:
        packages = json.load(file)["packages"]
except (OSError, ValueError, KeyError):
    packages = {}
for place in packages:
    try:
        with open(os.path.join(root, place, "package.json"), encoding="utf-8") as file:
            one = json.load(file)
    except (OSError, ValueError):
        continue
    said = one.get("license") or one.get("licenses") or ""
    if isinstance(said, list):
        said = " OR ".join(str(s.get("type", "") if isinstance(s, dict) else s) for s in said)
    if place:
        said = said.get("type", "") if isinstance(said, dict) else str(said)
        node.append({"Name": str(one.get("name")), "Version": str(one.get("version")), "License": said})
print(json.dumps({"python": python, "node": node}))
"""
"""A program that prints what the packages beside its interpreter, and those in a folder, say of themselves."""


def unusual(packages: Mapping[str, str]) -> dict[str, str]:
    """The packages (``name@version`` -> licence) under a licence that a person should read first."""
    return {name: said or "none stated" for name, said in packages.items() if not allowed(said)}


def allowed(expression: str) -> bool:
    """Whether one of the alternatives of an SPDX expression, or of what people write instead, is open to all."""
    flat = re.sub(r"[()]", " ", expression) if re.search(r"\b(?:OR|AND)\b", expression) else expression
    alternatives = re.split(r"\s+OR\s+|\s*/\s*", flat.strip())
    return any(all(map(_known, re.split(r"\s+AND\s+", one))) for one in alternatives)


def _known(name: str) -> bool:
    plain = name.strip().lower()
    return _NAMES.get(plain, plain) in PERMISSIVE | PER_FILE
