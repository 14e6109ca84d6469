"""Everything that is slow the first time, done before the first call."""

import asyncio
import threading
from contextlib import suppress
from datetime import UTC, datetime, timedelta

import numpy as np
from sqlalchemy import Engine

from shared.conversation import CallBrief
from shared.conversation.script import load_script, script_names
from shared.conversation.turn import open_call
from shared.kernel.errors import Unavailable
from shared.kernel.ids import AttemptId, CampaignId, LeadId, SellerId
from voice_node.agents.driver import Decider
from voice_node.agents.turn import Scene
from voice_node.brains.scripted import ScriptedModel
from voice_node.media.messages import SAMPLE_RATE_HZ
from voice_node.turns.end_of_turn import shared_model
from voice_node.turns.voice_activity import VoiceActivity

CONNECT_SECONDS = 5.0


async def open_connections(database: Engine, connections: int) -> None:
    """Fill the pool, so that no caller waits for a connection; a database that is away will be there later."""

    def hold_one(everybody_is_there: threading.Barrier) -> None:
        with suppress(Unavailable, threading.BrokenBarrierError), database.connect():
            everybody_is_there.wait(CONNECT_SECONDS)

    barrier = threading.Barrier(connections)
    await asyncio.gather(*(asyncio.to_thread(hold_one, barrier) for _ in range(connections)))


async def warm_up_models() -> None:
    """Load the turn models and run each once on a second of noise."""
    noise = (np.random.default_rng(0).standard_normal(SAMPLE_RATE_HZ) * 500).astype("<i2").tobytes()
    VoiceActivity().hear(noise)
    await shared_model().probability(noise)


async def warm_up_conversation(decider: Decider) -> None:
    """Read every script and go through one turn of it: phrase lists and the graph are prepared on first use."""
    for name in script_names():
        brief = _rehearsal(name)
        scene = Scene(brief=brief, script=load_script(name), now=datetime(2026, 1, 5, 18, tzinfo=UTC))
        opened = open_call(brief, scene.script, scene.now)
        move = await decider(opened.state, "yes this is alex tomorrow at noon", scene)
        async for _ in ScriptedModel().word(brief, move, ""):
            pass


def _rehearsal(script: str) -> CallBrief:
    """A call to nobody."""
    return CallBrief(
        attempt_id=AttemptId("rehearsal"),
        campaign_id=CampaignId("rehearsal"),
        seller_id=SellerId("rehearsal"),
        lead_id=LeadId("rehearsal"),
        seller_name="Rehearsal",
        callback_number="+15125550100",
        agent_voice="en-us",
        script=script,
        opening_text="",
        opening_audio=b"",
        first_name="Alex",
        last_name="",
        lead_kind="",
        subject="",
        source="",
        asked_at=None,
        timezone="America/Chicago",
        phone="+15125550142",
        time_limit=timedelta(minutes=1),
    )
