"""What languages fences name, what files they are in, and what a path must end in to be one."""

from __future__ import annotations

import re

MARKDOWN = re.compile(r"^(?:markdown|md|mdx)\b|\.(?:md|mdx|markdown|rst|txt)\b", re.IGNORECASE)
"""An info string of a document, which may hold fences of its own."""
SHELLS = frozenset({"bash", "sh", "shell", "zsh", "console", "powershell", "ps1", "cmd", "bat", "fish", "terminal"})
