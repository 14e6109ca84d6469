"""Drafts and versions: what is published never changes, and every call can be told its own."""

from datetime import UTC, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from shared.adapters.memory.scripts import MemoryScriptRepository
from shared.conversation.script import load_script, script_of, script_text
from shared.conversation.script_book import ScriptBook
from shared.conversation.script_drafting import (
    begin_draft,
    change_draft,
    draft_problems,
    drafted,
    publish_draft,
    revert_to,
)
from shared.kernel.errors import Conflict, Malformed, NotFound, ReautoError
from shared.kernel.ids import SellerId
from tests.shared.conversation.dialogue import make_brief

NOON = datetime(2026, 3, 4, 18, tzinfo=UTC)
OURS, THEIRS = SellerId("seller-1"), SellerId("seller-2")


def make_book() -> ScriptBook:
    return ScriptBook(repository=MemoryScriptRepository())


def publish(book: ScriptBook, name: str, text: str | None = None, **more: SellerId) -> int:
    begin_draft(book, name, text=text, by="kim", now=NOON, **more)
    return publish_draft(book, name, by="kim", now=NOON).number


def reworded(name: str, by: str) -> str:
    return script_text(name).replace("subject: ", f"subject: {by} ", 1)


def test_what_is_published_under_a_name_of_the_project_follows_it() -> None:
    book = make_book()

    assert publish(book, "rental", reworded("rental", "second")) == 2
    assert [version.number for version in book.history("rental")] == [1, 2]
    assert book.version("rental", 1).text == script_text("rental")
    assert book.script("rental").subject == "second a rental"
    assert book.script("rental@1").subject == load_script("rental").subject == "a rental"


def test_a_call_speaks_the_words_that_its_brief_brings() -> None:
    book = make_book()
    publish(book, "rental", reworded("rental", "second"))
    body = book.version("rental").body

    assert script_of(make_brief(script="rental")).subject == "a rental"
    assert script_of(make_brief(script="rental", script_version=2, script_body=body)).subject == "second a rental"
    assert script_of(make_brief(script="gone", script_body=body)).phrases == book.script("rental").phrases
    with pytest.raises(NotFound):
        script_of(make_brief(script="gone"))


def test_a_sellers_own_script_is_spoken_by_nobody_else() -> None:
    book = make_book()
    publish(book, "ours", reworded("rental", "our").replace("name: rental", "name: ours"), seller_id=OURS)

    assert "ours" in book.usable(OURS)
    assert "ours@1" in book.usable(OURS)
    assert "ours@2" not in book.usable(OURS)
    assert "ours" not in book.usable(THEIRS)
    assert "rental" in book.usable(THEIRS)
    with pytest.raises(Conflict, match="belongs to all"):
        begin_draft(book, "inbound", seller_id=OURS, by="kim", now=NOON)
    with pytest.raises(Conflict, match="belongs to"):
        begin_draft(book, "ours", seller_id=THEIRS, by="kim", now=NOON)


def test_a_new_script_begins_like_another_one() -> None:
    book = make_book()
    draft = begin_draft(book, "lofts", like="rental", by="kim", now=NOON)

    assert draft_problems(draft) == ()
    assert book.look("lofts").newest == 0
    assert "lofts" not in book.usable(OURS)
    assert publish_draft(book, "lofts", by="kim", now=NOON).number == 1
    with pytest.raises(Malformed, match="is new"):
        begin_draft(book, "cabins", by="kim", now=NOON)
    with pytest.raises(Malformed, match="no name"):
        begin_draft(book, "My Script", like="rental", by="kim", now=NOON)


def test_a_draft_with_problems_is_kept_and_not_published() -> None:
    book = make_book()
    begin_draft(book, "rental", text="name: rental\ncolour: red\n", by="kim", now=NOON)

    with pytest.raises(Malformed, match="rental:2: colour: is no key of a script"):
        publish_draft(book, "rental", by="kim", now=NOON)
    change_draft(book, "rental", script_text("inbound"), revision=1, by="kim", now=NOON)
    with pytest.raises(Malformed, match="name: must be 'rental'"):
        publish_draft(book, "rental", by="kim", now=NOON)
    with pytest.raises(Conflict, match="meanwhile"):
        change_draft(book, "rental", script_text("rental"), revision=1, by="lee", now=NOON)
    assert drafted(book, "rental").revision == 2


def test_an_old_version_comes_back_as_a_draft() -> None:
    book = make_book()
    publish(book, "rental", reworded("rental", "second"))
    revert_to(book, "rental", 1, by="kim", now=NOON)

    assert book.script("rental").subject == "second a rental"
    assert publish_draft(book, "rental", by="kim", now=NOON).number == 3
    assert book.script("rental").subject == "a rental"
    assert book.differences("rental", "1", "3") == ""
    assert "-subject: a rental\n+subject: second a rental\n" in book.differences("rental", "1", "2")


KINDS = st.sampled_from(["begin", "change", "publish", "revert", "drop", "break"])
STEPS = st.lists(st.tuples(KINDS, st.integers(1, 5)), max_size=25)


@given(steps=STEPS)
@settings(max_examples=60, deadline=None)
def test_published_versions_never_change_whatever_is_done(steps: list[tuple[str, int]]) -> None:
    book = make_book()
    seen = list(book.history("rental"))
    for step, number in steps:
        try:
            match step:
                case "begin":
                    begin_draft(book, "rental", text=reworded("rental", "x" * number), by="kim", now=NOON)
                case "change" | "break":
                    text = reworded("rental", "y" * number) if step == "change" else "name: rental"
                    change_draft(book, "rental", text, revision=number, by="kim", now=NOON)
                case "publish":
                    publish_draft(book, "rental", by="kim", now=NOON)
                case "revert":
                    revert_to(book, "rental", number, by="kim", now=NOON)
                case "drop":
                    book.repository.drop("rental")
        except ReautoError:
            pass
        now = list(book.history("rental"))
        assert now[: len(seen)] == seen
        assert [version.number for version in now] == list(range(1, len(now) + 1))
        assert all(book.script(f"rental@{version.number}").name == "rental" for version in now)
        seen = now
