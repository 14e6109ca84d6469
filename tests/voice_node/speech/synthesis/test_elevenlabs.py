"""ElevenLabs over its real protocol, against a stand-in that speaks it, faults included."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass, field, replace
from functools import partial

import httpx
import pytest

from infra.simulator.elevenlabs import Account, Behaviour, running_elevenlabs
from infra.simulator.elevenlabs.account import hum
from tests.voice_node.media_client import until
from tests.voice_node.speech.synthesis.voices import WordByWord, spoken
from voice_node.breaker import Breaker
from voice_node.speech.mulaw import from_mulaw
from voice_node.speech.synthesis.elevenlabs.account import ElevenLabsAccount
from voice_node.speech.synthesis.elevenlabs.config import ElevenLabsConfig, PronunciationDictionary
from voice_node.speech.synthesis.elevenlabs.engine import ElevenLabsEngine
from voice_node.speech.synthesis.elevenlabs.stream import MOST_CONTEXTS
from voice_node.speech.synthesis.failover import Failover, Stage
from voice_node.speech.synthesis.port import SynthesisFailed
from voice_node.speech.voice import Voice

AVA = Voice(name="en-us+f2")
TEXT = "Thursday at two is free, or Friday at ten."


@dataclass
class Vendor:
    """The stand-in and an engine that is configured for it."""

    account: Account = field(default_factory=Account)
    behaviour: Behaviour = field(default_factory=Behaviour)
    base_url: str = ""

    @property
    def config(self) -> ElevenLabsConfig:
        return ElevenLabsConfig(api_key=self.account.api_key, default_voice="v-ava", base_url=self.base_url)


@pytest.fixture
async def vendor() -> AsyncIterator[Vendor]:
    stand_in = Vendor()
    async with running_elevenlabs(stand_in.account, stand_in.behaviour) as stand_in.base_url:
        yield stand_in


@pytest.fixture
async def engine(vendor: Vendor) -> AsyncIterator[ElevenLabsEngine]:
    running = ElevenLabsEngine(vendor.config)
    yield running
    await running.close()


async def reason_of(engine: ElevenLabsEngine, text: str = TEXT) -> SynthesisFailed:
    with pytest.raises(SynthesisFailed) as failed:
        await spoken(engine.synthesise(text, AVA))
    return failed.value


async def test_a_text_comes_back_as_the_sound_that_the_vendor_sent(vendor: Vendor, engine: ElevenLabsEngine) -> None:
    assert b"".join(await spoken(engine.synthesise(TEXT, AVA))) == from_mulaw(hum(TEXT))
    assert vendor.account.texts == [TEXT]
    assert vendor.account.characters_used == len(TEXT)


async def test_nothing_to_say_asks_for_nothing(vendor: Vendor, engine: ElevenLabsEngine) -> None:
    assert await spoken(engine.synthesise("  ", AVA)) == []
    assert vendor.account.sockets_opened == 0


async def test_texts_of_many_calls_share_a_socket_that_was_opened_ahead(
    vendor: Vendor, engine: ElevenLabsEngine
) -> None:
    assert not engine.is_warm(AVA)
    await engine.warm(AVA)
    assert engine.is_warm(AVA)
    said = await asyncio.gather(*(spoken(engine.synthesise(f"{TEXT} {number}", AVA)) for number in range(4)))
    assert [len(b"".join(each)) for each in said] == [len(from_mulaw(hum(f"{TEXT} 1")))] * 4
    assert vendor.account.sockets_opened == 1


async def test_more_texts_than_a_socket_holds_open_another(vendor: Vendor, engine: ElevenLabsEngine) -> None:
    vendor.behaviour.first_byte_seconds = lambda: 0.05
    said = await asyncio.gather(*(spoken(engine.synthesise(TEXT, AVA)) for _ in range(7)))
    assert all(said)
    assert vendor.account.sockets_opened == 2


async def test_each_voice_of_ours_has_its_own_of_the_account(vendor: Vendor) -> None:
    engine = ElevenLabsEngine(replace(vendor.config, voices={"en-us+m3": "v-ben"}))
    await spoken(engine.synthesise("One.", AVA))
    await spoken(engine.synthesise("Two.", Voice(name="en-us+m3", words_per_minute=320)))
    await engine.close()
    assert vendor.account.sockets_opened == 2
    speeds = [each["voice_settings"]["speed"] for each in vendor.account.received if "voice_settings" in each]
    assert speeds == [1.0, 1.2]


async def test_pronunciation_dictionaries_open_every_context(vendor: Vendor) -> None:
    dictionary = PronunciationDictionary(dictionary_id="d1", version_id="3")
    engine = ElevenLabsEngine(replace(vendor.config, dictionaries=(dictionary,)))
    await spoken(engine.synthesise("Hello.", AVA))
    await engine.close()
    opened = vendor.account.received[0]["pronunciation_dictionary_locators"]
    assert opened == [{"pronunciation_dictionary_id": "d1", "version_id": "3"}]


async def test_an_interruption_closes_the_context_and_the_socket_goes_on(
    vendor: Vendor, engine: ElevenLabsEngine
) -> None:
    pieces = engine.synthesise(TEXT * 20, AVA)
    await anext(pieces)
    await pieces.aclose()
    assert await spoken(engine.synthesise("Yes.", AVA))
    assert vendor.account.sockets_opened == 1
    assert sum(bool(each.get("close_context")) for each in vendor.account.received) == 2


def has_asked(vendor: Vendor, texts: int) -> bool:
    return len(vendor.account.texts) == texts


async def test_what_nobody_listens_to_any_more_counts_until_the_vendor_is_done_with_it(
    vendor: Vendor, engine: ElevenLabsEngine
) -> None:
    vendor.behaviour.first_byte_seconds = lambda: 30.0
    for number in range(MOST_CONTEXTS):
        saying = asyncio.create_task(spoken(engine.synthesise(f"{number}", AVA)))
        await until(partial(has_asked, vendor, number + 1))
        saying.cancel()
        await asyncio.gather(saying, return_exceptions=True)
    assert not engine.is_warm(AVA)
    vendor.behaviour.first_byte_seconds = lambda: 0.0
    assert await spoken(engine.synthesise(TEXT, AVA))
    assert vendor.account.sockets_opened == 2


async def test_a_context_that_ended_gives_its_room_back(vendor: Vendor, engine: ElevenLabsEngine) -> None:
    for _ in range(MOST_CONTEXTS):
        pieces = engine.synthesise(TEXT, AVA)
        await anext(pieces)
        await pieces.aclose()
    await until(lambda: engine.is_warm(AVA))
    assert await spoken(engine.synthesise(TEXT, AVA))
    assert vendor.account.sockets_opened == 1


async def test_a_refused_key_is_named_and_lasts(vendor: Vendor) -> None:
    failed = await reason_of(ElevenLabsEngine(replace(vendor.config, api_key="wrong")))
    assert (failed.reason, failed.lasts) == ("key_refused", True)


async def test_an_unknown_voice_is_named(vendor: Vendor) -> None:
    failed = await reason_of(ElevenLabsEngine(replace(vendor.config, default_voice="nobody")))
    assert (failed.reason, failed.lasts) == ("voice_not_found", True)


async def test_too_much_at_once_is_named_and_passes(vendor: Vendor, engine: ElevenLabsEngine) -> None:
    vendor.behaviour.most_sockets = 0
    failed = await reason_of(engine)
    assert (failed.reason, failed.lasts) == ("too_many_at_once", False)
    vendor.behaviour.most_sockets = 1
    assert await spoken(engine.synthesise(TEXT, AVA))


async def test_too_much_spoken_at_once_is_named_on_the_open_socket_and_passes(
    vendor: Vendor, engine: ElevenLabsEngine
) -> None:
    vendor.behaviour.is_busy = lambda: True
    failed = await reason_of(engine)
    assert (failed.reason, failed.lasts) == ("too_many_at_once", False)
    assert vendor.account.characters_used == 0
    vendor.behaviour.is_busy = lambda: False
    assert await spoken(engine.synthesise(TEXT, AVA))
    assert vendor.account.sockets_opened == 2


async def test_a_quota_that_is_used_up_is_named_and_lasts(vendor: Vendor, engine: ElevenLabsEngine) -> None:
    vendor.account.characters_used = vendor.account.character_limit
    failed = await reason_of(engine)
    assert (failed.reason, failed.lasts) == ("quota_exceeded", True)


async def test_a_drop_tells_how_far_the_text_had_come(vendor: Vendor, engine: ElevenLabsEngine) -> None:
    vendor.behaviour.drop_after_characters = lambda: 28
    failed = await reason_of(engine)
    assert (failed.reason, failed.lasts, failed.spoken) == ("dropped", False, 28)
    vendor.behaviour.drop_after_characters = lambda: None
    assert await spoken(engine.synthesise(TEXT, AVA))
    assert vendor.account.sockets_opened == 2


async def test_nobody_there_is_named() -> None:
    away = ElevenLabsConfig(api_key="k", default_voice="v", base_url="http://127.0.0.1:9")
    assert (await reason_of(ElevenLabsEngine(away))).reason == "unreachable"


@pytest.mark.parametrize("fault", ["quota", "drop", "slow", "mute", "busy", "full"])
async def test_whatever_goes_wrong_the_local_voice_finishes_the_text(
    vendor: Vendor, engine: ElevenLabsEngine, fault: str
) -> None:
    local = WordByWord()
    if fault == "quota":
        vendor.account.character_limit = 0
    elif fault == "drop":
        vendor.behaviour.drop_after_characters = lambda: 28
    elif fault == "slow":
        vendor.behaviour.first_byte_seconds = lambda: 30.0
    elif fault == "full":
        vendor.behaviour.is_busy = lambda: True
    elif fault == "mute":
        vendor.behaviour.is_mute = True
    else:
        vendor.behaviour.most_sockets = 0
    voices = Failover(
        [
            Stage(engine=each, breaker=Breaker(lambda: 0.0), first_byte_seconds=0.3, stall_seconds=0.3)
            for each in (engine, local)
        ]
    )
    await spoken(voices.synthesise(TEXT, AVA))
    assert local.asked == (["or Friday at ten."] if fault == "drop" else [TEXT])


async def test_the_account_tells_what_is_left_and_which_voices_it_has(vendor: Vendor) -> None:
    vendor.account.characters_used = 99_000
    vendor.account.voices = tuple({"voice_id": f"v{n}", "name": f"Voice {n}"} for n in range(205))
    async with httpx.AsyncClient(base_url=vendor.base_url, headers={"xi-api-key": vendor.account.api_key}) as client:
        account = ElevenLabsAccount(client)
        quota = await account.quota()
        voices = [voice.voice_id async for voice in account.voices()]
    assert (quota.tier, quota.left) == ("creator", 1_000)
    assert quota.renews_at is not None
    assert voices == [f"v{n}" for n in range(205)]


async def test_the_account_refuses_a_wrong_key(vendor: Vendor) -> None:
    async with httpx.AsyncClient(base_url=vendor.base_url, headers={"xi-api-key": "wrong"}) as client:
        with pytest.raises(SynthesisFailed) as failed:
            await ElevenLabsAccount(client).quota()
    assert failed.value.reason == "key_refused"


async def test_the_vendor_forgets_a_socket_that_closes(vendor: Vendor, engine: ElevenLabsEngine) -> None:
    await engine.warm(AVA)
    await engine.close()
    await until(lambda: vendor.account.open_sockets == 0)
