"""An image is built when it is missing or made from something else, and says why when it cannot be."""

from __future__ import annotations

import subprocess
import uuid
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from gencode_graph.errors import MissingError
from gencode_graph.sandbox.image_builds import Built, ImageEngine, build, certificates_in, state_of
from gencode_graph.sandbox.image_crew import News, Order, work_off
from gencode_graph.sandbox.image_recipes import Recipe, reference

pytestmark = [pytest.mark.docker, pytest.mark.slow]
BASE = reference("app")


@pytest.fixture(scope="module")
def engine() -> Iterator[ImageEngine]:
    opened = ImageEngine()
    yield opened
    opened.close()


@pytest.fixture
def made() -> Iterator[Recipe]:
    """A recipe that takes a second, and whose image is removed."""
    name = f"test-{uuid.uuid4().hex[:8]}"
    yield of(name)
    subprocess.run(["docker", "rmi", "--force", f"gencode/{name}"], capture_output=True, check=False)


def of(name: str, more: str = "") -> Recipe:
    dockerfile = f"ARG BASE_IMAGE={BASE}\nFROM ${{BASE_IMAGE}}\nUSER 0:0\nCOPY shared/ /opt/test/\n{more}"
    files = {f"{name}/Dockerfile": dockerfile.encode(), "shared/ca/README": b""}
    return Recipe(name=name, summary="A test.", base="debian:none", files=files)


def built(engine: ImageEngine, it: Recipe, folder: Path, **given: dict[str, bytes]) -> Built:
    known = {"certificates": {}, **given}
    return build(engine, it, base=BASE, log=folder / "log", hear=lambda _: None, **known)


def test_an_image_is_fresh_until_its_recipe_or_base_is_another(
    engine: ImageEngine, made: Recipe, tmp_path: Path
) -> None:
    assert state_of(engine, made, BASE) == ("missing", None)
    first = built(engine, made, tmp_path)
    assert state_of(engine, made, BASE) == ("fresh", first)
    assert state_of(engine, made) == ("fresh", first)
    assert state_of(engine, made, reference("python"))[0] == "stale"
    assert "Node.js 2" in first.holds
    assert "Successfully built" in (tmp_path / "log").read_text()
    changed = replace(made, files={**made.files, "shared/more": b"more"})
    assert state_of(engine, changed, BASE) == ("stale", first)
    second = built(engine, changed, tmp_path)
    assert (second.identity, second.id) != (first.identity, first.id)
    assert engine.local_id(first.id) is None


def test_extra_certificates_are_in_the_image_and_no_part_of_its_identity(
    engine: ImageEngine, made: Recipe, tmp_path: Path
) -> None:
    (tmp_path / "company.crt").write_text("certificate")
    (tmp_path / "notes.txt").write_text("no certificate")
    given = certificates_in(tmp_path)
    assert given == {"shared/ca/company.crt": b"certificate"}
    image = built(engine, made, tmp_path, certificates=given)
    assert engine.ask_image(image.id, ["ls", "/opt/test/ca"]).split() == ["README", "company.crt"]
    order = Order(names=(made.name,), base=BASE, logs=tmp_path)
    assert not order.due(engine, made)
    assert replace(order, exact=True).due(engine, made)
    assert not replace(order, exact=True, certificates=given).due(engine, made)


def test_a_build_that_fails_shows_its_last_lines_and_where_all_are(engine: ImageEngine, tmp_path: Path) -> None:
    broken = of("test-broken", "RUN echo compiling && echo no such compiler >&2 && exit 9\n")
    with pytest.raises(
        MissingError, match=r"test-broken could not be built(.|\n)*no such compiler(.|\n)*code: 9"
    ) as it:
        built(engine, broken, tmp_path)
    assert str(tmp_path / "log") in str(it.value)
    assert "no such compiler" in (tmp_path / "log").read_text()
    assert engine.built(broken.reference) is None


def test_a_base_that_cannot_be_had_names_the_option(engine: ImageEngine, made: Recipe, tmp_path: Path) -> None:
    with pytest.raises(MissingError, match=r"localhost:1/nothing could not be had.*--base"):
        build(engine, made, base="localhost:1/nothing", certificates={}, log=tmp_path / "log", hear=lambda _: None)


def test_one_that_fails_keeps_no_other_from_being_built(engine: ImageEngine, made: Recipe, tmp_path: Path) -> None:
    news: list[News] = []
    broken = of("test-broken", "RUN exit 9\n")
    grown = replace(of("test-grown"), base="gencode/test-broken")
    order = Order(names=(made.name, broken.name, grown.name), base=BASE, logs=tmp_path)
    assert work_off(engine, order, [broken, grown, made], news.append) == [broken.name, grown.name]
    assert {it.name: it.what for it in news if it.what != "said"} == {
        broken.name: "failed", grown.name: "failed", made.name: "built",
    }  # fmt: skip
    assert work_off(engine, order, [made], news.append) == []
    assert news[-1].what == "kept"
