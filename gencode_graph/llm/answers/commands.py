"""Whether lines are commands for a shell."""

from __future__ import annotations

import re
from collections.abc import Sequence

_NAMES = """
npm npx yarn pnpm pip pip3 python python3 node cd mkdir ls cat git docker docker-compose sudo apt
apt-get brew cargo go rustup rustc curl wget chmod chown cp mv rm touch echo export source composer
php dotnet flask uvicorn gunicorn streamlit pytest make cmake gcc g++ java javac mvn gradle
./gradlew ./mvnw kubectl helm terraform ansible aws gcloud az heroku vercel netlify ng vue nest
rails bundle gem ruby poetry uv conda virtualenv pipenv deno bun systemctl service psql mysql mongo
redis-cli ssh scp tar unzip cds bash sh zsh find grep sed awk open code nano vim set sls serverless
firebase expo react-native flutter dart swift xcodebuild zig ./run.sh alembic celery jupyter black
isort ruff mypy tox choco winget scoop dnf yum pacman snap apk wsl pwd which env exit ps kill
"""
_COMMANDS = frozenset(_NAMES.split())
_PROMPT = re.compile(r"^\s*(?:\$|>|%)\s+")


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
            seen |= words[0] in _COMMANDS or words[0].startswith("./")
        follows = text.endswith("\\")
    return seen
