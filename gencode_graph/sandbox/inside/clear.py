"""Run in a sandbox: deletes what is under the owned prefixes but not to be kept, and makes way for what will be put."""

import json
import sys
from pathlib import Path

order = Path(sys.argv[1])
job = json.loads(order.read_text(encoding="utf-8"))
order.unlink()
keep = {Path(path) for path in job["keep"]}


def is_folder(place: Path) -> bool:
    """Whether this is a folder itself, and not a link to one."""
    return place.is_dir() and not place.is_symlink()


def clear(place: Path) -> None:
    """Delete what is at or below a place, less what is kept and what is installed."""
    if is_folder(place):
        for entry in list(place.iterdir()):
            if entry.name not in job["untouched"]:
                clear(entry)
    elif place not in keep:
        place.unlink(missing_ok=True)


for prefix in job["owned"]:
    clear(Path(prefix))
for folder in {parent for place in keep for parent in place.parents}:
    if not is_folder(folder):
        folder.unlink(missing_ok=True)
for place in keep:
    if is_folder(place):
        place.rmdir()
