"""What LangGraph's own tests ask of a store, asked of ours: every case of theirs, under a like name, in our words.

Theirs are those of langgraph-checkpoint (``test_store``, ``test_store_namespace_validation``,
``test_inmemory_store_dotted_filters``), langgraph-checkpoint-sqlite (``test_store``, ``test_async_store``,
``test_ttl``, ``test_namespace_validation``) and langgraph-checkpoint-postgres (``test_store``, ``test_async_store``).
Each runs twice: with all vectors compared, and with Chroma from the first vector on.

Cannot apply:

- ``test_async_batch_store``, ``test_async_batch_store_deduplication`` and ``RecordingBatchedStore``: they test the
  class ``AsyncBatchedBaseStore``, from which ours does not come.
- ``test_no_running_loop``: theirs refuses blocking calls in the event loop's thread; ours allows them.
- ``test_nonnull_migrations``, ``test_escape_glob_literal``, ``test_namespace_match_pattern``,
  ``test_list_namespaces_prefix_uses_indexable_condition``: private parts of their SQL.
- ``test_vector_search_ranks_closest_first`` for ``l2`` and ``inner_product``, and ``test_embed_with_path`` for kinds of
  Postgres indexes: ours has cosines only.
- ``test_sql_injection_vulnerability`` expects an error for a strange field; ours never puts one into SQL, and finds
  nothing.
- ``test_ensure_ttl_timedelta`` and those after it: of a version in which a ttl may be a date.
"""

from __future__ import annotations

import asyncio
import math
from collections.abc import Sequence
from typing import Any

import pytest
from langgraph.store.base import (
    GetOp,
    InvalidNamespaceError,
    Item,
    ListNamespacesOp,
    MatchCondition,
    Op,
    PutOp,
    SearchItem,
    SearchOp,
)

from gencode_graph.memory.store import ChromaStore

Spaces = set[tuple[str, ...]]


async def fill(store: ChromaStore, spaces: Sequence[tuple[str, ...]]) -> None:
    for number, space in enumerate(spaces):
        await store.aput(space, f"k{number}", {"n": number})


async def put_all(store: ChromaStore, values: dict[str, dict[str, Any]]) -> None:
    for key, value in values.items():
        await store.aput(("t",), key, value)
    await store.settle()


async def found(store: ChromaStore, *prefix: str, **how: Any) -> list[str]:
    return [item.key for item in await store.asearch(prefix, **how)]


async def under(store: ChromaStore, *prefix: str) -> Spaces:
    return {item.namespace for item in await store.asearch(prefix, limit=100)}


# one batch


async def test_batch_order(store: ChromaStore) -> None:
    await store.aput(("t", "foo"), "one", {"d": "1"})
    await store.aput(("t", "bar"), "two", {"d": "2"})
    ops: list[Op] = [
        GetOp(("t", "foo"), "one"),
        PutOp(("t", "bar"), "two", {"d": "2"}),
        SearchOp(("t",), filter={"d": "1"}),
        ListNamespacesOp(limit=10),
        GetOp(("t",), "three"),
    ]
    item, put, hits, spaces, nothing = await store.abatch(ops)
    assert isinstance(item, Item)
    assert (item.value, item.key, item.namespace) == ({"d": "1"}, "one", ("t", "foo"))
    assert put is None
    assert [(type(hit), hit.key) for hit in hits] == [(SearchItem, "one")]  # type: ignore[union-attr]
    assert spaces == [("t", "bar"), ("t", "foo")]
    assert nothing is None
    hits, put, item = store.batch([SearchOp(("t",)), PutOp(("t",), "three", {"d": "3"}), GetOp(("t", "bar"), "two")])
    assert len(hits) == 2  # type: ignore[arg-type]
    assert item.value == {"d": "2"}  # type: ignore[union-attr]
    assert store.get(("t",), "three").value == {"d": "3"}  # type: ignore[union-attr]


async def test_batch_get_ops(store: ChromaStore) -> None:
    await fill(store, [("t",), ("t",)])
    items = await store.abatch([GetOp(("t",), key) for key in ("k0", "k1", "k2")])
    assert [item and item.key for item in items] == ["k0", "k1", None]  # type: ignore[union-attr]


async def test_batch_put_ops(store: ChromaStore) -> None:
    ops = [PutOp(("t",), "a", {"d": 1}), PutOp(("t",), "b", {"d": 2}), PutOp(("t",), "c", None)]
    assert await store.abatch(ops) == [None, None, None]
    assert sorted(await found(store, "t")) == ["a", "b"]
    await store.abatch([PutOp(("t",), "a", {"d": 3}), PutOp(("t",), "a", {"d": 4})])
    assert (await store.aget(("t",), "a")).value == {"d": 4}  # type: ignore[union-attr]


async def test_batch_search_ops(store: ChromaStore) -> None:
    await store.aput(("t", "foo"), "a", {"tag": "x"})
    await store.aput(("t", "bar"), "b", {"tag": "x"})
    await store.aput(("t", "baz"), "c", {"tag": "y"})
    tagged, two, foo = await store.abatch(
        [SearchOp(("t",), filter={"tag": "x"}), SearchOp(("t",), limit=2), SearchOp(("t", "foo"))]
    )
    assert sorted(hit.key for hit in tagged) == ["a", "b"]  # type: ignore[union-attr]
    assert len(two) == 2  # type: ignore[arg-type]
    assert [hit.namespace for hit in foo] == [("t", "foo")]  # type: ignore[union-attr]


async def test_batch_list_namespaces_ops(store: ChromaStore) -> None:
    await fill(
        store, [("t", "docs", "public"), ("t", "docs", "private"), ("t", "pics", "public"), ("p", "x", "public")]
    )
    every, short, public = await store.abatch(
        [
            ListNamespacesOp(),
            ListNamespacesOp(max_depth=2),
            ListNamespacesOp((MatchCondition("suffix", ("public",)),)),
        ]
    )
    assert len(every) == 4  # type: ignore[arg-type]
    assert short == [("p", "x"), ("t", "docs"), ("t", "pics")]
    assert len(public) == 3  # type: ignore[arg-type]


async def test_large_batches_async(store: ChromaStore) -> None:
    async def one(i: int, m: int) -> None:
        space, key = ("t", "foo", str(m % 2)), f"key{i}"
        await asyncio.gather(
            store.aput(space, key, {"foo": i}),
            store.aget(space, key),
            store.alist_namespaces(max_depth=m + 1),
            store.asearch(("t",)),
            store.adelete(space, key),
        )
        await store.adelete(space, key)

    await asyncio.gather(*(one(i, m) for i in range(8) for m in range(4)))
    assert await store.asearch(()) == []


# items


async def test_basic_store_operations(store: ChromaStore) -> None:
    space = ("u", "test", "documents")
    assert await store.asearch(("u",)) == []
    await store.aput(space, "doc1", {"title": "Test"})
    first = await store.aget(space, "doc1")
    assert first is not None
    assert (first.namespace, first.key, first.value) == (space, "doc1", {"title": "Test"})
    await asyncio.sleep(0.002)
    await store.aput(space, "doc1", {"title": "Changed"})
    second = await store.aget(space, "doc1")
    assert second is not None
    assert second.value == {"title": "Changed"}
    assert second.created_at == first.created_at
    assert second.updated_at > first.updated_at
    assert await store.aget(("u", "test", "other"), "doc1") is None
    await store.adelete(space, "doc1")
    assert await store.aget(space, "doc1") is None
    assert await store.asearch(("u", "test")) == []
    assert await store.alist_namespaces() == []


async def test_the_same_without_an_event_loop(store: ChromaStore) -> None:
    def use() -> None:
        store.put(("a",), "k", {"text": "here"})
        assert [hit.score for hit in store.search(("a",), query='{"text": "here"}')] == [pytest.approx(1)]
        store.delete(("a",), "k")
        assert store.get(("a",), "k") is None
        assert store.list_namespaces() == []

    await asyncio.to_thread(use)


async def test_cannot_put_empty_namespace(store: ChromaStore) -> None:
    for bad in ((), ("the", "thing.about"), ("some", "fun", ""), ("langgraph", "foo"), (1,)):
        with pytest.raises(InvalidNamespaceError):
            store.put(bad, "foo", {"a": "b"})  # type: ignore[arg-type]
        with pytest.raises(InvalidNamespaceError):
            await store.aput(bad, "foo", {"a": "b"})  # type: ignore[arg-type]
    for space in (("foo", "langgraph", "foo"), ("langgraph", "foo")):
        await store.abatch([PutOp(space, "bar", {"a": "b"})])
        assert (await store.aget(space, "bar")).value == {"a": "b"}  # type: ignore[union-attr]
        assert (await store.asearch(space))[0].value == {"a": "b"}
        await store.adelete(space, "bar")
        assert await store.aget(space, "bar") is None


@pytest.mark.parametrize("space", [("foo.bar",), ("foo", ""), ("foo", 1), ("nul\x00",)])
@pytest.mark.parametrize("kind", ["get", "put", "delete", "search", "prefix", "suffix"])
async def test_invalid_namespace_batch(opened: Any, space: Any, kind: str) -> None:
    ops: dict[str, Op] = {
        "get": GetOp(space, "key"),
        "put": PutOp(space, "key", {"changed": True}),
        "delete": PutOp(space, "key", None),
        "search": SearchOp(space),
        "prefix": ListNamespacesOp((MatchCondition("prefix", space),)),
        "suffix": ListNamespacesOp((MatchCondition("suffix", space),)),
    }
    async with opened() as store:
        await store.aput(("foo", "bar"), "key", {"original": True})
        with pytest.raises(InvalidNamespaceError):
            store.batch([PutOp(("valid",), "key", {}), ops[kind]])
        with pytest.raises(InvalidNamespaceError):
            await store.abatch([PutOp(("valid",), "key", {}), ops[kind]])
        assert (await store.aget(("foo", "bar"), "key")).value == {"original": True}
        assert await store.aget(("valid",), "key") is None


@pytest.mark.parametrize("method", ["get", "delete", "search", "prefix", "suffix"])
async def test_invalid_namespace_public(opened: Any, method: str) -> None:
    async with opened() as store:
        arguments: dict[str, Any] = {"namespace": ("foo.bar",), "key": "k"}
        if method in ("prefix", "suffix"):
            refused = store.alist_namespaces(**{method: ("foo.bar",)})
        elif method == "search":
            refused = store.asearch(("foo.bar",))
        else:
            refused = getattr(store, f"a{method}")(**arguments)
        with pytest.raises(InvalidNamespaceError):
            await refused


# namespaces


ABC = [("a", "b", "c"), ("a", "b", "d", "e"), ("a", "b", "d", "i"), ("a", "b", "f"), ("a", "c", "f"), ("b", "a", "f")]
PEOPLE = [("users", "123"), ("users", "456", "settings"), ("admin", "users", "789"), ("guests", "456", "preferences")]


@pytest.mark.parametrize(
    ("how", "expected"),
    [
        ({}, [*ABC, *PEOPLE]),
        ({"prefix": ("a", "b")}, ABC[:4]),
        ({"suffix": ("f",)}, ABC[3:]),
        ({"prefix": ("a",), "suffix": ("f",)}, ABC[3:5]),
        ({"prefix": ("a", "b"), "max_depth": 3}, [("a", "b", "c"), ("a", "b", "d"), ("a", "b", "f")]),
        ({"prefix": ("a", "b"), "limit": 2}, ABC[:2]),
        ({"prefix": ("a", "b"), "offset": 2}, ABC[2:4]),
        ({"prefix": ("a", "*", "f")}, ABC[3:5]),
        ({"suffix": ("*", "f")}, ABC[3:]),
        ({"prefix": ("nonexistent",)}, []),
        ({"prefix": ("users", "123")}, [("users", "123")]),
        ({"prefix": ("users", "*")}, PEOPLE[:2]),
        ({"suffix": ("*", "preferences")}, PEOPLE[3:]),
        ({"prefix": ("*", "users"), "suffix": ("*", "settings")}, []),
        ({"max_depth": 1}, [("a",), ("admin",), ("b",), ("guests",), ("users",)]),
    ],
)
async def test_list_namespaces_basic(opened: Any, how: Any, expected: list[tuple[str, ...]]) -> None:
    """With ``_with_wildcards``, ``_max_depth``, ``_no_conditions`` and ``_operations``."""
    async with opened() as store:
        await fill(store, [*ABC, *PEOPLE])
        assert await store.alist_namespaces(**how) == sorted(expected)


async def test_list_namespaces_pagination(store: ChromaStore) -> None:
    spaces = [("n", f"sub_{i:02d}") for i in range(20)]
    await fill(store, spaces)
    for start in (0, 5, 15):
        assert await store.alist_namespaces(prefix=("n",), limit=5, offset=start) == spaces[start : start + 5]


async def test_list_namespaces_empty_store(store: ChromaStore) -> None:
    assert await store.alist_namespaces() == []


async def test_list_namespaces_segment_boundary(store: ChromaStore) -> None:
    await fill(store, [("foo",), ("foo", "child"), ("foobar",), ("u", "users", "alice"), ("u", "users", "malice")])
    assert await store.alist_namespaces(prefix=("foo",)) == [("foo",), ("foo", "child")]
    assert await store.alist_namespaces(suffix=("alice",)) == [("u", "users", "alice")]
    assert await store.alist_namespaces(prefix=("u", "*", "alice")) == [("u", "users", "alice")]


async def test_search_namespace_segment_boundary(store: ChromaStore) -> None:
    await fill(store, [("foo",), ("foo", "child"), ("foo", "child", "deep"), ("foobar",), ("foobar", "b"), ("foo2",)])
    assert await under(store, "foo") == {("foo",), ("foo", "child"), ("foo", "child", "deep")}
    assert await under(store, "foobar") == {("foobar",), ("foobar", "b")}
    assert await under(store, "foo2") == {("foo2",)}
    assert await under(store, "fo") == set()


async def test_metacharacter_labels_are_literal(store: ChromaStore) -> None:
    """``test_search_namespace_wildcard_chars_are_literal`` and ``test_list_namespaces_metacharacter_labels``."""
    pairs = [("star*", "starX"), ("q?m", "qXm"), ("br[a]t", "bra"), ("user_1", "userX1"), ("a%b", "axxb"), ("'", '"')]
    await fill(store, [space for one, other in pairs for space in ((one,), (other,), (one, "child"))])
    for one, _ in pairs:
        assert await under(store, one) == {(one,), (one, "child")}
        assert await store.alist_namespaces(prefix=(one,)) == [(one,), (one, "child")]


async def test_search_namespace_is_case_sensitive(store: ChromaStore) -> None:
    await fill(store, [("Foo",), ("foo",)])
    assert await under(store, "foo") == {("foo",)}
    assert await under(store, "Foo") == {("Foo",)}


async def test_search_empty_prefix_is_unconstrained(store: ChromaStore) -> None:
    spaces = [("a",), ("b", "c"), ("d", "e", "f")]
    await fill(store, spaces)
    assert await under(store) == set(spaces)
    assert len(await store.asearch((), query="a")) == 3


async def test_namespace_labels_with_trailing_newline(store: ChromaStore) -> None:
    await fill(store, [("users", "alice"), ("users", "alice\n")])
    assert await store.alist_namespaces(suffix=("alice",)) == [("users", "alice")]
    assert await store.alist_namespaces(prefix=("users", "alice")) == [("users", "alice")]


# filters


PRICES = {"one": {"price": 10, "n": "a"}, "two": {"price": 20.5}, "three": {"price": 30}, "four": {"price": -10}}


@pytest.mark.parametrize(
    ("wanted", "expected"),
    [
        ({"price": {"$gt": 15}}, "two three"),
        ({"price": {"$gte": 20.5}}, "two three"),
        ({"price": {"$lt": 0}}, "four"),
        ({"price": {"$lte": 10}}, "one four"),
        ({"price": {"$eq": 10}}, "one"),
        ({"price": {"$ne": 10}}, "two three four"),
        ({"price": {"$gt": 0, "$lt": 25}}, "one two"),
        ({"price": {"$lt": math.inf}}, "one two three four"),
        ({"price": {"$gt": -math.inf}}, "one two three four"),
        ({"price": {"$eq": math.nan}}, ""),
        ({"price": {"$lt": 10**100}}, "one two three four"),
        ({"price": {"$gt": "10"}}, ""),
        ({"price": 10, "n": "a"}, "one"),
        ({"n": "b"}, ""),
        ({"absent": {"$gt": 1}}, ""),
    ],
)
async def test_numeric_filter_safety(opened: Any, wanted: Any, expected: str) -> None:
    async with opened() as store:
        await put_all(store, PRICES)
        assert set(await found(store, filter=wanted)) == set(expected.split())
        assert set(await found(store, query="price", filter=wanted)) == set(expected.split())


async def test_an_unknown_operator_is_refused(store: ChromaStore) -> None:
    await store.aput(("t",), "k", {"price": 1})
    with pytest.raises(ValueError, match=r"unknown operator '\$near'.*\$eq"):
        await store.asearch(("t",), filter={"price": {"$near": 1}})


async def test_boolean_filter_safety(store: ChromaStore) -> None:
    await put_all(store, {"yes": {"on": True}, "no": {"on": False}, "one": {"on": 1}})
    assert await found(store, "t", filter={"on": True}) == ["yes"]
    assert await found(store, "t", filter={"on": False}) == ["no"]
    assert await found(store, "t", filter={"on": 1}) == ["one"]


@pytest.mark.parametrize(
    "text", ["public' OR '1'='1", "public'; --", "x' UNION SELECT 1 --", "public\x00' OR 1", "''''", "' OR 'א'='א"]
)
async def test_sql_injection_filter_values(opened: Any, text: str) -> None:
    async with opened() as store:
        await put_all(store, {"doc": {"access": "public"}, "odd": {"title": text}})
        assert await found(store, filter={"access": text}) == []
        assert await found(store, filter={text: "public"}) == []
        assert await found(store, filter={"title": text}) == ["odd"]


async def test_filter_keys_with_hyphens_and_digits(store: ChromaStore) -> None:
    """With ``test_inmemory_store_search_supports_dotted_filter_keys``."""
    await store.aput(("t",), "hyphen", {"access-level": "public", "user": {"access-level": "nested"}})
    await store.aput(("t",), "digit", {"123abc": "ok", "user": {"123abc": "ok2"}, "a.b": "dot"})
    for wanted, key in [
        ({"access-level": "public"}, "hyphen"),
        ({"user.access-level": "nested"}, "hyphen"),
        ({"user": {"access-level": "nested"}}, "hyphen"),
        ({"123abc": "ok"}, "digit"),
        ({"user.123abc": "ok2"}, "digit"),
        ({"a.b": "dot"}, "digit"),
    ]:
        assert await found(store, "t", filter=wanted) == [key]


async def test_search_items(store: ChromaStore) -> None:
    values = {
        ("b", "documents", "user1"): {"author": "John", "tags": ["important"]},
        ("b", "documents", "user2"): {"author": "Jane", "tags": ["draft"]},
        ("b", "reports", "d1"): {"author": "John", "tags": ["final"]},
        ("b", "reports", "d2"): {"author": "Alice", "tags": ["draft"]},
    }
    for space, value in values.items():
        await store.aput(space, f"item_{space[-1]}", value)
    assert len(await under(store, "b", "documents")) == len(await under(store, "b", "reports")) == 2
    first, second = await found(store, "b", limit=2), await found(store, "b", limit=2, offset=2)
    assert sorted([*first, *second]) == ["item_d1", "item_d2", "item_user1", "item_user2"]
    assert sorted(await found(store, "b", filter={"author": "John"})) == ["item_d1", "item_user1"]
    assert sorted(await found(store, "b", filter={"tags": ["draft"]})) == ["item_d2", "item_user2"]


# meaning


async def test_vector_store_initialization(opened: Any, letters: Any) -> None:
    async with opened(fields=["content", "title"]) as store:
        assert store.embedder == letters
        assert store.fields == ("content", "title")


async def test_vector_insert_with_auto_embedding(store: ChromaStore) -> None:
    await put_all(
        store,
        {
            "doc1": {"text": "short text"},
            "doc2": {"text": "longer text document"},
            "doc3": {"text": "longest text document here"},
            "doc4": {"description": "text in description field"},
        },
    )
    keys = await found(store, "t", query="long text")
    assert {"doc2", "doc3"} < set(keys)


async def test_vector_update_with_embedding(store: ChromaStore) -> None:
    texts = {"doc1": "zany zebra Xerxes", "doc2": "something about dogs", "doc3": "text about birds"}
    await put_all(store, {key: {"text": text} for key, text in texts.items()})
    before = await store.asearch(("t",), query="Zany Xerxes")
    assert before[0].key == "doc1"
    await put_all(store, {"doc1": {"text": "new text about dogs"}})
    after = {hit.key: hit.score for hit in await store.asearch(("t",), query="Zany Xerxes")}
    assert after["doc1"] < before[0].score
    new = {hit.key: hit.score for hit in await store.asearch(("t",), query="new text about dogs")}
    assert new["doc1"] > after["doc1"]
    await store.aput(("t",), "doc4", {"text": "new text about dogs"}, index=False)
    assert "doc4" not in await found(store, "t", query="new text about dogs", limit=3)
    everything = await store.asearch(("t",), query="new text about dogs")
    assert [(hit.key, hit.score) for hit in everything][3] == ("doc4", None)


async def test_vector_search_with_filters(store: ChromaStore) -> None:
    await put_all(
        store,
        {
            "doc1": {"text": "red apple", "color": "red", "score": 4.5},
            "doc2": {"text": "red car", "color": "red", "score": 3.0},
            "doc3": {"text": "green apple", "color": "green", "score": 4.0},
            "doc4": {"text": "blue car", "color": "blue", "score": 3.5},
        },
    )
    assert await found(store, "t", query="apple", filter={"color": "red"}) == ["doc1", "doc2"]
    assert await found(store, "t", query="car", filter={"color": "red"}) == ["doc2", "doc1"]
    best = await found(store, "t", query="bbbbluuu", filter={"score": {"$gt": 3.2}})
    assert (best[0], len(best)) == ("doc4", 3)
    assert await found(store, "t", query="apple", filter={"score": {"$gte": 4.0}, "color": "green"}) == ["doc3"]


async def test_async_batched_vector_search_concurrent(store: ChromaStore) -> None:
    colors, things = ("red", "blue", "green", "yellow", "purple"), ("apple", "car", "house", "book", "phone")
    values = [{"text": f"{colors[i % 5]} {things[i % 5]}", "color": colors[i % 5], "index": i} for i in range(50)]
    await asyncio.gather(*(store.aput(("t",), f"doc{i}", value) for i, value in enumerate(values)))
    await asyncio.gather(*(store.adelete(("t",), f"doc{i}") for i in range(50)))
    await asyncio.gather(*(store.aput(("t",), f"doc{i}", value) for i, value in enumerate(values)))
    asked: list[tuple[str, dict[str, Any], Any]] = [
        ("apple", {"color": "red"}, lambda value: value["color"] == "red"),
        ("house", {"index": {"$gt": 25}}, lambda value: value["index"] > 25),
        ("phone", {"index": {"$lte": 10}, "color": "purple"}, lambda value: value["index"] in (4, 9)),
    ]
    answers = await asyncio.gather(*(store.asearch(("t",), query=q, filter=wanted) for q, wanted, _ in asked))
    for hits, (_, _, fits) in zip(answers, asked, strict=True):
        assert hits
        assert all(fits(hit.value) for hit in hits)


async def test_vector_search_pagination(store: ChromaStore) -> None:
    await put_all(store, {f"doc{i}": {"text": f"test document number {i}"} for i in range(5)})
    first = await store.asearch(("t",), query="test", limit=2)
    second = await store.asearch(("t",), query="test", limit=2, offset=2)
    every = await store.asearch(("t",), query="test")
    assert [hit.key for hit in every[:4]] == [hit.key for hit in (*first, *second)]
    scores = [hit.score for hit in every]
    assert scores == sorted(scores, reverse=True)
    assert len(scores) == 5


async def test_vector_search_edge_cases(store: ChromaStore) -> None:
    await put_all(store, {"doc1": {"text": "test document"}})
    for query in ("", None, "test " * 100, "test!@#$%^&*()"):
        hits = await store.asearch(("t",), query=query)
        assert [hit.key for hit in hits] == ["doc1"]
        assert (hits[0].score is None) == (not query)


@pytest.mark.parametrize("least", [0, 10_000])
async def test_embed_with_path(opened: Any, least: int) -> None:
    async with opened(fields=["key0", "key1", "key3"], indexed_from=least) as store:
        await store.aput(("t",), "doc1", {"key1": "xxx", "key2": "yyy", "key3": "zzz"})
        await store.aput(("t",), "doc2", {"key0": "uuu", "key1": "vvv", "key2": "www", "key3": "xxx"})
        await store.settle()
        both = await store.asearch(("t",), query="xxx")
        assert [hit.score for hit in both] == [pytest.approx(1, abs=1e-3)] * 2
        assert {hit.key for hit in both} == {"doc1", "doc2"}
        assert await found(store, "t", query="uuu") == ["doc2", "doc1"]
        assert await found(store, "t", query="zzz") == ["doc1", "doc2"]
        assert all(hit.score < 0.9 for hit in await store.asearch(("t",), query="www"))


@pytest.mark.parametrize("least", [0, 10_000])
async def test_embed_with_path_operation_config(opened: Any, least: int) -> None:
    async with opened(fields=["key17"], indexed_from=least) as store:
        await store.aput(("t",), "doc3", {"key0": "aaa", "key1": "bbb", "key2": "ccc"}, index=["key0", "key1"])
        await store.aput(("t",), "doc4", {"key0": "eee", "key1": "bbb", "key3": "ggg"}, index=["key1", "key3"])
        await store.settle()
        assert await found(store, "t", query="aaa") == ["doc3", "doc4"]
        assert await found(store, "t", query="ggg") == ["doc4", "doc3"]
        one, other = await store.asearch(("t",), query="bbb")
        assert one.score == pytest.approx(other.score)
        assert all(hit.score < 0.9 for hit in await store.asearch(("t",), query="ccc"))
        await store.aput(("t",), "doc5", {"key0": "hhh"}, index=False)
        assert sorted(await found(store, "t")) == ["doc3", "doc4", "doc5"]
        await store.aput(("t",), "doc6", {"many": [{"x": "iii"}, {"x": "jjj"}]}, index=["many[*].x"])
        await store.settle()
        for query in ("iii", "jjj"):
            assert (await store.asearch(("t",), query=query))[0].key == "doc6"


@pytest.mark.parametrize("least", [0, 10_000])
@pytest.mark.parametrize("query", ["aaa", "bbb", "abcd", "poisson"])
async def test_scores(opened: Any, letters: Any, least: int, query: str) -> None:
    async with opened(fields=["key0"], indexed_from=least) as store:
        await store.aput(("t",), "doc", {"key0": "aaa"}, index=["key0", "key1"])
        await store.settle()
        (hit,) = await store.asearch((), query=query)
        cosine = sum(a * b for a, b in zip(letters.vector("aaa"), letters.vector(query), strict=True))
        assert hit.score == pytest.approx(cosine, abs=1e-3)


async def test_non_ascii(store: ChromaStore) -> None:
    texts = {"1": "这是中文", "2": "これは日本語です", "3": "이건 한국어야", "4": "Это русский", "5": "यह रूसी है"}
    await put_all(store, {key: {"text": text} for key, text in texts.items()})
    for key, text in texts.items():
        assert (await found(store, "t", query=text))[0] == key
        assert await found(store, "t", filter={"text": text}) == [key]


# time to live; a minute is 60 ms here, by the ttl that is given

SHORT = 0.15 / 60
LONG = 10.0


async def test_ttl_basic(opened: Any, pace: float) -> None:
    """With the sweeper's and the search's."""
    async with opened(ttl={"default_ttl": SHORT * pace}) as store:
        await store.aput(("t",), "a", {"v": "apple"})
        assert await found(store, filter={"v": "apple"}) == ["a"]
        await asyncio.sleep(0.2 * pace)
        assert await store.sweep() == 1
        assert await store.aget(("t",), "a") is None
        assert await found(store, filter={"v": "apple"}) == []


async def test_ttl_refresh(opened: Any, pace: float) -> None:
    async with opened(ttl={"default_ttl": 0.4 / 60 * pace, "refresh_on_read": True}) as store:
        for key in ("got", "searched", "left", "looked at"):
            await store.aput(("t",), key, {"k": key})
        await asyncio.sleep(0.25 * pace)
        await store.aget(("t",), "got")
        await store.asearch(("t",), filter={"k": "searched"})
        await store.aget(("t",), "looked at", refresh_ttl=False)
        await asyncio.sleep(0.25 * pace)
        assert await store.sweep() == 2
        assert sorted(await found(store)) == ["got", "searched"]


async def test_ttl_sweeper(opened: Any, pace: float) -> None:
    async with opened(ttl={"default_ttl": SHORT * pace, "sweep_interval_minutes": 0.05 / 60 * pace}) as store:
        await store.aput(("t",), "a", {"v": 1})
        await asyncio.sleep(0.5 * pace)
        assert await store.sweep() == 0
        assert await store.aget(("t",), "a") is None


async def test_ttl_custom_value(opened: Any) -> None:
    """With ``test_ttl_override_default``."""
    async with opened(ttl={"default_ttl": LONG}) as store:
        await store.aput(("t",), "short", {}, ttl=SHORT)
        await store.aput(("t",), "default", {})
        await store.aput(("t",), "for ever", {}, ttl=None)
        await asyncio.sleep(0.2)
        assert await store.sweep() == 1
        assert sorted(await found(store)) == ["default", "for ever"]


async def test_omit_expired_filters_read_paths(opened: Any) -> None:
    """With ``_search_pagination`` and ``_refresh_ttl_only_refreshes_live_rows``."""
    async with opened(ttl={"omit_expired": True, "refresh_on_read": True}) as store:
        await store.aput(("o", "expired"), "e", {"k": 0}, ttl=SHORT)
        for key in ("a", "b", "c"):
            await store.aput(("o", "live"), key, {"k": 1}, ttl=LONG)
        await store.aput(("o", "live"), "x", {"k": 1}, ttl=SHORT)
        await asyncio.sleep(0.2)
        assert await store.aget(("o", "expired"), "e", refresh_ttl=True) is None
        assert await found(store, "o", "expired") == []
        assert await found(store, "o", query="k", filter={"k": 0}) == []
        assert await store.alist_namespaces(prefix=("o",)) == [("o", "live")]
        assert await found(store, "o", limit=2) + await found(store, "o", limit=2, offset=2) == ["c", "b", "a"]
        assert await store.sweep() == 2


async def test_omit_expired_disabled_preserves_expired_rows(opened: Any) -> None:
    async with opened(ttl={"default_ttl": SHORT}) as store:
        await store.aput(("t",), "k", {})
        await asyncio.sleep(0.2)
        assert await store.aget(("t",), "k", refresh_ttl=False) is not None
        assert len(await store.asearch(("t",), refresh_ttl=False)) == 1
        assert await store.alist_namespaces() == [("t",)]
