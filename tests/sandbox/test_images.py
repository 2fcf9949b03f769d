"""Each image does real work as it will be used: read-only, without a network, as user 10001."""

from __future__ import annotations

import textwrap
from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass

import pytest
import pytest_asyncio
from defusedxml import ElementTree

from gencode_graph.errors import SettingError
from gencode_graph.protocols import Sandbox
from gencode_graph.sandbox.image_recipes import names
from gencode_graph.sandbox.pod import open_sandbox
from gencode_graph.settings import Settings
from gencode_graph.testing import sh
from gencode_graph.types import Result

pytestmark = [pytest.mark.docker, pytest.mark.slow, pytest.mark.asyncio(loop_scope="module")]


@dataclass(frozen=True, kw_only=True)
class Program:
    """A small program in the language of an image, with tests of its own."""

    files: Mapping[str, str]
    script: str
    """Builds it, checks it and runs its tests."""
    report: str = "report.xml"
    """What the tests leave, as JUnit or NUnit write it."""
    cases: tuple[str, ...] = ()
    """The tests that must be in the report."""


PROGRAMS = {
    "python": Program(
        files={
            "app.py": """
                from fastapi import FastAPI

                app = FastAPI()


                @app.get("/double/{number}")
                def double(number: int) -> int:
                    return 2 * number
                """,
            "test_app.py": """
                from fastapi.testclient import TestClient

                from app import app


                def test_double():
                    assert TestClient(app).get("/double/21").json() == 42


                def test_text_is_refused():
                    assert TestClient(app).get("/double/x").status_code == 422
                """,
        },
        script="ruff check . && pytest -q -p no:cacheprovider --junitxml report.xml",
        cases=("test_double", "test_text_is_refused"),
    ),
    "node": Program(
        files={
            "package.json": '{"type": "module"}',
            "tsconfig.json": '{"compilerOptions": {"strict": true, "noEmit": true, "jsx": "react-jsx",'
            ' "module": "esnext", "moduleResolution": "bundler", "skipLibCheck": true, "lib": ["es2023", "dom"]},'
            ' "include": ["*.ts", "*.tsx"]}',
            "index.html": '<div id="root"></div><script type="module" src="/main.tsx"></script>',
            "double.ts": "export const double = (number: number): number => 2 * number;",
            "main.tsx": """
                import { createRoot } from "react-dom/client";
                import { double } from "./double";
                createRoot(document.getElementById("root")!).render(<p>{double(21)}</p>);
                """,
            "double.test.ts": """
                import { expect, test } from "vitest";
                import { double } from "./double";
                test("doubles", () => expect(double(21)).toBe(42));
                test("zero stays", () => expect(double(0)).toBe(0));
                """,
        },
        script="tsc && npx vitest run --reporter=junit --outputFile=report.xml && vite build"
        " && test -s dist/index.html",
        cases=("doubles", "zero stays"),
    ),
    "java": Program(
        files={
            "Twice.java": "class Twice { static int of(int number) { return 2 * number; } }",
            "TwiceTest.java": """
                import static org.assertj.core.api.Assertions.assertThat;
                import org.junit.jupiter.api.Test;

                class TwiceTest {
                    @Test void doubles() { assertThat(Twice.of(21)).isEqualTo(42); }
                    @Test void zeroStays() { assertThat(Twice.of(0)).isZero(); }
                }
                """,
        },
        script="javac -cp '/opt/java-libs/*' -d out *.java && java -cp 'out:/opt/java-libs/*'"
        " org.junit.platform.console.ConsoleLauncher --scan-classpath out --reports-dir . --disable-banner"
        " && mv TEST-junit-jupiter.xml report.xml",
        cases=("doubles()", "zeroStays()"),
    ),
    "go": Program(
        files={
            "go.mod": "module twice\n\ngo 1.21\n",
            "twice.go": "package twice\n\n// Of doubles.\nfunc Of(number int) int { return 2 * number }\n",
            "twice_test.go": """
                package twice

                import "testing"

                func TestOf(t *testing.T) {
                \tfor number, want := range map[int]int{0: 0, 21: 42} {
                \t\tif got := Of(number); got != want {
                \t\t\tt.Errorf("Of(%d) = %d, not %d", number, got, want)
                \t\t}
                \t}
                }
                """,
        },
        script="go vet ./... && go test -json ./... > report.json",
        report="report.json",
        cases=("TestOf",),
    ),
    "csharp": Program(
        files={
            "Twice.cs": "public static class Twice { public static int Of(int number) => 2 * number; }",
            "TwiceTest.cs": """
                using NUnit.Framework;

                [TestFixture]
                public class TwiceTest
                {
                    [Test] public void Doubles() { Assert.AreEqual(42, Twice.Of(21)); }
                    [Test] public void ZeroStays() { Assert.AreEqual(0, Twice.Of(0)); }
                }
                """,
        },
        script="mcs -t:library -r:$NUNIT -out:tests.dll *.cs && nunit-console -nologo -xml=report.xml tests.dll",
        cases=("TwiceTest.Doubles", "TwiceTest.ZeroStays"),
    ),
    "browser": Program(
        files={
            "page.html": "<!doctype html><html lang=en><title>Twice</title><h1 id=sum></h1>"
            "<script>sum.textContent = 2 * 21</script>",
            "look.mjs": """
                import { createRequire } from "node:module";
                import { writeFileSync } from "node:fs";
                const require = createRequire("/opt/pw/package.json");
                const { chromium } = require("playwright-core");
                const browser = await chromium.launch({ executablePath: process.env.CHROMIUM,
                    args: ["--no-sandbox", "--disable-dev-shm-usage"] });
                const page = await browser.newPage({ viewport: { width: 320, height: 200 } });
                await page.goto(`file://${process.cwd()}/page.html`);
                await page.screenshot({ path: "page.png" });
                await page.addScriptTag({ path: require.resolve("axe-core/axe.min.js") });
                const { passes } = await page.evaluate(() => axe.run());
                const heading = await page.textContent("h1");
                writeFileSync("report.json", JSON.stringify({ heading, axe: passes.map((it) => it.id) }));
                await browser.close();
                """,
        },
        script="node look.mjs && test -s page.png",
        report="report.json",
        cases=("42", "document-title"),
    ),
    "postgres": Program(
        files={},
        script="gencode-postgres 5432 >log 2>&1 & until pg_isready -q -h 127.0.0.1 -U gencode; do sleep 0.1; done;"
        " psql -h 127.0.0.1 -U gencode postgres -Atc \"select 'answer ' || 2 * 21\" >report.txt; kill -INT $!; wait",
        report="report.txt",
        cases=("answer 42",),
    ),
    "app": Program(
        files={"package.json": "{}"},
        script="python3 -m venv --without-pip env && uv --version && npm --version && git --version"
        " && $CHROMIUM --no-sandbox --disable-dev-shm-usage --dump-dom 'data:text/html,<h1>42</h1>' >report.txt",
        report="report.txt",
        cases=("<h1>42</h1>",),
    ),
}


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def sandbox(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Sandbox]:
    opened = await open_sandbox(Settings(sandbox="docker"), tmp_path_factory.mktemp("images"), "images")
    yield opened
    await opened.close()


async def run(sandbox: Sandbox, image: str, script: str) -> Result:
    """A shell command in an image, in the image's own folder of the workspace."""
    return await sandbox.run(sh(script).model_copy(update={"image": image, "cwd": image, "timeout": 120.0}))


async def test_every_image_has_its_program() -> None:
    assert sorted(PROGRAMS) == list(names())


@pytest.mark.parametrize("image", PROGRAMS)
async def test_a_program_is_built_and_tested_without_a_network(image: str, sandbox: Sandbox) -> None:
    program = PROGRAMS[image]
    files = {f"{image}/{path}": textwrap.dedent(text).lstrip().encode() for path, text in program.files.items()}
    await sandbox.put({f"{image}/.keep": b"", **files}, origin="model")
    ran = await run(sandbox, image, program.script)
    assert ran.verdict == "ok", ran.output
    report = (await sandbox.collect([f"{image}/{program.report}"]))[f"{image}/{program.report}"].decode()
    assert [case for case in program.cases if case not in report] == []
    if program.report.endswith(".xml"):
        found = ElementTree.fromstring(report)
        cases = [it for it in found.iter() if it.tag in ("testcase", "test-case")]
        assert [it.get("name") for it in cases if it.find("failure") is not None] == []
        assert len(cases) == len(program.cases)


@pytest.mark.parametrize("image", PROGRAMS)
async def test_an_image_is_kept_in_and_names_its_user(image: str, sandbox: Sandbox) -> None:
    await sandbox.put({f"{image}/.keep": b""})
    ran = await run(sandbox, image, "id -u; id -un; ls /sys/class/net; touch /opt/x; touch here")
    assert ran.stdout.split() == ["10001", "app", "lo"]
    assert "Read-only file system" in ran.stderr
    assert (await sandbox.collect([f"{image}/here"])) == {f"{image}/here": b""}


async def test_an_image_that_is_not_there_names_the_command_that_makes_it(sandbox: Sandbox) -> None:
    with pytest.raises(SettingError, match=r"no image 'cobol'; known: app, .*python"):
        await run(sandbox, "cobol", "true")
