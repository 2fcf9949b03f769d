"""Decisions are made once and learned from; what was learned survives kills, and is shared by processes."""

from __future__ import annotations

import asyncio
import sqlite3
import subprocess
import sys
from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import asynccontextmanager, closing
from pathlib import Path

import pytest
from blockbuster import blockbuster_ctx

from gencode_graph.decisions import Context, Option, Outcome, Pattern
from gencode_graph.errors import InputError, SettingError
from gencode_graph.llm.redaction import HIDDEN, redact
from gencode_graph.memory import connect_memory
from gencode_graph.memory.embedders import EMBEDDERS
from gencode_graph.memory.evolution import Evolution
from gencode_graph.protocols import Memory
from gencode_graph.settings import Settings

HERE = Context(archetype="saas_app", step="backend_models", language="python")
ELSEWHERE = Context(archetype="ecommerce_store", step="frontend_mock", language="typescript")


@asynccontextmanager
async def memory(home: Path, embedder: str = "lexical") -> AsyncIterator[Evolution]:
    async with connect_memory(Settings(home=home, embedder=embedder), redact=redact) as opened:
        yield opened


def numbers() -> Iterator[str]:
    return (f"k{i}" for i in range(100_000))


async def test_it_is_what_the_graph_asks_for(tmp_path: Path) -> None:
    async with memory(tmp_path) as opened:
        port: Memory = opened
        assert (await port.decide("vibe", "frosted glass", key="a", context=HERE)).selected == "glass"


@pytest.mark.parametrize(
    ("point", "query", "selected"),
    [
        ("archetype", "a shop for sneakers with cart and checkout", "ecommerce_store"),
        ("archetype", "kanban board with tasks and deadlines", "project_management"),
        ("vibe", "neon accents on a black background", "dark"),
        ("context_files", "the route answers 404 on create", "endpoint"),
        ("skills", "invoices with VAT and discounts", "money"),
        ("error_class", "SyntaxError: '(' was never closed", "syntax"),
        ("repair", "F401 unused import os", "fix"),
        ("supervision", "payments, roles and permissions", "strict"),
        ("model_tier", "rename a label", "simple"),
    ],
)
async def test_before_any_outcome_what_options_say_of_themselves_decides(
    tmp_path: Path, point: str, query: str, selected: str
) -> None:
    async with memory(tmp_path) as opened:
        decision = await opened.decide(point, query, key="a", context=Context())
        assert (decision.selected, decision.evolved, decision.foreign) == (selected, False, False)
        assert decision.ranking[0][0] == selected
        assert sum(weight for _, weight in decision.ranking) == pytest.approx(1, abs=1e-4)


async def test_the_same_key_gets_the_same_answer_also_after_a_restart_and_after_learning(tmp_path: Path) -> None:
    async with memory(tmp_path) as opened:
        first = await opened.decide("repair", "tests fail", key="run/step/1", context=HERE)
        await opened.learn(first.id, Outcome(success=False))
        for i in range(30):
            other = await opened.decide("repair", "tests fail", key=f"{i}", context=HERE)
            await opened.learn(other.id, Outcome(success=other.selected == "person"))
        assert await opened.decide("repair", "something else", key="run/step/1", context=ELSEWHERE) == first
    async with memory(tmp_path) as opened:
        assert await opened.decide("repair", "tests fail", key="run/step/1", context=HERE) == first


async def test_the_first_word_about_an_outcome_counts(tmp_path: Path) -> None:
    async with memory(tmp_path) as opened, memory(tmp_path) as other:
        decision = await opened.decide("repair", "tests fail", key="a", context=HERE)
        for success in (True, False, False, False, False, False):
            await opened.learn("a", Outcome(success=success))
        again = await opened.decide("repair", "tests fail", key="b", context=HERE)
        assert again.selected == decision.selected
        assert again.confidence > decision.confidence
        assert (await other.decide("repair", "tests fail", key="c", context=HERE)).ranking == again.ranking


async def test_outcomes_make_the_next_decision_better(tmp_path: Path) -> None:
    async with memory(tmp_path) as opened:
        right = []
        for i in range(60):
            decision = await opened.decide("repair", "the tests fail with 422", key=f"{i}", context=HERE)
            right.append(decision.selected == "restore_file")
            await opened.learn(decision.id, Outcome(success=right[-1]))
        assert sum(right[:5]) < 5
        assert all(right[-20:])
        assert decision.evolved
        assert decision.confidence > 0.8


async def test_what_was_learned_in_a_context_counts_there_most(tmp_path: Path) -> None:
    async with memory(tmp_path) as opened:
        key = numbers()
        for _ in range(40):
            for context, best in ((HERE, "restore_file"), (ELSEWHERE, "regenerate")):
                decision = await opened.decide("repair", "the tests fail", key=next(key), context=context)
                await opened.learn(decision.id, Outcome(success=decision.selected == best))
        assert (await opened.decide("repair", "the tests fail", key="a", context=HERE)).selected == "restore_file"
        assert (await opened.decide("repair", "the tests fail", key="b", context=ELSEWHERE)).selected == "regenerate"
        near = Context(archetype="saas_app", step="architecture", language="python")
        assert (await opened.decide("repair", "the tests fail", key="c", context=near)).selected == "restore_file"


@pytest.mark.parametrize(
    ("point", "options", "exclude", "says"),
    [
        ("nothing", (), (), "no decision point 'nothing'; known: archetype"),
        ("model_tier", (), ("simple", "medium", "complex"), "every option of 'model_tier' is excluded"),
        ("mine", (Option(name="a", description="a"), Option(name="a", description="b")), (), "names of their own"),
    ],
)
async def test_what_cannot_be_decided_is_said(
    tmp_path: Path, point: str, options: tuple[Option, ...], exclude: tuple[str, ...], says: str
) -> None:
    async with memory(tmp_path) as opened:
        with pytest.raises(SettingError, match=says):
            await opened.decide(point, "query", key="a", context=HERE, options=options, exclude=exclude)


async def test_a_key_belongs_to_one_point_and_an_outcome_to_a_decision(tmp_path: Path) -> None:
    async with memory(tmp_path) as opened:
        await opened.decide("vibe", "dark", key="a", context=HERE)
        with pytest.raises(InputError, match="belongs to a decision of 'vibe'"):
            await opened.decide("repair", "dark", key="a", context=HERE)
        with pytest.raises(InputError, match="no decision 'b' is known"):
            await opened.learn("b", Outcome(success=True))


async def test_excluded_options_are_neither_chosen_nor_ranked(tmp_path: Path) -> None:
    async with memory(tmp_path) as opened:
        decision = await opened.decide("model_tier", "rename a label", key="a", context=HERE, exclude=("simple",))
        assert sorted(name for name, _ in decision.ranking) == ["complex", "medium"]


async def tried(opened: Evolution, best: Sequence[str], context: Context, *, times: int, name: str) -> list[str]:
    """Decide and learn some times, where only ``best`` succeed; what was selected."""
    selected = []
    for i in range(times):
        decision = await opened.decide("repair", "the tests fail", key=f"{name} {i}", context=context)
        await opened.learn(decision.id, Outcome(success=decision.selected in best))
        selected.append(decision.selected)
    return selected


async def test_foreign_options_come_only_after_the_first_five(tmp_path: Path) -> None:
    async with memory(tmp_path) as opened:
        await tried(opened, ["person"], ELSEWHERE, times=40, name="elsewhere")
        seen: list[str] = []
        foreign = []
        for i in range(6):
            decision = await opened.decide("repair", "the tests fail", key=f"{i}", context=HERE, exclude=seen)
            seen.append(decision.selected)
            foreign.append((decision.selected, decision.foreign))
            if i == 0:
                assert decision.selected == "person"  # known from the whole, and no stranger
                seen[0] = "fix"
        assert [is_foreign for _, is_foreign in foreign] == [False] * 5 + [foreign[-1][0] == "person"]


async def test_where_nothing_of_a_context_helped_what_worked_elsewhere_does(tmp_path: Path) -> None:
    async with memory(tmp_path) as opened:
        await tried(opened, ["restore_step"], ELSEWHERE, times=30, name="elsewhere")
        order = [name for name, _ in (await opened.decide("repair", "it fails", key="o", context=HERE)).ranking]
        others = [name for name in order if name != "restore_step"]
        four = await opened.decide("repair", "the tests fail", key="4", context=HERE, exclude=others[:4])
        five = await opened.decide("repair", "the tests fail", key="5", context=HERE, exclude=others[:5])
        assert not four.foreign
        assert (five.selected, five.foreign) == ("restore_step", True)
        assert 4 < five.value["seconds"] < 200


async def test_what_keeps_failing_in_a_context_is_listed_and_avoided_there(tmp_path: Path) -> None:
    async with memory(tmp_path) as opened:
        exclude = [name for name in opened.points["repair"].options if name not in ("fix", "pattern")]
        for i in range(5):
            made = await opened.decide(
                "repair", f"case {i} fails", key=f"{i}", context=HERE, exclude=[*exclude, "pattern"]
            )
            await opened.learn(made.id, Outcome(success=False))
        (bad,) = await opened.anti_patterns("repair", HERE)
        assert (bad.option, bad.successes) == ("fix", 0)
        assert bad.tries > 4
        assert await opened.anti_patterns("repair", ELSEWHERE) == []
        assert await opened.anti_patterns("vibe", HERE) == []
        query = "a missing import that came up before"
        there = await opened.decide("repair", query, key="b", context=ELSEWHERE, exclude=exclude)
        here = await opened.decide("repair", query, key="a", context=HERE, exclude=exclude)
        assert dict(here.ranking)["fix"] < dict(there.ranking)["fix"]
        assert (there.selected, here.selected) == ("fix", "pattern")


async def test_when_all_that_is_left_keeps_failing_one_is_taken_all_the_same(tmp_path: Path) -> None:
    async with memory(tmp_path) as opened:
        exclude = [name for name in opened.points["repair"].options if name != "fix"]
        for i in range(8):
            made = await opened.decide("repair", "it fails", key=f"{i}", context=HERE, exclude=exclude)
            await opened.learn(made.id, Outcome(success=False))
            assert made.selected == "fix"


async def test_an_option_that_changed_is_learned_anew_and_the_others_stay(tmp_path: Path) -> None:
    async with memory(tmp_path) as opened:
        selected = await tried(opened, ["restore_file"], HERE, times=40, name="before")
        late = await opened.decide("repair", "the tests fail", key="late", context=HERE)
        assert (selected[-1], late.selected) == ("restore_file", "restore_file")
        plain = (await opened.decide("repair", "the tests fail", key="plain", context=HERE)).ranking
    (tmp_path / "options").mkdir()
    (tmp_path / "options" / "repair.yaml").write_text("options: {restore_file: {value: {cost: 9}}}")
    async with memory(tmp_path) as opened:
        await opened.learn(late.id, Outcome(success=True))  # of the old one: it says nothing of the new one
        after = await opened.decide("repair", "the tests fail", key="after", context=HERE)
        assert dict(after.ranking)["restore_file"] < dict(plain)["restore_file"]
        assert after.evolved
    async with memory(tmp_path) as opened:
        again = await opened.decide("repair", "the tests fail", key="again", context=HERE)
        assert again.ranking == after.ranking


async def test_success_moves_an_options_numbers_to_those_that_were_used(tmp_path: Path) -> None:
    async with memory(tmp_path) as opened:
        plain = opened.points["supervision"].options["normal"].value
        query = "CRUD pages with payments, roles and permissions"
        first = await opened.decide("supervision", query, key="first", context=HERE)
        assert first.value["threshold"] != plain["threshold"]
        for i in range(20):
            decision = await opened.decide("supervision", query, key=f"{i}", context=HERE)
            await opened.learn(decision.id, Outcome(success=True))
        last = await opened.decide("supervision", query, key="last", context=HERE)
        assert isinstance(last.value["attempts"], int)
        assert {*last.value} == {*plain}


async def test_options_of_the_moment_are_learned_by_name(tmp_path: Path) -> None:
    files = [Option(name=f"app/{name}.py", description=f"{name} of the app") for name in ("models", "routers", "seed")]
    async with memory(tmp_path) as opened:
        for i in range(30):
            made = await opened.decide("files", "it fails", key=f"{i}", context=HERE, options=files)
            await opened.learn(made.id, Outcome(success=made.selected == "app/seed.py"))
        changed = [files[2].model_copy(update={"description": "rows for the start"}), *files[:1]]
        more = [*changed, Option(name="app/new.py", description="something else")]
        made = await opened.decide("files", "it fails", key="a", context=HERE, options=more)
        assert made.selected == "app/seed.py"
        assert sorted(name for name, _ in made.ranking) == ["app/models.py", "app/new.py", "app/seed.py"]


async def test_no_secret_is_kept_and_a_long_query_is_cut(tmp_path: Path) -> None:
    secret = "sk-" + "a1b2c3d4e5f6g7h8i9j0k1l2m3n4"
    options = [Option(name="a", description=f"uses {secret}", value={"key": secret})]
    async with memory(tmp_path) as opened:
        query = f"{secret} {'x' * 50_000} {secret} the end"
        made = await opened.decide("mine", query, key="a", context=HERE, options=options)
        await opened.learn(made.id, Outcome(success=True))
        assert made.query.startswith(HIDDEN)
        assert made.query.endswith(f"{HIDDEN} the end")
        assert len(made.query) <= 2000
        assert made.value == {"key": HIDDEN}
    stored = b"".join(path.read_bytes() for path in (tmp_path / "memory").rglob("*.*"))
    assert secret.encode() not in stored


async def rankings(home: Path, embedder: str = "lexical") -> list[object]:
    async with memory(home, embedder) as opened:
        return [
            (await opened.decide("repair", query, key=f"again {query} {context}", context=context)).ranking
            for query in ("the tests fail", "a missing import")
            for context in (HERE, ELSEWHERE)
        ]


@pytest.mark.parametrize("damage", ["none", "gone", "cut", "noise", "other"])
async def test_what_was_learned_is_the_same_from_a_snapshot_and_from_the_log(tmp_path: Path, damage: str) -> None:
    async with memory(tmp_path) as opened:
        await tried(opened, ["restore_file"], HERE, times=30, name="a")
        await tried(opened, ["regenerate"], ELSEWHERE, times=30, name="b")
        wanted = [
            (await opened.decide("repair", query, key=f"{query} {context}", context=context)).ranking
            for query in ("the tests fail", "a missing import")
            for context in (HERE, ELSEWHERE)
        ]
    snapshot = tmp_path / "memory" / "repair.learned"
    content = snapshot.read_bytes()
    if damage == "gone":
        snapshot.unlink()
    elif damage != "none":
        damaged = {"cut": content[:-10], "noise": b"noise", "other": content.replace(b"seq", b"qes")}
        snapshot.write_bytes(damaged[damage])
    assert await rankings(tmp_path) == wanted


async def test_a_snapshot_of_another_log_is_not_used(tmp_path: Path) -> None:
    for home in ("a", "b"):
        async with memory(tmp_path / home) as opened:
            await tried(opened, ["restore_file" if home == "a" else "person"], HERE, times=30, name="a")
    (tmp_path / "a" / "memory" / "repair.learned").replace(tmp_path / "b" / "memory" / "repair.learned")
    async with memory(tmp_path / "b") as opened:
        assert (await opened.decide("repair", "the tests fail", key="z", context=HERE)).selected == "person"


class Letters:
    """Another embedder: how often each letter occurs."""

    name = "letters"
    dimensions = 27

    async def embed(self, texts: Sequence[str]) -> list[list[float]]:
        counts = [[1.0, *(float(text.lower().count(chr(97 + i))) for i in range(26))] for text in texts]
        return [[x / sum(y * y for y in row) ** 0.5 for x in row] for row in counts]


async def test_another_embedder_learns_the_same_outcomes_in_its_own_terms(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(EMBEDDERS, "letters", f"{__name__}:Letters")
    monkeypatch.setitem(sys.modules, __name__, sys.modules.get(__name__) or sys.modules[Letters.__module__])
    async with memory(tmp_path) as opened:
        await tried(opened, ["restore_file"], HERE, times=40, name="a")
    async with memory(tmp_path, "letters") as opened:
        assert (await opened.decide("repair", "the tests fail", key="b", context=HERE)).selected == "restore_file"
        await tried(opened, ["person"], ELSEWHERE, times=60, name="c")
    async with memory(tmp_path) as opened:
        assert (await opened.decide("repair", "the tests fail", key="d", context=HERE)).selected == "restore_file"
        assert (await opened.decide("repair", "the tests fail", key="e", context=ELSEWHERE)).selected == "person"


async def test_many_at_once_in_one_process_are_each_kept(tmp_path: Path) -> None:
    async with memory(tmp_path) as opened:

        async def one(i: int) -> str:
            decision = await opened.decide("repair", f"failure {i % 5}", key=f"{i % 50}", context=HERE)
            await opened.learn(decision.id, Outcome(success=i % 2 == 0))
            return decision.selected

        selected = await asyncio.gather(*map(one, range(100)))
        assert selected[:50] == selected[50:]
    assert counted(tmp_path) == (50, 50)


def counted(home: Path) -> tuple[int, int]:
    with closing(sqlite3.connect(home / "memory" / "decisions.db")) as connection:
        ((decisions,),) = connection.execute("select count(*) from decisions")
        ((outcomes,),) = connection.execute("select count(*) from events where decision is not null")
    return int(decisions), int(outcomes)


WORKER = """
import asyncio, sys
from pathlib import Path
from gencode_graph.decisions import Context, Outcome
from gencode_graph.memory import connect_memory
from gencode_graph.settings import Settings

async def main(home, name, times):
    async with connect_memory(Settings(home=Path(home)), redact=str) as memory:
        print("ready", flush=True)
        sys.stdin.readline()
        for i in range(times):
            query, context = f"failure {i % 7} of it", Context(step="s")
            decision = await memory.decide("repair", query, key=f"{name} {i}", context=context)
            await memory.learn(decision.id, Outcome(success=decision.selected == "restore_file"))
            print(i, decision.selected, flush=True)

asyncio.run(main(sys.argv[1], sys.argv[2], int(sys.argv[3])))
"""


def worker(home: Path, name: str, times: int) -> subprocess.Popen[str]:
    command = [sys.executable, "-c", WORKER, str(home), name, str(times)]
    return subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)


@pytest.mark.slow
async def test_two_processes_that_decide_2000_times_each_lose_nothing_and_learn_the_same(tmp_path: Path) -> None:
    workers = [worker(tmp_path, name, 2000) for name in ("one", "other")]
    outputs = await asyncio.gather(*(asyncio.to_thread(w.communicate, "go\n", 300) for w in workers))
    assert [w.returncode for w in workers] == [0, 0]
    assert [out.strip().splitlines()[-1] for out, _ in outputs] == ["1999 restore_file"] * 2
    assert counted(tmp_path) == (4000, 4000)
    wanted = await rankings(tmp_path)
    (tmp_path / "memory" / "repair.learned").unlink()
    async with memory(tmp_path) as opened:
        again = [
            (await opened.decide("repair", query, key=f"{query} {context}", context=context)).ranking
            for query in ("the tests fail", "a missing import")
            for context in (HERE, ELSEWHERE)
        ]
    assert again == wanted


@pytest.mark.slow
async def test_after_a_kill_all_that_was_answered_is_there_and_answered_again(tmp_path: Path) -> None:
    one = worker(tmp_path, "one", 100_000)
    assert one.stdin is not None
    assert one.stdout is not None
    one.stdin.write("go\n")
    one.stdin.flush()
    told = []
    while len(told) < 120:
        told.append((await asyncio.to_thread(one.stdout.readline)).split())
    one.kill()
    rest = await asyncio.to_thread(one.stdout.read)  # communicate would leave out what is buffered already
    await asyncio.to_thread(one.communicate)
    told = [
        line for line in [*told, *(line.split() for line in rest.splitlines())] if len(line) == 2 and line[0] != "ready"
    ]
    decisions, outcomes = counted(tmp_path)
    assert len(told) <= outcomes <= decisions <= len(told) + 1
    async with memory(tmp_path) as opened:
        for i, selected in told:
            decision = await opened.decide("repair", "", key=f"one {i}", context=HERE)
            assert decision.selected == selected


async def test_nothing_blocks_the_event_loop(tmp_path: Path) -> None:
    pattern = Pattern(id="p", kind="repair", signature="s", text="it fails", context=HERE, body={}, proof="ruff")
    async with memory(tmp_path / "first"):
        pass  # what is imported at first use is
    with blockbuster_ctx():
        async with memory(tmp_path) as opened:
            decision = await opened.decide("repair", "it fails", key="a", context=HERE)
            await opened.learn(decision.id, Outcome(success=True))
            await opened.remember(pattern)
            await opened.judged("p", worked=True)
            assert await opened.recall("repair", "s", "it fails", context=HERE)
            assert await opened.anti_patterns("repair", HERE) == []
            assert await opened.import_(await opened.export()) == 0


async def test_a_default_is_taken_until_something_else_is_sure(tmp_path: Path) -> None:
    async with memory(tmp_path) as opened:
        first = await opened.decide("repair", "it fails", key="a", context=HERE, default="person")
        assert (first.selected, first.ranking[0][0]) == ("person", "person")
        assert first.value == opened.points["repair"].options["person"].value
        await tried(opened, ["restore_file"], HERE, times=40, name="t")
        learned = await opened.decide("repair", "the tests fail", key="b", context=HERE, default="person")
        assert learned.selected == "restore_file"


async def test_two_points_with_names_that_look_alike_on_disk_stay_apart(tmp_path: Path) -> None:
    options = [Option(name=name, description=name) for name in ("left", "right")]
    for start in range(2):
        async with memory(tmp_path) as opened:
            for point, best in (("a/b", "left"), ("a-b", "right")):
                for i in range(30):
                    key = f"{point} {i} {start}"
                    made = await opened.decide(point, "where", key=key, context=HERE, options=options)
                    await opened.learn(made.id, Outcome(success=made.selected == best))
                assert made.selected == best
