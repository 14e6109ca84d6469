"""A premium voice is measured over its real protocol, through its level stage, by its cast."""

from pathlib import Path

import pytest
from pydantic import SecretStr

from infra.cli.evaluate.engines import Chosen, EngineSettings, running
from infra.cli.evaluate.level_rows import APART, level_rows
from infra.simulator.elevenlabs import Account, Behaviour, running_elevenlabs
from shared.speech_settings import SpeechSettings
from shared.voice_settings import PremiumSettings, VoiceSettings


async def test_it_is_brought_to_the_common_level_and_nothing_of_it_is_prepared(tmp_path: Path) -> None:
    account = Account()
    async with running_elevenlabs(account, Behaviour()) as url:
        premium = PremiumSettings.model_construct(
            **{
                **PremiumSettings().model_dump(),
                "api_key": SecretStr(account.api_key),
                "cast": {"*": "v-ava", "en-us+m5": "v-ben"},
                "base_url": url,
            }
        )
        settings = EngineSettings(hearing=SpeechSettings(), local=VoiceSettings(), premium=premium)
        async with running(Chosen(ears=(), voices=("elevenlabs",)), settings, cache=tmp_path) as engines:
            rows = {row.name: row for row in await level_rows(engines.speakers, tell=lambda phase: None)}

    assert rows[APART].holds
    assert rows["levels, elevenlabs: clipped samples"].value == 0
    assert rows["levels, elevenlabs: click where pieces meet"].holds
    assert rows["levels, elevenlabs en-us+m5: speech"].value == pytest.approx(-20, abs=2)
    assert "Roughly," not in account.texts
