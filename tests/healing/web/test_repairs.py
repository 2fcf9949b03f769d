"""Names, properties, calls, waits, values and packages of the frontend: what is put right, and what is left alone."""

from __future__ import annotations

import json

import pytest

from gencode_graph.healing.patient import Healer, Patient
from gencode_graph.healing.web.awaiting import awaiting
from gencode_graph.healing.web.contract_call import contract_call
from gencode_graph.healing.web.dependency import dependency
from gencode_graph.healing.web.jsx_tag import jsx_tag
from gencode_graph.healing.web.literal import literal
from gencode_graph.healing.web.missing_file import missing_file
from gencode_graph.healing.web.property_name import property_name
from gencode_graph.healing.web.syntax_slip import syntax_slip
from gencode_graph.healing.web.undefined_name import undefined_name
from gencode_graph.healing.web.unused import unused
from gencode_graph.types import Finding

PAGE = "frontend/src/page.tsx"
ID = {"parameters": [{"name": "id", "in": "path"}]}
CONTRACT = json.dumps({
    "paths": {
        "/api/issues": {"get": {"parameters": [{"name": "page", "in": "query"}]}, "post": {"requestBody": {}}},
        "/api/issues/{id}": {"get": ID, "patch": {**ID, "requestBody": {"content": {}}}, "delete": ID},
        "/api/users/{id}": {"get": ID},
    }
})  # fmt: skip
APP = {
    "openapi.json": CONTRACT,
    "frontend/package.json": json.dumps({"dependencies": {"react": "19.3.1"}}),
    "frontend/src/tones.ts": 'export type Tone = "amber" | "blue";\nexport interface Bug {\n  title: string;\n}\n',
}


def healed(healer: Healer, rule: str, message: str, text: str, line: int = 1, path: str = PAGE) -> str | None:
    """What a healer makes of a file; None where it leaves everything as it is."""
    patient = Patient(files={**APP, path: text}, may_write=("frontend/",))
    told = Finding(rule=rule if "/" in rule else f"tsc/{rule}", message=message, path=path, line=line)
    repair = healer(told, patient)
    assert set(repair) <= {path}
    return repair.get(path)


CASES: list[tuple[str, Healer, str, str, int, str, str | None]] = [
    (
        "a use misspelt", undefined_name, "TS2552", "Cannot find name 'valu'. Did you mean 'value'?", 1,
        "export const f = (value: number) => valu + value;\n", "export const f = (value: number) => value + value;\n",
    ),
    (
        "a binding misspelt", undefined_name, "TS2552", "Cannot find name 'index'. Did you mean 'indxe'?", 1,
        "export const f = (indxe: number) => index;\n", "export const f = (index: number) => index;\n",
    ),
    (
        "a name known everywhere", undefined_name, "names/undefined", "undefined name 'docment'", 1,
        "export const f = () => docment.title;\n", "export const f = () => document.title;\n",
    ),
    (
        "a name like no other", undefined_name, "TS2304", "Cannot find name 'zebra'.", 1,
        "export const f = (value: number) => zebra + value;\n", None,
    ),
    (
        "a name that is bound by now", undefined_name, "TS2304", "Cannot find name 'value'.", 1,
        "export const f = (value: number) => value;\n", None,
    ),
    (
        "a property misspelt", property_name, "TS2551",
        "Property 'titel' does not exist on type 'Bug'. Did you mean 'title'?", 1,
        "export const f = (bug: Bug) => bug.titel;\n", "export const f = (bug: Bug) => bug.title;\n",
    ),
    (
        "a property of a type of the app", property_name, "TS2339", "Property 'ttle' does not exist on type 'Bug'.", 1,
        "export const f = (bug: Bug) => bug.ttle;\n", "export const f = (bug: Bug) => bug.title;\n",
    ),
    (
        "an attribute", property_name, "TS2322",
        "Type '{ clasName: string; }' is not assignable to type 'Props'.\n"
        "  Property 'clasName' does not exist on type '{ className?: string; id: string; }'.", 1,
        'export const x = <Card clasName="a" />;\n', 'export const x = <Card className="a" />;\n',
    ),
    (
        "a part of an object that is put in by its name", property_name, "TS2561",
        "Object literal may only specify known properties, but 'siz' does not exist in type 'Q'."
        " Did you mean to write 'size'?", 2,
        "const siz = 1;\nexport const x = f({ siz });\n", "const siz = 1;\nexport const x = f({ size: siz });\n",
    ),
    (
        "a property that nothing is like", property_name, "TS2339", "Property 'owner' does not exist on type 'Bug'.", 1,
        "export const f = (bug: Bug) => bug.owner;\n", None,
    ),
    (
        "a property of what is not known", property_name, "TS2339", "Property 'titel' does not exist on type '{}'.", 1,
        "export const f = (bug: object) => bug.titel;\n", None,
    ),
    (
        "an import without a use", unused, "TS6133", "'a' is declared but its value is never read.", 1,
        'import { a, b } from "x";\nexport const c = b;\n', 'import { b } from "x";\nexport const c = b;\n',
    ),
    (
        "all of an import", unused, "TS6192", "All imports in import declaration are unused.", 1,
        'import { a, b } from "x";\n\nexport const c = 1;\n', "export const c = 1;\n",
    ),
    (
        "a parameter", unused, "TS6133", "'b' is declared but its value is never read.", 1,
        "export const f = (b: number, c: number) => c;\n", "export const f = (_b: number, c: number) => c;\n",
    ),
    (
        "half of a state", unused, "TS6133", "'setOpen' is declared but its value is never read.", 1,
        "const [open, setOpen] = use();\nexport default open;\n", "const [open] = use();\nexport default open;\n",
    ),
    (
        "a value that may have an effect", unused, "TS6133", "'a' is declared but its value is never read.", 1,
        "const a = send();\nexport default 1;\n", "send();\nexport default 1;\n",
    ),
    (
        "a value without an effect", unused, "TS6133", "'a' is declared but its value is never read.", 1,
        "const a = () => send();\nexport default 1;\n", "export default 1;\n",
    ),
    (
        "one whose use is misspelt", unused, "TS6133", "'value' is declared but its value is never read.", 1,
        "const value = 1;\nexport default valu;\n", None,
    ),
    (
        "a promise's property", awaiting, "TS2339", "Property 'ok' does not exist on type 'Promise<Response>'.", 2,
        'export async function f() {\n  return fetch("/").ok;\n}\n',
        'export async function f() {\n  return (await fetch("/")).ok;\n}\n',
    ),
    (
        "what was set to a promise", awaiting, "TS2339", "Property 'ok' does not exist on type 'Promise<Response>'.", 3,
        'export async function f() {\n  const got = fetch("/");\n  return got.ok;\n}\n',
        'export async function f() {\n  const got = await fetch("/");\n  return got.ok;\n}\n',
    ),
    (
        "a wait in a plain function", awaiting, "TS1308",
        "'await' expressions are only allowed within async functions and at the top levels of modules.", 2,
        "const f = () => {\n  await go();\n};\nexport default f;\n",
        "const f = async () => {\n  await go();\n};\nexport default f;\n",
    ),
    (
        "a wait in an effect", awaiting, "TS1308",
        "'await' expressions are only allowed within async functions and at the top levels of modules.", 2,
        "useEffect(() => {\n  await go();\n});\n", None,
    ),
    (
        "a text close to one that fits", literal, "TS2322", "Type '\"ambr\"' is not assignable to type 'Tone'.", 1,
        'export const t: Tone = "ambr";\n', 'export const t: Tone = "amber";\n',
    ),
    (
        "a number as text", literal, "TS2322", "Type 'string' is not assignable to type 'number'.", 1,
        'export const x = <Card size="4" />;\n', "export const x = <Card size={4} />;\n",
    ),
    (
        "text as a number", literal, "TS2345",
        "Argument of type 'number' is not assignable to parameter of type 'string'.", 1,
        "export const x = f(4);\n", 'export const x = f("4");\n',
    ),
    (
        "two numbers as text", literal, "TS2322", "Type 'string' is not assignable to type 'number'.", 1,
        'export const x = f("4", "5");\n', None,
    ),
    (
        "a text like none that fits", literal, "TS2322", "Type '\"zebra\"' is not assignable to type 'Tone'.", 1,
        'export const t: Tone = "zebra";\n', None,
    ),
    (
        "a path", contract_call, "contract/call", "/api/isues is no path of openapi.json", 1,
        'export const x = api.GET("/api/isues", {});\n', 'export const x = api.GET("/api/issues", {});\n',
    ),
    (
        "a path with what belongs into its parameters", contract_call, "contract/call",
        "/api/issues/{} is no path of openapi.json", 1,
        "export const x = api.GET(`/api/issues/${id}`, { signal });\n",
        'export const x = api.GET("/api/issues/{id}", { params: { path: { id } }, signal });\n',
    ),
    (
        "a method", contract_call, "contract/call",
        "/api/issues/{id} has no PUT in openapi.json, only DELETE, GET, PATCH", 1,
        'export const x = api.PUT("/api/issues/{id}", { body });\n',
        'export const x = api.PATCH("/api/issues/{id}", { body });\n',
    ),
    (
        "a parameter", contract_call, "contract/field", "GET /api/issues/{id} has no Id in its path; it has id", 1,
        'export const x = api.GET("/api/issues/{id}", { params: { path: { Id: id } } });\n',
        'export const x = api.GET("/api/issues/{id}", { params: { path: { id } } });\n',
    ),
    (
        "a body called otherwise", contract_call, "contract/field", "POST /api/issues needs a body", 1,
        'export const x = api.POST("/api/issues", { data: body });\n',
        'export const x = api.POST("/api/issues", { body });\n',
    ),
    (
        "a path like none", contract_call, "contract/call", "/api/zebra/crossings is no path of openapi.json", 1,
        'export const x = api.GET("/api/zebra/crossings");\n', None,
    ),
    (
        "a tag", jsx_tag, "TS17002", "Expected corresponding JSX closing tag for 'li'.", 1,
        "export const x = <li>a</div>;\n", "export const x = <li>a</li>;\n",
    ),
    ("two tags that are alike", jsx_tag, "TS17002", "Expected corresponding JSX closing tag for 'li'.", 1,
     "export const x = <li>a</li>;\n", None),
]  # fmt: skip


@pytest.mark.parametrize(
    ("healer", "rule", "message", "line", "before", "after"), [c[1:] for c in CASES], ids=[c[0] for c in CASES]
)
def test_a_repair_is_this(healer: Healer, rule: str, message: str, line: int, before: str, after: str | None) -> None:
    assert healed(healer, rule, message, before, line) == after


BLOCK = "export function f(a: number) {\n  if (a) {\n    g([a, 1]);\n  }\n  return a;\n}\n"
LIST = (
    "export function List() {\n  return (\n    <ul>\n      {rows.map((row) => (\n        <li key={row}>{row}</li>\n"
    "      ))}\n    </ul>\n  );\n}\n"
)
SLIPS = [
    ("a brace that closes a block", BLOCK, "  }\n  return", "  return", 2),
    ("a brace that closes a function", BLOCK, "a;\n}\n", "a;\n", 1),
    ("a brace that opens", BLOCK, "if (a) {", "if (a)", 6),
    ("a bracket", BLOCK, "[a, 1]", "[a, 1", 3),
    ("a bracket too many", BLOCK, "1]);", "1]));", 3),
    ("a comma", BLOCK, "[a, 1]", "[a 1]", 3),
    ("a closing tag", LIST, "    </ul>\n", "", 3),
    ("a bracket of a return", LIST, "  );\n", "  ;\n", 8),
    ("a quote", 'const a = { b: "c" };\nexport default a;\n', '"c"', '"c', 1),
]


@pytest.mark.parametrize(("good", "part", "slip", "line"), [c[1:] for c in SLIPS], ids=[c[0] for c in SLIPS])
def test_one_slip_is_undone(good: str, part: str, slip: str, line: int) -> None:
    assert good.count(part) == 1
    assert healed(syntax_slip, "syntax/tsx", "not valid TypeScript", good.replace(part, slip), line) == good


def test_a_text_with_nothing_but_slips_is_left_alone() -> None:
    assert healed(syntax_slip, "syntax/tsx", "not valid TypeScript", "export ((( { ] const } = = ;\n") is None


def test_a_style_sheet_gets_its_brace() -> None:
    good = ".a {\n  color: red;\n}\n\n.b {\n  color: blue;\n}\n"
    path = "frontend/src/index.css"
    assert healed(syntax_slip, "syntax/css", "never closed", good.replace("red;\n}\n", "red;\n"), 1, path) == good


def test_json_gets_its_comma_and_loses_one() -> None:
    good, path = '{\n  "a": 1,\n  "b": [2]\n}\n', "frontend/src/a.json"
    assert healed(syntax_slip, "syntax/json", "Expecting ','", good.replace("1,", "1"), 3, path) == good
    assert healed(syntax_slip, "syntax/json", "Expecting", good.replace("[2]", "[2],"), 4, path) == good


def test_a_package_is_declared_as_all_apps_have_it() -> None:
    path = "frontend/package.json"
    told = Finding(rule="imports/undeclared", message=f"clsx is not declared in {path}", path=PAGE, line=1)
    repair = dependency(told, Patient(files=APP, may_write=("frontend/",)))
    assert json.loads(str(repair[path]))["dependencies"] == {"clsx": "2.1.1", "react": "19.3.1"}
    foreign = Finding(rule="imports/undeclared", message=f"left-pad is not declared in {path}", path=PAGE, line=1)
    assert dependency(foreign, Patient(files=APP, may_write=("frontend/",))) == {}


def test_a_file_that_is_gone_comes_back_as_it_was() -> None:
    text = 'import { a } from "./gone";\nexport default a;\n'
    green = {PAGE: text, "frontend/src/gone.ts": "export const a = 1;\n"}
    told = Finding(rule="imports/unresolved", message="./gone leads to no file of the app", path=PAGE, line=1)
    patient = Patient(files={**APP, PAGE: text}, green=green, may_write=("frontend/",))
    assert missing_file(told, patient) == {"frontend/src/gone.ts": "export const a = 1;\n"}
    assert missing_file(told, Patient(files={**APP, PAGE: text}, may_write=("frontend/",))) == {}
