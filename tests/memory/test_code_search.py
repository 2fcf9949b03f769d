"""Code is found by its identifiers and by what it is about, within a language, a kind and a path."""

from __future__ import annotations

import pytest

from gencode_graph.memory.code_search import CodeSearch, expanded, parts, share_of_words
from gencode_graph.memory.embedders import Lexical

FILES = {
    "backend/app/routers/invoices.py": '''
class InvoiceFilter:
    """Which invoices are wanted."""

    status: str = "open"

    def matches(self, invoice) -> bool:
        return invoice.status == self.status


async def list_invoices(session, filter: InvoiceFilter):
    return [row for row in session if filter.matches(row)]


def send_reminder_mail(customer):
    return post(customer.email, "please pay")
''',
    "frontend/src/api/fetchInvoices.ts": """
export async function fetchInvoices(status: string) {
  return (await fetch(`/api/invoices?status=${status}`)).json();
}

export const formatMoney = (cents: number) => (cents / 100).toFixed(2);

export interface Invoice {
  id: string;
}
""",
    "docs/notes.md": "# Notes\n\nInvoices are numbered by year.\n",
}


@pytest.fixture
async def index() -> CodeSearch:
    made = CodeSearch(Lexical())
    assert await made.add_all(FILES) == 8
    return made


async def names(index: CodeSearch, query: str, **how: str) -> list[str]:
    return [hit.chunk.name for hit in await index.search(query, **how)]


@pytest.mark.parametrize(
    ("query", "first"),
    [
        ("list_invoices", "list_invoices"),
        ("fetchInvoices", "fetchInvoices"),
        ("formatMoney()", "formatMoney"),
        ("send a reminder mail to a customer", "send_reminder_mail"),
        ("InvoiceFilter.matches", "InvoiceFilter.matches"),
        ("how are invoices numbered by year", "notes.md"),
    ],
)
async def test_what_is_asked_for_comes_first(index: CodeSearch, query: str, first: str) -> None:
    assert (await names(index, query))[0] == first


@pytest.mark.parametrize(
    ("how", "expected"),
    [
        ({"language": "typescript"}, {"fetchInvoices", "formatMoney", "Invoice"}),
        ({"kind": "class"}, {"InvoiceFilter", "Invoice"}),
        ({"kind": "file"}, {"notes.md"}),
        ({"path": "docs"}, {"notes.md"}),
        ({"path": "frontend/**"}, {"fetchInvoices", "formatMoney", "Invoice"}),
        ({"path": "*.md"}, {"notes.md"}),
        ({"path": "doc"}, set()),
        ({"language": "python", "kind": "class"}, {"InvoiceFilter"}),
    ],
)
async def test_only_what_is_wanted_is_found(index: CodeSearch, how: dict[str, str], expected: set[str]) -> None:
    assert set(await names(index, "invoice", **how)) == expected


async def test_a_file_that_is_added_again_replaces_itself_and_one_that_is_removed_is_gone(index: CodeSearch) -> None:
    assert await index.add("docs/notes.md", "# Refunds\n") == 1
    assert "Refunds" in (await index.search("refunds"))[0].chunk.text
    index.remove("docs/notes.md")
    index.remove("never.there")
    assert "notes.md" not in await names(index, "refunds")
    assert len(index) == 7


async def test_a_hit_says_why(index: CodeSearch) -> None:
    (hit,) = await index.search("list_invoices", limit=1)
    assert hit.words == 1
    assert hit.score == pytest.approx(0.8 * hit.words + 0.2 * hit.meaning, abs=1e-5)
    assert (hit.chunk.path, hit.chunk.line) == ("backend/app/routers/invoices.py", 11)


async def test_an_empty_index_finds_nothing() -> None:
    assert await CodeSearch(Lexical()).search("anything") == []


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("fetchUser_by.id", "fetch user by id"),
        ("HTTPServer2", "http server 2"),
        ("XMLHttpRequest", "xml http request"),
        ("snake_case and-kebab", "snake case and kebab"),
        ("", ""),
    ],
)
def test_identifiers_are_split(text: str, expected: str) -> None:
    assert parts(text) == expected.split()


@pytest.mark.parametrize(
    ("word", "other"),
    [("invoices", "invoice"), ("entries", "entry"), ("entry", "entries"), ("boxes", "box"), ("key", "keys")],
)
def test_a_question_is_expanded_by_singular_and_plural_at_half_the_weight(word: str, other: str) -> None:
    asked = expanded(word)
    assert (asked[word], asked[other]) == (1.0, 0.5)


@pytest.mark.parametrize("query", ["getUser", "get_user", "user.name", "UserStore", "parse()"])
def test_identifiers_make_words_count_more(query: str) -> None:
    assert share_of_words(query) == pytest.approx(0.6)


def test_prose_with_an_identifier_is_between() -> None:
    assert share_of_words("sort all rows by created_at") == pytest.approx(0.2)


@pytest.mark.parametrize("query", ["how do I parse a date", "Sort a list.", "What is a user", "e g of lists"])
def test_prose_makes_meaning_count_more(query: str) -> None:
    assert share_of_words(query) == 0.1


def test_with_an_embedder_of_words_bm25_counts_more() -> None:
    assert [share_of_words(text, "lexical") for text in ("parse a date", "parse_date")] == [0.5, 0.8]
