"""What TypeScript's strict rules object to: what is put right, and what is left alone."""

from __future__ import annotations

import pytest

from gencode_graph.healing.patient import Healer, Patient
from gencode_graph.healing.web.arity import arity
from gencode_graph.healing.web.awaiting import awaiting
from gencode_graph.healing.web.initial import initial
from gencode_graph.healing.web.literal import literal
from gencode_graph.healing.web.misfit import misfit
from gencode_graph.healing.web.nullish import nullish
from gencode_graph.healing.web.property_name import property_name
from gencode_graph.healing.web.tag_name import tag_name
from gencode_graph.healing.web.twice import twice
from gencode_graph.healing.web.untyped import untyped
from gencode_graph.types import Finding

PAGE = "frontend/src/page.tsx"
APP = {
    "openapi.json": '{"components": {"schemas": {"Page": {"properties": {"page_size": {}}}}}}',
    "frontend/src/bug.ts": "export interface Bug {\n  title: string;\n}\nexport const f = (bug: Bug) => bug;\n",
    "frontend/src/other.ts": 'import type { Bug } from "./bug";\nexport const g = (bug: Bug) => bug;\n',
    "frontend/src/values/empty.tsx": "export const Empty = () => null;\n",
    "frontend/src/values/day.tsx": (
        'import { Empty } from "./empty";\nexport function Day({ value }: { value: string | null }) {\n'
        "  if (!value) return <Empty />;\n  return <p>{value.trim()}</p>;\n}\n"
    ),
    "frontend/src/use.tsx": 'import { Card } from "./page";\nexport const Use = () => <Card title="a" />;\n',
}
CASES: list[tuple[str, Healer, str, str, int, int | None, str, str | None]] = [
    ("a property of what may be missing", nullish, "TS18048", "'data' is possibly 'undefined'.", 1, 18,
     "export const x = data.name;\n", "export const x = data?.name;\n"),
    ("a list that may be missing", nullish, "TS18048", "'data' is possibly 'undefined'.", 1, 18,
     "export const x = data.items.map(f);\n", "export const x = (data?.items ?? []).map(f);\n"),
    ("a sum with what may be missing", nullish, "TS18047", "'n' is possibly 'null'.", 1, 18,
     "export const x = n + 1;\n", "export const x = (n ?? 0) + 1;\n"),
    ("a length that is compared", nullish, "TS18048", "'a.b' is possibly 'undefined'.", 1, 18,
     "export const x = a.b.length > 2;\n", "export const x = (a.b?.length ?? 0) > 2;\n"),
    ("an item of a list", nullish, "TS2532", "Object is possibly 'undefined'.", 1, 18,
     "export const x = rows[0].name;\n", "export const x = rows[0]?.name;\n"),
    ("a property that is set", nullish, "TS18047", "'node' is possibly 'null'.", 2, 3,
     "export function f(node: Box | null) {\n  node.size = 1;\n}\n",
     "export function f(node: Box | null) {\n  if (node) node.size = 1;\n}\n"),
    ("a call of what may be missing", nullish, "TS2722",
     "Cannot invoke an object which is possibly 'undefined'.", 1, 24,
     "export const f = () => onPick(1);\n", "export const f = () => onPick?.(1);\n"),
    ("an argument that may be null", nullish, "TS2345",
     "Argument of type 'string | null' is not assignable to parameter of type 'string'.\n  Type 'null' is not", 1, 20,
     "export const x = f(name);\n", 'export const x = f(name ?? "");\n'),
    ("null where undefined is meant", nullish, "TS2322",
     "Type 'string | null' is not assignable to type 'string | undefined'.", 1, 21,
     "export const x = <A b={c} />;\n", "export const x = <A b={c ?? undefined} />;\n"),
    ("an object that may be missing", nullish, "TS2322", "Type 'Bug | null' is not assignable to type 'Bug'.", 1, 14,
     "export const x: Bug = found;\n", None),
    ("a list instead of its item", misfit, "TS2322", "Type 'string[]' is not assignable to type 'string'.", 1, 21,
     'export const x = <p className={["a"]} />;\n', 'export const x = <p className="a" />;\n'),
    ("an item instead of a list", misfit, "TS2322", "Type 'string' is not assignable to type 'string[]'.", 1, 20,
     "export const x = { a: row.id, b: row.name };\n", "export const x = { a: [row.id], b: row.name };\n"),
    ("text that was a number", misfit, "TS2322", "Type 'string' is not assignable to type 'number'.", 1, 25,
     "export const x = { a: 1, b: String(SIZE) };\n", "export const x = { a: 1, b: SIZE };\n"),
    ("a number where text is wanted", misfit, "TS2345",
     "Argument of type 'number' is not assignable to parameter of type 'string'.", 1, 20,
     "export const x = f(row.count);\n", "export const x = f(String(row.count));\n"),
    ("a call where a function is wanted", misfit, "TS2322",
     "Type 'void' is not assignable to type 'MouseEventHandler<HTMLButtonElement>'.", 1, 26,
     "export const x = <Button onClick={save(1)} />;\n", "export const x = <Button onClick={() => save(1)} />;\n"),
    ("a state of another type", initial, "TS2345",
     "Argument of type 'number' is not assignable to parameter of type 'string'.", 2, 18,
     "const [text, setText] = useState(0);\nexport default f(text);\n",
     'const [text, setText] = useState("");\nexport default f(text);\n'),
    ("a state that is set to another type", initial, "TS2345",
     "Argument of type 'boolean' is not assignable to parameter of type 'SetStateAction<string>'.", 2, 24,
     'const [open, setOpen] = useState("");\nexport default setOpen(true);\n',
     "const [open, setOpen] = useState(false);\nexport default setOpen(true);\n"),
    ("a state that is right by now", misfit, "TS2345",
     "Argument of type 'number' is not assignable to parameter of type 'string'.", 2, 18,
     'const [text, setText] = useState("");\nexport default f(text);\n', None),
    ("a time in words", misfit, "TS2322", "Type '\"10s\"' is not assignable to type 'StaleTime | undefined'.", 1, 20,
     'export const x = { staleTime: "10s" };\n', "export const x = { staleTime: 10_000 };\n"),
    ("an error that was caught", misfit, "TS18046", "'e' is of type 'unknown'.", 2, 19,
     "try { go(); } catch (e) {\n  console.error(e.message);\n}\n",
     "try { go(); } catch (e) {\n  console.error((e instanceof Error ? e.message : String(e)));\n}\n"),
    ("an object of another kind", misfit, "TS2322", "Type '{ a: 1; }' is not assignable to type 'Bug'.", 1, 14,
     "export const x: Bug = { a: 1 };\n", None),
    ("a word of another kit", literal, "TS2322",
     'Type \'"danger"\' is not assignable to type \'"default" | "destructive" | undefined\'.', 1, 26,
     'export const x = <Button variant="danger" />;\n', 'export const x = <Button variant="destructive" />;\n'),
    ("a word with one more", literal, "TS2322",
     'Type \'"secondary-outline"\' is not assignable to type \'"outline" | "secondary"\'.', 1, 26,
     'export const x = <Button variant="secondary-outline" />;\n', 'export const x = <Button variant="outline" />;\n'),
    ("a parameter as all others have it", untyped, "TS7006", "Parameter 'bug' implicitly has an 'any' type.", 1, 22,
     "export function show(bug) {\n  return bug;\n}\n",
     'import type { Bug } from "./bug";\n\nexport function show(bug: Bug) {\n  return bug;\n}\n'),
    ("a parameter that nobody knows", untyped, "TS7006", "Parameter 'q' implicitly has an 'any' type.", 1, 18,
     "export const f = (q) => q;\n", "export const f = (q: any) => q;\n"),
    ("what a component is given", untyped, "TS7031", "Binding element 'title' implicitly has an 'any' type.", 1, 24,
     "export function Card({ title, className }) {\n  return <p className={className}>{title}</p>;\n}\n",
     "export function Card({ title, className }: { title: any; className?: string }) {\n"
     "  return <p className={className}>{title}</p>;\n}\n"),
    ("the type that stands unused beside it", untyped, "TS7031",
     "Binding element 'a' implicitly has an 'any' type.", 4, 22,
     "interface Props {\n  a: string;\n}\nexport function Row({ a }) {\n  return <p>{a}</p>;\n}\n",
     "interface Props {\n  a: string;\n}\nexport function Row({ a }: Props) {\n  return <p>{a}</p>;\n}\n"),
    ("a last parameter that nobody passes", arity, "TS6133", "'loud' is declared but its value is never read.", 1, 30,
     "function say(text: string, loud: boolean) {\n  return text;\n}\nexport default say('a');\n",
     "function say(text: string) {\n  return text;\n}\nexport default say('a');\n"),
    ("a call that gives less", arity, "TS2554", "Expected 2 arguments, but got 1.", 4, 16,
     "function say(text: string, loud: boolean) {\n  return text;\n}\nexport default say('a');\n",
     "function say(text: string) {\n  return text;\n}\nexport default say('a');\n"),
    ("a parameter that is read", arity, "TS2554", "Expected 2 arguments, but got 1.", 4, 16,
     "function say(text: string, loud: boolean) {\n  return loud;\n}\nexport default say('a');\n", None),
    ("a component written small", tag_name, "TS2339",
     "Property 'plus' does not exist on type 'JSX.IntrinsicElements'.", 2, 18,
     'import { Plus } from "icons";\nexport const x = <plus />;\n',
     'import { Plus } from "icons";\nexport const x = <Plus />;\n'),
    ("a parameter of another API", property_name, "TS2353",
     "Object literal may only specify known properties, and 'limit' does not exist in type"
     " '{ page?: number; page_size?: number; q?: string; }'.", 1, 25,
     "export const x = list({ limit: 100 });\n", "export const x = list({ page_size: 100 });\n"),
    ("a field that the type alone calls so", property_name, "TS2551",
     "Property 'page_size' does not exist on type 'PageOf'. Did you mean 'pageSize'?", 4, 33,
     "interface PageOf {\n  pageSize: number;\n}\nexport const f = (p: PageOf) => p.page_size;\n",
     "interface PageOf {\n  page_size: number;\n}\nexport const f = (p: PageOf) => p.page_size;\n"),
    ("a field whose right name is missed", property_name, "TS2322",
     "Type '{ id: string; vale: number; }[]' is not assignable to type '{ id: string; value: number; }[]'.\n"
     "  Property 'value' is missing in type '{ id: string; vale: number; }' but required in type"
     " '{ id: string; value: number; }'.", 1, 18,
     "export const x = g({\n  id: row.id,\n  vale: row.value,\n});\n",
     "export const x = g({\n  id: row.id,\n  value: row.value,\n});\n"),
    ("what a parameter is already", twice, "TS2300", "Duplicate identifier 'total'.", 2, 9,
     "export function f({ total }: Props) {\n  const total = 0;\n  return total;\n}\n",
     "export function f({ total }: Props) {\n  return total;\n}\n"),
    ("what is imported and defined", twice, "TS2440",
     "Import declaration conflicts with local declaration of 'a'.", 1, 10,
     'import { a, b } from "x";\nexport const a = b;\n', 'import { b } from "x";\nexport const a = b;\n'),
    ("two that are not alike", twice, "TS2451", "Cannot redeclare block-scoped variable 'a'.", 1, 7,
     "const a = f();\nconst a = g();\nexport default a;\n", None),
    ("one way of two that nobody waits for", awaiting, "TS2345",
     "Argument of type 'Promise<Bug> | Bug' is not assignable to parameter of type 'Bug'.", 3, 5,
     "export async function f() {\n  const made = id ? edit(id) : await create();\n  go(made);\n}\n",
     "export async function f() {\n  const made = id ? await edit(id) : await create();\n  go(made);\n}\n"),
    ("a function that forgot to be async", awaiting, "TS2322",
     "Type 'boolean' is not assignable to type 'Promise<boolean>'.", 2, 3,
     "export function f(): Promise<boolean> {\n  return true;\n}\n",
     "export async function f(): Promise<boolean> {\n  return true;\n}\n"),
]  # fmt: skip


@pytest.mark.parametrize(
    ("healer", "code", "message", "line", "column", "before", "after"),
    [c[1:] for c in CASES],
    ids=[c[0] for c in CASES],
)
def test_a_repair_is_this(
    healer: Healer, code: str, message: str, line: int, column: int | None, before: str, after: str | None
) -> None:
    told = Finding(rule=f"tsc/{code}", message=message, path=PAGE, line=line, column=column)
    repair = healer(told, Patient(files={**APP, PAGE: before}, may_write=("frontend/",)))
    assert repair == ({} if after is None else {PAGE: after})


def test_a_guard_is_the_one_that_others_have() -> None:
    path = "frontend/src/values/time.tsx"
    before = (
        'import { Empty } from "./empty";\nexport function Time({ value }: { value: string | null }) {\n'
        "  const text = short(value);\n  return <p>{text}</p>;\n}\n"
    )
    message = "Argument of type 'string | null' is not assignable to parameter of type 'string'."
    told = Finding(rule="tsc/TS2345", message=message, path=path, line=3, column=22)
    repair = nullish(told, Patient(files={**APP, path: before}, may_write=("frontend/",)))
    assert repair == {path: before.replace("  const", "  if (!value) return <Empty />;\n  const")}
