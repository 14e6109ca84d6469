"""An ordinary turn is worded once for everybody, and nobody hears of anybody else."""

import asyncio
from collections.abc import AsyncIterator
from datetime import timedelta
from typing import Any

import pytest
from redis.asyncio import Redis

from shared.adapters.memory.worded_lines import MemoryWordedLines
from shared.adapters.redis.connect import make_async_redis
from shared.adapters.redis.worded_lines import LONGEST, RedisWordedLines
from shared.conversation import CallBrief, ConversationState, Fact, Line, Move
from shared.conversation.moves import AgentName
from shared.conversation.prompt import Prompt, prompt_for
from shared.conversation.script import Script, load_script
from shared.kernel.errors import Unavailable
from shared.kernel.ids import AttemptId, SellerId
from shared.metrics import Metric, counting
from tests.shared.conversation.dialogue import make_brief
from tests.voice_node.brains.worded_calls import Wordsmith
from voice_node.brains.cached_wording import FAILURES_TO_REST, VARIANTS, CachedWording, WordedLines, is_open

SCRIPT = load_script("seller_home_value")
OPENED = "Thanks, {first_name}."


@pytest.fixture
async def client(redis_url: str) -> AsyncIterator[Redis]:
    redis = make_async_redis(redis_url)
    yield redis
    await redis.aclose()


@pytest.fixture(params=["memory", "redis"])
def lines(request: pytest.FixtureRequest) -> WordedLines:
    if request.param == "memory":
        return MemoryWordedLines()
    return RedisWordedLines(request.getfixturevalue("client"))


def cache_over(lines: WordedLines, *, installation: str = "here", model: str = "small") -> CachedWording:
    return CachedWording(lines, installation=installation, model=model, wait_seconds=5.0)


def person(name: str = "Ada", **different: Any) -> CallBrief:
    return make_brief(**{"attempt_id": AttemptId(f"call-of-{name}"), "first_name": name, **different})


def question(turn: int = 3, before: str = "ack", act: str = "ask.timeline") -> Move:
    lines = (Line(act=before, is_exact=True), Line(act=act))
    return Move(agent=AgentName.QUALIFIER, state=ConversationState(turn=turn), lines=lines)


def asked(brief: CallBrief, move: Move, heard: str = "yes", script: Script = SCRIPT) -> Prompt:
    prompt = prompt_for(move, heard, brief=brief, script=script, is_shareable=True)
    assert prompt is not None
    return prompt


async def taught(cache: CachedWording, prompt: Prompt, text: str) -> None:
    wording = prompt.wording()
    wording.take(text)
    wording.finish()
    if wording.kept is not None:
        await cache.keep(prompt, wording.kept)


def same_draw(prompt: Prompt, brief_of: str = "Bob") -> CallBrief:
    """Somebody else who is given the same of several answers."""
    assert prompt.key is not None
    for number in range(1_000):
        other = person(f"{brief_of}{'x' * number}", attempt_id=AttemptId(f"call-{number}"))
        key = asked(other, question()).key
        if key is not None and key.draw % VARIANTS == prompt.key.draw % VARIANTS and key.exact == prompt.key.exact:
            return other
    raise AssertionError("nobody is")


async def test_what_was_worded_for_one_is_said_to_the_next(lines: WordedLines) -> None:
    cache, first = cache_over(lines), asked(person(), question())
    await taught(cache, first, "So how soon would you like to sell?")

    with counting() as tally:
        assert await cache.find(asked(same_draw(first), question())) == ("So how soon would you like to sell?",)
    assert tally.sums() == {(Metric.WORDINGS, (("result", "exact"),)): 1}


async def test_another_variant_of_the_same_lines_is_the_same_by_its_meaning(lines: WordedLines) -> None:
    cache, first = cache_over(lines), asked(person(), question(turn=3))
    await taught(cache, first, "So how soon would you like to sell?")
    later = asked(person(), question(turn=3 + 4 * VARIANTS))
    other = asked(person(), question(turn=3 + VARIANTS))

    assert first.key is not None
    assert later.key is not None
    assert other.key is not None
    assert (later.key.exact, other.key.semantic) == (first.key.exact, first.key.semantic)
    assert other.key.exact != first.key.exact
    with counting() as tally:
        assert await cache.find(other) == ("So how soon would you like to sell?",)
    assert tally.sums() == {(Metric.WORDINGS, (("result", "semantic"),)): 1}


async def test_names_are_filled_in_after() -> None:
    cache = cache_over(MemoryWordedLines())
    move = Move(agent=AgentName.GREETER, state=ConversationState(), lines=(Line(act="greet"),))
    first = asked(person(subject="12 Willow Street", source="Homes Weekly"), move, "hello")
    assert first.places == {
        "first_name": "Ada", "subject": "12 Willow Street", "source": "Homes Weekly", "asked_on": "November 20th",
    }  # fmt: skip
    for private in ("Ada", "Willow", "Weekly", "20th"):
        assert private not in f"{first.system} {first.user}"
    await taught(cache, first, "Hi, you asked about {subject} on {source} on {asked_on}. Am I talking to {first_name}?")

    other = person("Bob", attempt_id=person().attempt_id, subject="9 Elm Road", source="Find a Home")
    said = await cache.find(asked(other, move, "hello"))
    assert said is not None
    assert " ".join(said) == "Hi, you asked about 9 Elm Road on Find a Home on November 20th. Am I talking to Bob?"


async def test_several_answers_are_kept_and_taken_in_turn(lines: WordedLines) -> None:
    cache = cache_over(lines)
    heard = [
        "So how soon would you like to sell?",
        "Roughly how soon would you like to sell?",
        "May I ask how soon you would like to sell?",
    ]
    for turn, text in enumerate(heard):
        await taught(cache, asked(person(), question(turn=turn)), text)

    found = [await cache.find(asked(person(), question(turn=turn))) for turn in range(VARIANTS)]
    assert {" ".join(each or ()) for each in found} == set(heard)


@pytest.mark.parametrize(
    "text",
    [
        "Thanks, Ada, how soon would you like to sell?",
        "It is worth a lot. How soon would you like to sell?",
        "How soon",
        "Good to hear.",
        "",
    ],
)
async def test_only_what_was_spoken_whole_and_names_nobody_is_kept(text: str) -> None:
    lines = MemoryWordedLines()
    await taught(cache_over(lines), asked(person(), question()), text)

    assert lines.kept == {}


def test_what_holds_a_word_of_the_persons_is_not_open() -> None:
    move = Move(agent=AgentName.GREETER, state=ConversationState(), lines=(Line(act="is_this"),))
    prompt = asked(person("Wojciech"), move, "hello")

    assert is_open(prompt, "Am I speaking with {first_name}?")
    assert not is_open(prompt, "Am I speaking with Wojciech?")


@pytest.mark.parametrize(
    "different",
    [{"installation": "there"}, {"model": "large"}],
)
async def test_another_installation_and_another_model_have_their_own(
    lines: WordedLines, different: dict[str, str]
) -> None:
    prompt = asked(person(), question())
    await taught(cache_over(lines), prompt, "So how soon would you like to sell?")

    assert await cache_over(lines, **different).find(prompt) is None


@pytest.mark.parametrize(
    "different", [{"seller_id": SellerId("other")}, {"prompt": "reply-2"}, {"seller_name": "Else"}]
)
async def test_another_seller_and_another_prompt_have_their_own(lines: WordedLines, different: dict[str, Any]) -> None:
    cache = cache_over(lines)
    await taught(cache, asked(person(), question()), "So how soon would you like to sell?")

    assert await cache.find(asked(person(**different), question())) is None


async def test_a_script_that_says_anything_else_has_its_own(lines: WordedLines) -> None:
    cache = cache_over(lines)
    await taught(cache, asked(person(), question()), "So how soon would you like to sell?")
    changed = Script.model_validate({**SCRIPT.model_dump(), "what": "a free visit to your home"})

    assert await cache.find(asked(person(), question(), script=changed)) is None


@pytest.mark.parametrize(
    ("heard", "is_same"), [("yes please", True), ("no", False), ("I don't know", False), ("in two months", False)]
)
async def test_what_the_caller_did_is_part_of_the_meaning(heard: str, is_same: bool) -> None:
    first, then = asked(person(), question(), "yes").key, asked(person(), question(), heard).key

    assert first is not None
    assert then is not None
    assert (first.semantic == then.semantic) is is_same


@pytest.mark.parametrize("before", ["objection.busy", "robot", "knowledge.process", "ack_soft", "home_worth"])
async def test_after_anything_out_of_the_ordinary_the_model_is_told_of_the_person(before: str) -> None:
    fact = Fact(field="motivation", value="1", turn=2, quote="my mother moved in")
    move = question(before=before)
    known = move.state.model_copy(update={"facts": {"motivation": fact}})
    prompt = asked(person(), Move(agent=move.agent, state=known, lines=move.lines), "what is it worth")

    assert prompt.key is None
    assert "my mother moved in" in prompt.user
    assert "what is it worth" in prompt.user


async def test_what_is_worded_for_one_person_is_never_kept() -> None:
    lines = MemoryWordedLines()
    prompt = asked(person(), question(before="objection.busy"))
    with counting() as tally:
        assert await cache_over(lines).find(prompt) is None
        await taught(cache_over(lines), prompt, "How soon would you like to sell?")

    assert lines.kept == {}
    assert tally.sums() == {(Metric.WORDINGS, (("result", "personal"),)): 1}


async def test_a_kept_answer_is_judged_again_by_the_data_of_whoever_hears_it() -> None:
    lines = MemoryWordedLines()
    cache, prompt = cache_over(lines), asked(person(), question())
    await taught(cache, prompt, "So how soon would you like to sell?")
    lines.kept = dict.fromkeys(lines.kept, "John, how soon would you like to sell?")

    assert await cache.find(prompt) is None


async def test_answers_are_forgotten_after_a_while(client: Redis) -> None:
    lines = RedisWordedLines(client, kept_for=timedelta(minutes=5))
    await lines.put(["a", "b"], 1, "Hello.")

    assert await lines.get(["a", "b", "c"], 1) == ["Hello.", "Hello.", None]
    assert await lines.get(["a"], 0) == [None]
    assert 0 < await client.pttl("worded:a") <= 300_000


async def test_an_endless_answer_is_not_kept(client: Redis) -> None:
    lines = RedisWordedLines(client)
    await lines.put(["a"], 0, "x" * (LONGEST + 1))

    assert await lines.get(["a"], 0) == [None]


class Away:
    """A place that cannot be reached. ``asked`` counts who tried."""

    def __init__(self, *, hangs: bool = False) -> None:
        self.hangs = hangs
        self.asked = 0

    async def get(self, under: object, place: int) -> list[str | None]:
        self.asked += 1
        if self.hangs:
            await asyncio.sleep(60)
        raise Unavailable("Redis is away")

    async def put(self, under: object, place: int, text: str) -> None:
        await self.get(under, place)


@pytest.mark.parametrize("hangs", [False, True])
async def test_a_cache_that_is_away_is_no_error_and_is_left_alone(hangs: bool) -> None:
    away, moment = Away(hangs=hangs), [0.0]
    cache = CachedWording(away, installation="here", model="small", now=lambda: moment[0])
    prompt = asked(person(), question())

    with counting() as tally:
        for _ in range(5):
            assert await cache.find(prompt) is None
            await taught(cache, prompt, "So how soon would you like to sell?")
    assert away.asked == FAILURES_TO_REST
    assert tally.sums() == {(Metric.WORDINGS, (("result", "away"),)): 5}

    moment[0] = 60.0
    await cache.find(prompt)
    assert away.asked == FAILURES_TO_REST + 1


async def test_a_server_that_is_gone_is_no_error() -> None:
    client = make_async_redis("redis://127.0.0.1:9")
    cache = cache_over(RedisWordedLines(client))

    assert await cache.find(asked(person(), question())) is None
    await client.aclose()


async def test_two_calls_in_a_row_ask_the_model_once_for_each_question(lines: WordedLines) -> None:
    smith = Wordsmith(lambda prompt: " ".join(prompt.bare.split() or prompt.scripted), cache_over(lines))
    answers = ("yes", "in two months", "we need more space", "it is in good shape", "no", "yes")
    for _ in range(2):
        await smith.hold(person(), *answers)

    assert 0 < len(smith.asked) <= 5
    assert len({prompt.user for prompt in smith.asked}) == len(smith.asked)
