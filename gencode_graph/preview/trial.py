"""An app that is served, tried out in a browser of its sandbox."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import PurePosixPath

from gencode_graph.preview.app import App
from gencode_graph.sandbox.browser import Step, act
from gencode_graph.types import Verdict

_OUT = ".trial"


async def tried(app: App, steps: Sequence[Step]) -> tuple[Verdict, dict[str, bytes]]:
    """What went wrong in the steps, and the pictures that they took, as PNG by name.

    Raises ``SandboxError`` when the browser does not run.
    """
    verdict = await act(app.sandbox, app.inside, steps, _OUT)
    made = await app.sandbox.collect([_OUT])
    return verdict, {PurePosixPath(path).stem: content for path, content in made.items()}
