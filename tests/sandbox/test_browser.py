"""The browser finds each kind of fault that was planted, and none where there is none."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from gencode_graph.errors import InputError, SandboxError
from gencode_graph.sandbox import open_sandbox
from gencode_graph.sandbox.browser import act, look, read_steps
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


FORM = """<h1>Notes</h1><form><label>Name <input name='n'></label><input placeholder='Search'>
<button>Save</button><button hidden>Hide</button></form><p id='out'></p><a href='/other/'>Other</a><script>
document.forms[0].onsubmit = (event) => {
  event.preventDefault(); const name = event.target.n.value; out.textContent = 'Saved ' + name;
  if (name === 'bad') { console.error('oh dear'); fetch('/nothing.json') }
}</script>"""
GOTO, SAVE, OTHER = (
    '{"do": "goto", "path": "/"}', '{"do": "click", "name": "Save"}', '{"do": "click", "name": "Other"}',
)  # fmt: skip


@pytest.fixture(params=["local", pytest.param("docker", marks=pytest.mark.docker)])
async def follow(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[object]:
    """Serves a form, does steps in it, by an image of its own in a pod; gives the verdict and the pictures' names."""
    sandbox = await open_sandbox(Settings(sandbox=request.param), tmp_path / "build", "run")
    image = "browser" if request.param == "docker" else "app"
    packages = {f"web/{path.name}": path.read_bytes() for path in PACKAGES.iterdir()}
    site = {"site/index.html": PAGE.replace("%s", FORM), "site/other/index.html": PAGE.replace("%s", CLEAN)}
    await sandbox.put({path: text.encode() for path, text in site.items()} | packages)
    await sandbox.install("web/package-lock.json")
    async with sandbox.serve(Command(argv=(*SERVER.split(), "-d", "site")), health="/") as url:

        async def followed(*steps: str) -> tuple[Verdict, list[str]]:
            script = read_steps(f"[{', '.join(steps)}]")
            verdict = await act(sandbox, url, script, "shots", packages="web", patience=1, image=image)
            return verdict, sorted(await sandbox.collect(["shots"]))

        yield followed
    await sandbox.close()


async def test_a_script_is_followed_and_its_pictures_are_kept(follow) -> None:
    fill = '{"do": "fill", "label": "Name", "text": "Ada"}, {"do": "fill", "label": "Search", "text": "x"}'
    shown = '{"do": "expect", "text": "Saved Ada"}, {"do": "screenshot", "name": "saved"}'
    verdict, pictures = await follow(GOTO, fill, SAVE, shown, OTHER, '{"do": "expect", "text": "All is well"}')
    assert verdict.findings == ()
    assert verdict.figures == {"steps": 8, "screenshots": [{"name": "saved", "file": "shots/saved.png"}]}
    assert pictures == ["shots/saved.png"]


@pytest.mark.parametrize("follow", ["local"], indirect=True)
async def test_a_script_ends_at_the_step_that_cannot_be_done_and_says_which(follow) -> None:
    shot = '{"do": "screenshot", "name": "never"}'
    for step, told in {
        '{"do": "click", "name": "Hide"}': "/: step 2, click Hide: .*Timeout",
        '{"do": "fill", "label": "Nothing", "text": "x"}': "/: step 2, fill Nothing x: .*Timeout",
    }.items():
        verdict, pictures = await follow(GOTO, step, shot)
        [finding] = verdict.findings
        assert finding.rule == "script/failed"
        assert re.search(told, finding.message), finding.message
        assert (verdict.figures, pictures) == ({"steps": 1, "screenshots": []}, [])


@pytest.mark.parametrize("follow", ["local"], indirect=True)
async def test_what_goes_wrong_on_the_way_is_told_although_every_step_was_done(follow) -> None:
    verdict, _ = await follow(GOTO, '{"do": "fill", "label": "Name", "text": "bad"}', SAVE)
    assert verdict.figures["steps"] == 3
    assert {finding.rule for finding in verdict.findings} == {"browser/console-error", "browser/request-failed"}


@pytest.mark.parametrize(
    ("script", "told"),
    [
        ("nonsense", "Invalid JSON"),
        ("{}", "valid array|valid tuple"),
        ('[{"do": "goto", "path": "/"}, {"do": "dance"}]', "1: .*dance"),
        ('[{"do": "goto", "path": "http://elsewhere/"}]', "0 goto path"),
        ('[{"do": "click"}]', "0 click name: Field required"),
        ('[{"do": "screenshot", "name": "../x"}]', "0 screenshot name"),
    ],
)
def test_a_script_that_cannot_be_used_is_refused(script: str, told: str) -> None:
    with pytest.raises(InputError, match=told):
        read_steps(script)


async def test_a_browser_that_does_not_run_is_the_sandboxs_fault(tmp_path: Path) -> None:
    sandbox = await open_sandbox(Settings(browser=Path("/bin/false")), tmp_path / "build", "run")
    await sandbox.put({f"frontend/{path.name}": path.read_bytes() for path in PACKAGES.iterdir()})
    await sandbox.install("frontend/package-lock.json")
    with pytest.raises(SandboxError, match="the browser did not run"):
        await look(sandbox, "http://127.0.0.1:9", {"home": "/"}, "shots")
    await sandbox.close()
