"""The browser finds each kind of fault that was planted, and none where there is none."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from gencode_graph.errors import SandboxError
from gencode_graph.sandbox import open_sandbox
from gencode_graph.sandbox.browser import look
from gencode_graph.settings import Settings
from gencode_graph.testing import SERVER
from gencode_graph.types import Command, Verdict

pytestmark = [pytest.mark.browser, pytest.mark.node, pytest.mark.slow]

PACKAGES = Path(__file__).with_name("packages")
PAGE = """<!doctype html><html lang="en"><head><meta charset="utf-8"><title>Page</title>
<meta name="viewport" content="width=device-width"><link rel="icon" href="data:,"><style>
body { font-family: sans-serif; background: #fff; color: #111 } a { color: #00c }
@media (prefers-color-scheme: dark) { body { background: #111; color: #eee } a { color: #9cf } }
</style></head><body><main>%s</main></body></html>
"""
CLEAN = "<h1>Things</h1><p>All is well.</p><a href='/things/7/'>Seven</a> <a href='/things/new/'>New</a>"
FAULTS = {
    "browser/console-error": "<h1>Page</h1><script>console.error('oh dear')</script>",
    "browser/page-error": "<h1>Page</h1><script>setTimeout(() => { throw new Error('oh dear') })</script>",
    "browser/request-failed": "<h1>Page</h1><script>fetch('/nothing.json')</script>",
    "browser/overflow": "<h1>Page</h1><div style='width: 500px'>wide</div>",
    "browser/not-settled": "<h1>Page</h1><div aria-busy='true'>Loading</div>",
    "axe/color-contrast": "<h1>Page</h1><p style='color: #aaa; background: #fff'>pale</p>",
    "axe/button-name": "<h1>Page</h1><button></button>",
    "axe/image-alt": "<h1>Page</h1><img src='data:image/gif;base64,R0lGODlhAQABAAAAACw='>",
}
BLANK = {"no text": "<div></div>", "no heading": "<p>words</p>", "hidden": "<h1 style='display: none'>Page</h1>"}


@pytest.fixture
async def see(tmp_path: Path) -> AsyncIterator[object]:
    """Serves bodies by path, looks at pages, gives the verdict."""
    sandbox = await open_sandbox(Settings(), tmp_path / "build", "run")
    packages = {f"web/{path.name}": path.read_bytes() for path in PACKAGES.iterdir()}

    async def looked(bodies: dict[str, str], pages: dict[str, str], seconds: float = 60) -> Verdict:
        site = {f"site{path}index.html": PAGE.replace("%s", body).encode() for path, body in bodies.items()}
        await sandbox.put(site | packages, owned=["site"])
        await sandbox.install("web/package-lock.json")
        async with sandbox.serve(Command(argv=(*SERVER.split(), "-d", "site")), health="/") as url:
            verdict = await look(sandbox, url, pages, "shots", packages="web", settle=2, seconds=seconds)
        shots = await sandbox.collect(["shots"])
        assert sorted(shots) == sorted(shot["file"] for shot in verdict.figures.get("screenshots", ()))
        assert all(content.startswith(b"\x89PNG") for content in shots.values())
        return verdict

    yield looked
    await sandbox.close()


async def test_a_clean_page_has_no_findings_and_four_screenshots(see) -> None:
    verdict = await see({"/": CLEAN, "/things/7/": CLEAN}, {"home": "/", "thing": "/things/$id/"})
    assert verdict.findings == ()
    assert {(shot["page"], shot["size"], shot["theme"]) for shot in verdict.figures["screenshots"]} == {
        (page, size, theme)
        for page in ("/", "/things/7/")
        for size in ("desktop", "mobile")
        for theme in ("light", "dark")
    }


async def test_each_planted_fault_is_found_and_no_other(see) -> None:
    bodies = {f"/{rule.replace('/', '-')}/": body for rule, body in FAULTS.items()}
    verdict = await see(bodies, {rule.replace("/", "-"): f"/{rule.replace('/', '-')}/" for rule in FAULTS})
    found = {(finding.rule, finding.message.split(":")[0]) for finding in verdict.findings}
    assert found == {(rule, f"/{rule.replace('/', '-')}/") for rule in FAULTS}


async def test_a_blank_page_is_found_whatever_makes_it_blank(see) -> None:
    verdict = await see(
        {f"/{name.replace(' ', '-')}/": body for name, body in BLANK.items()},
        {name: f"/{name.replace(' ', '-')}/" for name in BLANK},
    )
    blank = [finding for finding in verdict.findings if finding.rule == "browser/blank"]
    assert len(blank) == len(BLANK)


async def test_the_element_that_is_too_wide_is_named_and_the_screens_too(see) -> None:
    verdict = await see({"/": FAULTS["browser/overflow"]}, {"home": "/"})
    [finding] = verdict.findings
    assert "mobile dark, mobile light" in finding.message
    assert "desktop" not in finding.message
    assert "width: 500px" in str(finding.hint)


async def test_a_page_that_does_not_exist_is_found(see) -> None:
    verdict = await see({"/": CLEAN}, {"home": "/", "lost": "/lost/"})
    assert "browser/request-failed" in {finding.rule for finding in verdict.findings}


async def test_a_detail_page_that_nothing_links_to_is_found(see) -> None:
    verdict = await see({"/": CLEAN}, {"home": "/", "other": "/others/$id/"})
    assert "browser/no-detail" in {finding.rule for finding in verdict.findings}


async def test_a_page_that_fails_in_a_loop_and_one_that_hangs_are_findings(see) -> None:
    loop = "<h1>Page</h1><script>for (let i = 0; i < 5000; i++) console.error('no ' + 'x'.repeat(1000) + i)</script>"
    hang = "<h1>Page</h1><script>setTimeout(() => { for (;;) {} }, 100)</script>"
    verdict = await see({"/loop/": loop}, {"loop": "/loop/"})
    assert [finding.rule for finding in verdict.findings] == ["browser/console-error"]
    verdict = await see({"/": CLEAN, "/hang/": hang}, {"home": "/", "hang": "/hang/"}, seconds=6)
    assert [finding.rule for finding in verdict.findings] == ["browser/timeout"]
    assert verdict.figures == {}, "the pictures of the first page are gone too, as nothing tells of them"


async def test_a_browser_that_does_not_run_is_the_sandboxs_fault(tmp_path: Path) -> None:
    sandbox = await open_sandbox(Settings(browser=Path("/bin/false")), tmp_path / "build", "run")
    await sandbox.put({f"frontend/{path.name}": path.read_bytes() for path in PACKAGES.iterdir()})
    await sandbox.install("frontend/package-lock.json")
    with pytest.raises(SandboxError, match="the browser did not run"):
        await look(sandbox, "http://127.0.0.1:9", {"home": "/"}, "shots")
    await sandbox.close()
