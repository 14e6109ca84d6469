"""The simulator as a process: composition root of the carrier and its people."""

import asyncio
import os
import signal
import sys
from datetime import UTC, datetime

from infra.simulator.carrier.account import Account, IncomingNumber
from infra.simulator.carrier.carrier import Carrier
from infra.simulator.people.persona import Voice as PersonaVoice
from infra.simulator.people.persona import load_personas
from infra.simulator.people.words import Words
from infra.simulator.town import residents
from shared import logs
from shared.adapters.redis.connect import make_async_redis
from shared.adapters.redis.live_feed import AsyncLiveFeedReader
from shared.kernel.clock import CivilClock
from shared.kernel.errors import ReautoError
from shared.settings import ClockSettings, RedisSettings, SimulatorSettings, TwilioSettings, read
from voice_node.speech.espeak import EspeakEngine
from voice_node.speech.voice import Voice

CARRIERS_OWN_VOICE = Voice(name="en-us+m3")


class Speech:
    """The people's voices, and the carrier's for ``<Say>``, from one engine."""

    def __init__(self, engine: EspeakEngine) -> None:
        self._engine = engine

    async def say(self, text: str, voice: PersonaVoice) -> bytes:
        """Mu-law at 8,000 Hz in a persona's voice."""
        spoken_by = Voice(name=voice.name, words_per_minute=voice.words_per_minute, pitch=voice.pitch)
        return await self._engine.render_mulaw(text, spoken_by)

    async def speak(self, text: str) -> bytes:
        """Mu-law at 8,000 Hz in the carrier's voice."""
        return await self._engine.render_mulaw(text, CARRIERS_OWN_VOICE)


async def simulate() -> None:
    """Run the carrier until SIGTERM."""
    settings, twilio = read(SimulatorSettings), read(TwilioSettings)
    personas = load_personas(settings.personas)
    engine, words = EspeakEngine(), Words()
    await engine.start()
    redis = make_async_redis(read(RedisSettings).url)
    speech = Speech(engine)
    ours = twilio.public_base_url.rstrip("/")
    our_numbers = tuple(
        IncomingNumber(
            number=number,
            voice_url=f"{ours}/v1/twilio/inbound",
            status_callback=f"{ours}/v1/twilio/inbound-status",
        )
        for number in settings.our_numbers.split(",")
    )
    carrier = Carrier(
        account=Account(
            sid=twilio.account_sid,
            auth_token=twilio.auth_token.get_secret_value(),
            numbers=our_numbers,
            calls_per_second=settings.calls_per_second,
        ),
        clock=CivilClock(lambda: datetime.now(UTC), read(ClockSettings).civil_time),
        telephones=residents(personas, words=words, speak=speech.say, diary_file=settings.diary),
        voice=speech,
        port=settings.port,
    )
    stopped = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stopped.set)
    reading = asyncio.create_task(words.follow(AsyncLiveFeedReader(redis).follow()))
    await carrier.start()
    await stopped.wait()
    reading.cancel()
    await carrier.stop()
    await engine.close()
    await redis.aclose()


def main() -> None:
    """Simulate; what goes wrong on purpose is one line."""
    os.nice(5)  # it plays the world outside, which would take none of the machine's time
    logs.configure()
    try:
        asyncio.run(simulate())
    except ReautoError as error:
        sys.exit(str(error))


if __name__ == "__main__":
    main()
