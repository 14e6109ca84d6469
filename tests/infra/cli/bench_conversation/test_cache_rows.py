"""The measurements of prompts and of the cache, on a small scale."""

from random import Random

from infra.cli.bench_conversation.cache_rows import cache_rows, prompt_rows
from infra.cli.bench_conversation.private_people import make_person
from infra.cli.bench_conversation.worded_calls import Spoken, crowd_of


async def test_the_cache_is_measured_from_cold() -> None:
    rows = {row.name: row for row in await cache_rows(lambda _: None, scale=0.06)}

    assert rows["private words said to somebody else"].holds
    assert rows["private words in the cache"].holds
    [hits] = [row for name, row in rows.items() if name.startswith("openings and script questions")]
    assert 0 < hits.value <= 100
    assert hits.bar == 70


async def test_versions_and_the_window_are_measured() -> None:
    rows = await prompt_rows(lambda _: None, scale=0.2)

    assert [row.name for row in rows if not row.holds] == []
    assert len(rows) == 5


def test_nobody_shares_a_word_with_anybody() -> None:
    people = crowd_of(200, seed=5)
    words = [word for person in people for word in person.secrets]

    assert len(words) == len(set(words))
    assert people[7] == crowd_of(200, seed=5)[7]


def test_a_run_without_a_model_has_no_hits() -> None:
    assert Spoken().wordings_share("exact") == 0


def test_people_answer_what_they_are_asked() -> None:
    person = make_person(3, Random(1))
    assert all(person.answer(topic, Random(seed)) for topic in ("identity", "slot", None) for seed in range(20))
