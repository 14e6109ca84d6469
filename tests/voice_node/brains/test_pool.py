"""Questions are answered by the servers there are, live ones in time, or fail by a name."""

import asyncio

import pytest
from pydantic import BaseModel

from infra.simulator.ollama import Habits, Ollama, Pace, running_ollama
from infra.simulator.ollama.habits import Fault
from shared.metrics import Metric, counting
from tests.voice_node.brains.conftest import GONE, NOW, Ear, pool_of, question
from tests.voice_node.media_client import until
from voice_node.brains.faults import (
    BrokeOff,
    CutShort,
    MalformedAnswer,
    ModelFault,
    NoServer,
    NoSlot,
    QueueFull,
    ServerBusy,
    ServerFailed,
    TooLate,
    Unreadable,
)
from voice_node.brains.keeper import Rhythm
from voice_node.brains.pool import OllamaPool
from voice_node.brains.questions import Purpose


class Seller(BaseModel):
    """What extraction is asked for."""

    motivation: str
    bedrooms: int | None
    is_owner: bool


SUMMARY, EXTRACTION = question(Purpose.SUMMARY), question(Purpose.EXTRACTION, words="We move to Ohio in May.")
QUICK = Rhythm(look_seconds=0.02, rest_seconds=0.3)
SLOW_TOKENS = Pace(first_token_seconds=0.02, token_seconds=0.1)


async def fails_with(pool: OllamaPool, kind: type[ModelFault]) -> None:
    """Ask until the failure is of that kind."""
    async with asyncio.timeout(10):
        while True:
            try:
                await pool.text(SUMMARY)
            except kind:
                return
            except ModelFault:
                await asyncio.sleep(0.02)


async def answered(pool: OllamaPool) -> None:
    """Ask until there is an answer."""
    async with asyncio.timeout(10):
        while True:
            try:
                return await pool.reply(question(), Ear())
            except ModelFault:
                await asyncio.sleep(0.02)


def speaking(pool: OllamaPool, ear: Ear) -> "asyncio.Task[None]":
    return asyncio.create_task(pool.reply(question(), ear))


async def test_a_reply_comes_piece_by_piece(server: Ollama) -> None:
    async with pool_of(server.url) as pool:
        ear = Ear()
        await pool.reply(question(), ear)

    assert len(ear.pieces) > 3
    assert ear.text.endswith("brings you to sell?")


async def test_a_request_says_what_the_server_needs_to_know(server: Ollama) -> None:
    async with pool_of(server.url, OLLAMA_CONTEXT_TOKENS="8192", OLLAMA_SUMMARY_MODEL="sensible:latest") as pool:
        await pool.text(SUMMARY)

    [asked] = server.asked
    assert asked.model == "sensible:latest"
    assert asked.keep_alive == 1_800
    assert asked.options is not None
    assert (asked.options.num_ctx, asked.options.num_predict) == (8_192, 200)


async def test_who_has_heard_enough_stops_the_server(server: Ollama) -> None:
    server.habits.pace = SLOW_TOKENS
    async with pool_of(server.url, OLLAMA_SLOTS="1") as pool:
        ear = Ear(enough_after=1)
        await pool.reply(question(), ear)
        await until(lambda: server.working == 0)

    assert len(ear.pieces) == 1


async def test_what_is_structured_is_validated(server: Ollama) -> None:
    async with pool_of(server.url) as pool:
        found = await pool.structured(EXTRACTION, Seller)

    assert found == Seller(motivation="We move to Ohio in May.", bedrooms=None, is_owner=False)
    assert server.asked[0].form == Seller.model_json_schema()


@pytest.mark.parametrize("fault", [Fault.CUT_JSON, Fault.WRONG_SCHEMA, Fault.PROSE, Fault.EMPTY])
async def test_an_answer_that_is_no_form_is_malformed(server: Ollama, fault: Fault) -> None:
    server.habits.faults = (fault,)
    async with pool_of(server.url, OLLAMA_MODEL="malformed") as pool:
        with pytest.raises(MalformedAnswer):
            await pool.structured(EXTRACTION, Seller)


@pytest.mark.parametrize(
    ("fault", "named"),
    [
        (Fault.BROKEN_LINE, Unreadable),
        (Fault.NOT_AN_OBJECT, Unreadable),
        (Fault.NO_MESSAGE, Unreadable),
        (Fault.ERROR, ServerFailed),
        (Fault.NEVER_DONE, ServerFailed),
        (Fault.EMPTY, MalformedAnswer),
    ],
)
async def test_each_break_of_the_protocol_has_a_name(server: Ollama, fault: Fault, named: type[ModelFault]) -> None:
    server.habits.faults = (fault,)
    async with pool_of(server.url, OLLAMA_MODEL="malformed") as pool:
        with pytest.raises(named):
            await pool.text(SUMMARY)


async def test_an_answer_that_is_too_long_is_cut_and_said_to_be(server: Ollama) -> None:
    async with pool_of(server.url) as pool:
        with pytest.raises(CutShort):
            await pool.text(question(words="SAY: " + "one two three four " * 100))


async def test_a_slow_model_is_too_late(server: Ollama) -> None:
    async with pool_of(server.url, OLLAMA_MODEL="slow", OLLAMA_DEADLINE="PT0.1S", OLLAMA_SLOT_WAIT="PT0.1S") as pool:
        with pytest.raises(TooLate):
            await pool.reply(question(), Ear())


async def test_a_live_turn_waits_for_room_only_so_long(server: Ollama) -> None:
    server.habits.pace = SLOW_TOKENS
    async with pool_of(server.url, OLLAMA_SLOTS="1", OLLAMA_SLOT_WAIT="PT0.05S", OLLAMA_DEADLINE="PT9S") as pool:
        first = Ear()
        talking = speaking(pool, first)
        await first.begun.wait()
        with pytest.raises(NoSlot):
            await pool.reply(question(), Ear())
        await talking

    assert first.text.endswith("sell?")


async def test_background_work_makes_way_and_is_done_later(server: Ollama) -> None:
    server.habits.pace = SLOW_TOKENS
    async with pool_of(server.url, OLLAMA_SLOTS="1", OLLAMA_DEADLINE="PT9S") as pool:
        job = asyncio.create_task(pool.text(SUMMARY))
        await until(lambda: server.asked)
        await asyncio.sleep(0.15)
        ear = Ear()
        with counting() as counted:
            await pool.reply(question(), ear)
        assert not job.done()

        assert (await job).endswith("sell?")

    assert ear.text.endswith("sell?")
    assert counted.sums()[Metric.MODEL_WAITS, (("kind", "live"), ("within", "50ms"))] == 1
    assert len(server.asked) == 3


async def test_more_background_work_than_may_wait_is_refused(server: Ollama) -> None:
    server.habits.pace = SLOW_TOKENS
    async with pool_of(server.url, OLLAMA_SLOTS="1", OLLAMA_QUEUE="1") as pool:
        jobs = [asyncio.create_task(pool.text(SUMMARY)) for _ in range(2)]
        await until(lambda: server.asked)
        with pytest.raises(QueueFull):
            await pool.text(SUMMARY)
        assert len(await asyncio.gather(*jobs)) == 2


async def test_a_background_job_has_a_deadline_too(server: Ollama) -> None:
    async with pool_of(server.url, OLLAMA_SUMMARY_MODEL="slow", OLLAMA_BACKGROUND_DEADLINE="PT0.2S") as pool:
        with pytest.raises(TooLate):
            await pool.text(SUMMARY)


async def test_a_dead_server_among_several_is_not_asked(server: Ollama) -> None:
    async with pool_of(GONE, server.url) as pool:
        for _ in range(5):
            await pool.reply(question(), Ear())

    assert len(server.asked) == 5


async def test_another_server_answers_in_the_same_turn_where_one_dies_before_its_first_word(server: Ollama) -> None:
    late = Habits(pace=Pace(first_token_seconds=0.4))
    async with (
        running_ollama(late, now=lambda: NOW) as frail,
        pool_of(frail.url, server.url, OLLAMA_SLOTS="8,1", OLLAMA_DEADLINE="PT5S") as pool,
    ):
        ear = Ear()
        talking = speaking(pool, ear)
        await until(lambda: frail.asked)
        await frail.kill()
        await talking

    assert ear.text.endswith("sell?")
    assert len(server.asked) == 1


async def test_a_server_that_dies_in_the_middle_is_told_at_once(server: Ollama) -> None:
    async with pool_of(server.url, OLLAMA_MODEL="dying") as pool:
        ear = Ear()
        with pytest.raises(BrokeOff):
            await pool.reply(question(), ear)

    assert ear.pieces


async def test_servers_that_are_all_gone_are_said_to_be(server: Ollama) -> None:
    async with pool_of(server.url) as pool:
        await server.kill()
        for _ in range(2):
            with pytest.raises((ServerFailed, NoServer)):
                await pool.reply(question(), Ear())
        await fails_with(pool, NoServer)


async def test_a_server_that_comes_back_is_used_again(server: Ollama) -> None:
    async with pool_of(server.url, rhythm=QUICK) as pool:
        await server.kill()
        with pytest.raises((ServerFailed, NoServer)):
            await pool.reply(question(), Ear())
        await server.start()

        await answered(pool)


async def test_a_server_that_fails_is_left_alone_until_it_was_tried(server: Ollama) -> None:
    server.habits.faults = (Fault.ERROR,)
    async with pool_of(server.url, OLLAMA_MODEL="malformed", rhythm=QUICK) as pool:
        for _ in range(3):
            with pytest.raises(ServerFailed):
                await pool.text(SUMMARY)
        with pytest.raises(NoServer):
            await pool.text(SUMMARY)
        server.habits.faults = (Fault.EMPTY,)
        await fails_with(pool, MalformedAnswer)


async def test_a_busy_server_rests_a_little(server: Ollama) -> None:
    async with pool_of(server.url) as pool:
        server.habits.most_waiting = 0
        with pytest.raises(ServerBusy):
            await pool.text(SUMMARY)
        with pytest.raises(NoServer):
            await pool.text(SUMMARY)


async def test_a_model_that_is_not_there_is_no_server(server: Ollama) -> None:
    async with pool_of(server.url, OLLAMA_SUMMARY_MODEL="llama9:1b") as pool:
        with pytest.raises(NoServer):
            await pool.text(SUMMARY)
        await pool.reply(question(), Ear())


async def test_connections_are_kept(server: Ollama) -> None:
    async with pool_of(server.url) as pool:
        before = server.connections
        for _ in range(5):
            await pool.text(SUMMARY)
        assert server.connections == before


async def test_answers_and_failures_are_counted(server: Ollama) -> None:
    async with pool_of(server.url, OLLAMA_EXTRACTION_MODEL="malformed") as pool:
        server.habits.faults = (Fault.PROSE,)
        with counting() as counted:
            await pool.text(SUMMARY)
            with pytest.raises(MalformedAnswer):
                await pool.structured(EXTRACTION, Seller)

    sums = counted.sums()
    assert sums[Metric.MODEL_ANSWERS, (("purpose", "summary"), ("result", "answered"))] == 1
    assert sums[Metric.MODEL_ANSWERS, (("purpose", "extraction"), ("result", "malformed"))] == 1
