"""Imports of the frontend that are missing, lead nowhere, or take what is not there."""

from __future__ import annotations

import json

import pytest

from gencode_graph.healing.patient import Patient
from gencode_graph.healing.web import WEB
from gencode_graph.healing.web.import_name import import_name
from gencode_graph.healing.web.import_path import import_path
from gencode_graph.healing.web.missing_import import missing_import
from gencode_graph.types import Finding

PAGE = "frontend/src/features/bugs/page.tsx"
APP = {
    "frontend/package.json": json.dumps({"dependencies": {"react": "19", "lucide-react": "1", "sonner": "2"}}),
    "frontend/tsconfig.json": '{ "compilerOptions": { "paths": { "@/*": ["./src/*"] } } }',
    "frontend/src/lib/utils.ts": "export function cn(...names: string[]) {\n  return names.join(' ');\n}\n",
    "frontend/src/lib/format.ts": (
        "export const formatDay = (day: string) => day;\nexport function plural(n: number) {\n  return n;\n}\n"
        "function hidden() {}\n"
    ),
    "frontend/src/lib/tones.ts": "export type Tone = 'red';\nexport interface Option {\n  tone: Tone;\n}\n",
    "frontend/src/components/ui/button.tsx": (
        'import { cn } from "@/lib/utils";\n\nexport function Button({ label }: { label: string }) {\n'
        "  return <button className={cn(label)} />;\n}\n"
    ),
    "frontend/src/components/ui/card.tsx": "export default function Card() {\n  return null;\n}\n",
    "frontend/src/features/bugs/api.ts": "export const useBugs = () => [];\nexport const useBug = () => null;\n",
    "frontend/src/features/users/api.ts": "export const useUsers = () => [];\n",
    "frontend/src/features/users/page.tsx": 'import { toast } from "sonner";\n\nexport const ask = () => toast("x");\n',
    "frontend/src/index.css": "body {\n}\n",
    "frontend/src/main.test.tsx": "export const onlyForTests = 1;\n",
}


def app(text: str, **more: str) -> Patient:
    return Patient(files={**APP, PAGE: text, **more}, may_write=("frontend/",))


def finding(code: str, message: str, line: int = 1, path: str = PAGE) -> Finding:
    return Finding(rule=code if "/" in code else f"tsc/{code}", message=message, path=path, line=line)


def page(*imports: str, use: str = "1") -> str:
    return "".join(f"{one}\n" for one in imports) + ("\n" if imports else "") + f"export const x = {use};\n"


MISSING = [
    ("a function of the app", [], "cn('a')", "cn", ['import { cn } from "@/lib/utils";']),
    ("one from a module beside it", [], "useBugs()", "useBugs", ['import { useBugs } from "./api";']),
    (
        "beside others from the same module, in order",
        ['import { useBugs } from "./api";'],
        "[useBug(), useBugs()]",
        "useBug",
        ['import { useBug, useBugs } from "./api";'],
    ),
    (
        "a type, as one",
        ['import { cn } from "@/lib/utils";'],
        "cn() as Tone",
        "Tone",
        ['import type { Tone } from "@/lib/tones";', 'import { cn } from "@/lib/utils";'],
    ),
    ("a component", [], "<Button />", "Button", ['import { Button } from "@/components/ui/button";']),
    ("as other files take it from a package", [], "toast('x')", "toast", ['import { toast } from "sonner";']),
    ("a hook", [], "useState(1)", "useState", ['import { useState } from "react";']),
    ("an icon", [], "<Trash2 />", "Trash2", ['import { Trash2 } from "lucide-react";']),
    ("a type of a package", [], "null as ReactNode", "ReactNode", ['import type { ReactNode } from "react";']),
]


@pytest.mark.parametrize(("before", "use", "name", "after"), [c[1:] for c in MISSING], ids=[c[0] for c in MISSING])
@pytest.mark.parametrize("said", ["tsc", "gate"])
def test_a_name_that_one_module_exports_is_imported(
    before: list[str], use: str, name: str, after: list[str], said: str
) -> None:
    told = {
        "tsc": finding("TS2304", f"Cannot find name '{name}'.", 3),
        "gate": finding("names/undefined", f"undefined name '{name}'", 3),
    }[said]
    assert missing_import(told, app(page(*before, use=use))) == {PAGE: page(*after, use=use)}


NOT_IMPORTED = [
    ("nobody exports it", page(use="nothingLikeIt()"), "nothingLikeIt"),
    ("only a test exports it", page(use="onlyForTests"), "onlyForTests"),
    ("it is not used any more", page(use="1"), "cn"),
    ("it is imported by now", page('import { cn } from "@/lib/utils";', use="cn()"), "cn"),
    ("a package that is not declared has it", page(use="useForm()"), "useForm"),
    ("it is bound at the top", "const cn = 1;\nexport const x = cn;\n", "cn"),
]


@pytest.mark.parametrize(("text", "name"), [c[1:] for c in NOT_IMPORTED], ids=[c[0] for c in NOT_IMPORTED])
def test_a_name_is_not_imported_when(text: str, name: str) -> None:
    assert missing_import(finding("TS2304", f"Cannot find name '{name}'."), app(text)) == {}


def test_a_name_that_two_modules_export_is_left_alone() -> None:
    more = {"frontend/src/lib/other.ts": "export const plural = 1;\n"}
    assert missing_import(finding("TS2304", "Cannot find name 'plural'."), app(page(use="plural()"), **more)) == {}


def test_where_a_script_took_a_name_from_before_decides() -> None:
    files = {**APP, "frontend/src/lib/other.ts": "export const cn = 1;\n", PAGE: page(use="cn()")}
    green = {PAGE: page('import { cn } from "@/lib/other";', use="cn()")}
    patient = Patient(files=files, green=green, may_write=("frontend/",))
    repair = missing_import(finding("TS2304", "Cannot find name 'cn'."), patient)
    assert repair == {PAGE: green[PAGE]}


UTILS = 'import { cn } from "@/lib/utils";'
PATHS = [
    ("a misspelt file", 'import { cn } from "@/lib/util";', "@/lib/util", 'import { cn } from "@/lib/utils";'),
    ("one folder too few", 'import { cn } from "@/utils";', "@/utils", 'import { cn } from "@/lib/utils";'),
    ("without the alias", 'import { cn } from "lib/utils";', "lib/utils", 'import { cn } from "@/lib/utils";'),
    ("the folder of all", 'import { cn } from "@/src/lib/utils";', "@/src/lib/utils", UTILS),
    ("the wrong depth", 'import { useBugs } from "../api";', "../api", 'import { useBugs } from "./api";'),
    ("an ending", 'import { useBugs } from "./api.jsx";', "./api.jsx", 'import { useBugs } from "./api";'),
    ("a package misspelt", 'import { useState } from "raect";', "raect", 'import { useState } from "react";'),
    ("a style sheet", 'import "../../idnex.css";', "../../idnex.css", 'import "@/index.css";'),
]  # fmt: skip


@pytest.mark.parametrize(("before", "wrong", "after"), [c[1:] for c in PATHS], ids=[c[0] for c in PATHS])
def test_an_import_that_leads_nowhere_leads_to_the_file_that_is_meant(before: str, wrong: str, after: str) -> None:
    told = finding("TS2307", f"Cannot find module '{wrong}' or its corresponding type declarations.")
    repair = import_path(told, app(page(before)))
    assert repair == {PAGE: page(after)}


def test_an_ending_that_must_not_be_there_goes() -> None:
    message = "An import path can only end with a '.ts' extension when 'allowImportingTsExtensions' is enabled."
    repair = import_path(finding("TS5097", message), app(page('import { useBugs } from "./api.ts";')))
    assert repair == {PAGE: page('import { useBugs } from "./api";')}


@pytest.mark.parametrize(
    ("before", "message"),
    [
        ('import { cn } from "@/lib/utils";', "Cannot find module '@/lib/utils' or its"),
        ('import { far } from "@/nowhere/at/all";', "Cannot find module '@/nowhere/at/all' or its"),
        ('import x from "left-pad";', "Cannot find module 'left-pad' or its"),
    ],
    ids=["it leads somewhere by now", "no file is close", "no package is close"],
)
def test_an_import_is_left_as_it_is_when(before: str, message: str) -> None:
    assert import_path(finding("TS2307", message), app(page(before))) == {}


NAMES = [
    (
        "a name misspelt here alone",
        "TS2305",
        "Module '\"@/lib/utils\"' has no exported member 'cm'.",
        page('import { cm } from "@/lib/utils";', use="cn()"),
        page('import { cn } from "@/lib/utils";', use="cn()"),
    ),
    (
        "a name misspelt wherever it is used",
        "TS2724",
        "'\"@/lib/format\"' has no exported member named 'formatDays'. Did you mean 'formatDay'?",
        page('import { formatDays } from "@/lib/format";', use="{ formatDays, a: formatDays('') }"),
        page('import { formatDay } from "@/lib/format";', use="{ formatDays: formatDay, a: formatDay('') }"),
    ),
    (
        "a name of another module",
        "TS2305",
        "Module '\"@/lib/utils\"' has no exported member 'plural'.",
        page('import { cn, plural } from "@/lib/utils";', use="cn(plural(1))"),
        page('import { plural } from "@/lib/format";', 'import { cn } from "@/lib/utils";', use="cn(plural(1))"),
    ),
    (
        "one that is not used",
        "TS2305",
        "Module '\"@/lib/utils\"' has no exported member 'nothingLikeIt'.",
        page('import { cn, nothingLikeIt } from "@/lib/utils";', use="cn()"),
        page('import { cn } from "@/lib/utils";', use="cn()"),
    ),
    (
        "no default export",
        "TS2613",
        "Module '\"/app/frontend/src/lib/utils\"' has no default export. Did you mean to use 'import { cn } from"
        ' "/app/frontend/src/lib/utils"\' instead?',
        page('import cn from "@/lib/utils";', use="cn()"),
        page('import { cn } from "@/lib/utils";', use="cn()"),
    ),
    (
        "nothing but a default export",
        "TS2614",
        "Module '\"@/components/ui/card\"' has no exported member 'Card'. Did you mean to use 'import Card from"
        ' "@/components/ui/card"\' instead?',
        page('import { Card } from "@/components/ui/card";', use="<Card />"),
        page('import Card from "@/components/ui/card";', use="<Card />"),
    ),
    (
        "a type taken as a value",
        "TS1484",
        "'Tone' is a type and must be imported using a type-only import when 'verbatimModuleSyntax' is enabled.",
        page('import { Tone } from "@/lib/tones";', use="'red' as Tone"),
        page('import type { Tone } from "@/lib/tones";', use="'red' as Tone"),
    ),
    (
        "a value taken as a type",
        "TS1361",
        "'cn' cannot be used as a value because it was imported using 'import type'.",
        page('import type { cn } from "@/lib/utils";', use="cn()"),
        page('import { cn } from "@/lib/utils";', use="cn()"),
    ),
    (
        "a name of another package",
        "TS2459",
        "Module '\"sonner\"' declares 'ReactNode' locally, but it is not exported.",
        page('import type { ReactNode } from "sonner";', use="1 as ReactNode"),
        page('import type { ReactNode } from "react";', use="1 as ReactNode"),
    ),
    (
        "what the gate says",
        "imports/name",
        "frontend/src/lib/utils.ts does not export cnn",
        page('import { cnn } from "@/lib/utils";', use="cn()"),
        page('import { cn } from "@/lib/utils";', use="cn()"),
    ),
]


@pytest.mark.parametrize(("code", "message", "before", "after"), [c[1:] for c in NAMES], ids=[c[0] for c in NAMES])
def test_an_import_takes_what_the_module_has(code: str, message: str, before: str, after: str) -> None:
    assert import_name(finding(code, message), app(before)) == {PAGE: after}


def test_what_a_module_only_declares_is_exported() -> None:
    told = finding("TS2459", "Module '\"@/lib/format\"' declares 'hidden' locally, but it is not exported.")
    repair = import_name(told, app(page('import { hidden } from "@/lib/format";', use="hidden()")))
    path = "frontend/src/lib/format.ts"
    assert repair == {path: APP[path].replace("function hidden", "export function hidden")}


@pytest.mark.parametrize(
    ("before", "message"),
    [
        (
            page('import { far } from "@/lib/utils";', use="far()"),
            "Module '\"@/lib/utils\"' has no exported member 'far'.",
        ),
        (
            page('import { cn } from "@/lib/utils";', use="cn()"),
            "Module '\"@/lib/utils\"' has no exported member 'cn'.",
        ),
        (
            page('import { Tone } from "@/lib/tones";', use="Tone"),
            "'Tone' is a type and must be imported using a type-only import when 'verbatimModuleSyntax' is enabled.",
        ),
    ],
    ids=["nothing is close", "the module has it by now", "a type is used as a value"],
)
def test_an_imported_name_is_left_as_it_is_when(before: str, message: str) -> None:
    assert import_name(finding("TS2305", message), app(before)) == {}


@pytest.mark.parametrize("healer", WEB, ids=lambda healer: healer.__name__)
def test_no_healer_touches_a_test_or_a_foreign_file(healer: object) -> None:
    path = "frontend/src/page.test.tsx"
    files = {**APP, path: page(use="cn()"), PAGE: page(use="cn()")}
    assert callable(healer)
    assert (
        healer(finding("TS2304", "Cannot find name 'cn'.", path=path), Patient(files=files, may_write=("frontend/",)))
        == {}
    )
    assert healer(finding("TS2304", "Cannot find name 'cn'."), Patient(files=files, may_write=("backend/",))) == {}
