"""Images as the Docker engine has them: which there are, whether they are up to date, and how they are built."""

from __future__ import annotations

import contextlib
import hashlib
import io
import json
import re
import threading
import time
import uuid
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from gencode_graph.errors import MissingError, SandboxError
from gencode_graph.sandbox import owners
from gencode_graph.sandbox.archives import pack
from gencode_graph.sandbox.commands import inside
from gencode_graph.sandbox.confinement import Place
from gencode_graph.sandbox.docker import Engine, daemon
from gencode_graph.sandbox.image_recipes import CERTIFICATES, Recipe, recipe
from gencode_graph.sandbox.owners import LABEL

MARK = "gencode.image"
"""The label that holds what we know of an image, as JSON."""
SILENCE = 1200
"""Seconds that a build may say nothing; packages are fetched without a word."""
State = Literal["missing", "stale", "fresh"]
Hear = Callable[[str], None]


@dataclass(frozen=True, kw_only=True)
class Built:
    """An image that was made here."""

    id: str
    size: int
    """Bytes, those of its base included."""
    created: str
    """As ISO 8601."""
    identity: str
    base: str
    """The name of the image that it was made on."""
    base_id: str
    certificates: str
    """A hash of the extra root certificates in it."""
    holds: str
    """Its programs with their versions."""
    seconds: float
    """What the build took."""


class ImageEngine(Engine):
    """A connection to the Docker engine, with what images need."""

    def local_id(self, reference: str) -> str | None:
        """The id of a local image, or None."""
        with daemon():
            found = self._client.images.list(name=reference)
            return str(found[0].id) if found else None

    def built(self, reference: str) -> Built | None:
        """An image of ours, or None; one that we did not make counts as none."""
        with daemon():
            found = self._client.images.list(name=reference)
        mark = found[0].labels.get(MARK) if found else None
        if mark is None:
            return None
        attributes = found[0].attrs
        known = {"id": str(found[0].id), "size": attributes["Size"], "created": attributes["Created"]}
        return Built(**known, **json.loads(mark))

    def fetch(self, reference: str, hear: Hear) -> str:
        """The id of an image, which is pulled where it is not here. Raises ``MissingError`` when it cannot be had."""
        if (found := self.local_id(reference)) is not None:
            return found
        hear(f"Pulling {reference}")
        repository, _, version = reference.partition(":")
        try:
            with daemon():
                return str(self._client.images.pull(repository, tag=version or "latest").id)
        except SandboxError as error:
            raise MissingError(
                f"the base image {reference} could not be had: {error.__cause__}; name one that is on this machine "
                "with --base, as scripts/make-debian.sh makes one"
            ) from error

    def make(self, archive: bytes, dockerfile: str, base: str, hear: Hear, *, afresh: bool = False) -> str:
        """Build an image from a tar; its id. Raises ``MissingError`` with what was said last when it cannot be.

        ``afresh`` takes no step from an earlier build, so that packages are the newest.
        """
        said: list[str] = []
        failed = False
        with daemon():
            steps = self._client.api.build(
                fileobj=_reader(archive), custom_context=True, dockerfile=dockerfile, buildargs={"BASE_IMAGE": base},
                nocache=afresh,
                rm=True, forcerm=True, decode=True, timeout=SILENCE,
            )  # fmt: skip
            for step in steps:
                text = step.get("error") or step.get("stream") or ""
                for line in text.splitlines():
                    if line.strip():
                        said.append(line.rstrip())
                        hear(said[-1])
                failed = failed or "error" in step
        if failed:
            raise MissingError("\n".join(said[-12:]))
        made = re.search(r"^Successfully built (\w+)$", "\n".join(said), re.MULTILINE)
        assert made, "the engine named no image"
        return made[1]

    def ask_image(self, image: str, argv: list[str]) -> str:
        """What a program of ours says in a new container of an image, kept in as any other."""
        labels = {LABEL: uuid.uuid4().hex[:12], **owners.labels()}
        running = self.start(Place(image=image, network="none", mounts={}, labels=labels), argv, "/workspace")
        try:
            running.read(limit=100_000, tail=False, deadline=time.monotonic() + 60, stop=threading.Event())
        finally:
            self.end(running, kill=True)
        return running.kept[1].decode(errors="replace").strip()

    def name(self, image: str, reference: str, mark: str) -> None:
        """Give an image its name and our label; what had the name before is removed, unless something needs it."""
        before = self.local_id(reference)
        archive = pack({"Dockerfile": f"FROM {image}\n".encode()}, {"Dockerfile": 0})
        with daemon():
            list(
                self._client.api.build(
                    fileobj=_reader(archive), custom_context=True, tag=reference, labels={MARK: mark},
                    rm=True, forcerm=True, decode=True,
                )
            )  # fmt: skip
        if before and before != self.local_id(reference):
            with contextlib.suppress(SandboxError), daemon():
                self._client.images.remove(before)


def state_of(engine: ImageEngine, it: Recipe, base: str | None = None) -> tuple[State, Built | None]:
    """Whether an image is there and made from what it would be made from now; on ``base``, where one is chosen."""
    built = engine.built(it.reference)
    if built is None:
        return "missing", None
    fresh = built.identity == it.identity(engine.local_id(built.base) or built.base_id)
    if it.parent is not None:
        above, _ = state_of(engine, recipe(it.parent), base)
        fresh &= above == "fresh" or (above == "missing" and base is None)
    elif base is not None:
        fresh &= built.base_id == engine.local_id(base)
    return ("fresh" if fresh else "stale"), built


def certificates_in(folder: Path | None) -> dict[str, bytes]:
    """The root certificates (``*.crt``) in a folder, by the paths that a recipe has them at."""
    found = sorted(folder.glob("*.crt")) if folder else []
    return {f"{CERTIFICATES}{path.name}": path.read_bytes() for path in found}


def build(
    engine: ImageEngine, it: Recipe, *, base: str | None, certificates: Mapping[str, bytes], log: Path, hear: Hear,
    afresh: bool = False,
) -> Built:  # fmt: skip
    """Build an image, whatever there is of it. What the engine says goes to ``hear`` and, whole, to ``log``.

    ``base`` stands in for the recipe's own, unless that is one of ours. Raises ``MissingError`` when it fails.
    """
    began = time.monotonic()
    chosen = it.base if base is None or it.parent is not None else base
    base_id = engine.fetch(chosen, hear)
    files = {**it.files, **certificates}
    log.parent.mkdir(parents=True, exist_ok=True)
    with log.open("w", encoding="utf-8", buffering=1) as lines:

        def heard(line: str) -> None:
            lines.write(f"{line}\n")
            hear(line)

        try:
            made = engine.make(pack(files, dict.fromkeys(files, 0)), it.dockerfile, base_id, heard, afresh=afresh)
        except MissingError as error:
            raise MissingError(f"the image {it.name} could not be built; all of it: {log}\n{error}") from None
    known = {
        "identity": it.identity(base_id),
        "base": chosen,
        "base_id": base_id,
        "certificates": digest_of(certificates),
        "holds": engine.ask_image(made, ["sh", "-c", inside("holds.sh")]),
        "seconds": round(time.monotonic() - began, 1),
    }
    engine.name(made, it.reference, json.dumps(known))
    built = engine.built(it.reference)
    assert built, "the image was given its name"
    return built


def digest_of(certificates: Mapping[str, bytes]) -> str:
    """A hash of certificates."""
    return hashlib.sha256(b"\0".join(content for _, content in sorted(certificates.items()))).hexdigest()


def _reader(archive: bytes) -> io.BytesIO:
    return io.BytesIO(archive)
