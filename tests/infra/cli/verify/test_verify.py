"""``reauto verify twilio`` against the simulated carrier: what holds is told apart from what does not."""

import asyncio
import json
from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Any

import pytest
from rich.console import Console

from infra.cli.verify.command import draw, look
from infra.cli.verify.listener import Listener
from infra.cli.verify.points import POINTS, Findings, Verdict
from infra.cli.verify.stand import Stand
from infra.local.child import free_port
from infra.simulator.carrier import Carrier
from infra.simulator.line import NoPickUp
from shared.adapters.twilio.client import make_client
from tests.infra.simulator.carrier.phones import Phone, listen
from tests.infra.simulator.carrier.stage import ACCOUNT_SID, OTHER, OURS, PERSON, TOKEN, new_carrier


@dataclass(kw_only=True)
class Scene:
    """A carrier, its phones, and somebody who looks at it."""

    carrier: Carrier
    phones: dict[str, Phone]
    stand: Stand
    port: int

    async def look(self) -> dict[str, Any]:
        found = await look(self.stand, port=self.port, unanswered=OTHER, tell=lambda _phase: None)
        return {finding.point.id: finding for finding in found}


@pytest.fixture
async def scene() -> AsyncIterator[Scene]:
    phones = {PERSON: Phone(talk=listen), OTHER: Phone(NoPickUp(result="no-answer", after_seconds=0.0))}
    port = free_port()
    carrier = new_carrier(phones, "http://127.0.0.1:9", account={"calls_per_second": 5.0})
    await carrier.start()
    stand = Stand(
        client=make_client(account_sid=ACCOUNT_SID, auth_token=TOKEN, base_url=carrier.base_url),
        listener=Listener(f"http://127.0.0.1:{port}"),
        findings=Findings(),
        caller_id=OURS,
        to=PERSON,
        account_sid=ACCOUNT_SID,
        auth_token=TOKEN,
        answer_seconds=5.0,
        silence_seconds=1.0,
        price_seconds=2.0,
        rings_seconds=1,
    )
    yield Scene(carrier=carrier, phones=phones, stand=stand, port=port)
    await carrier.stop()


async def test_every_point_that_a_call_can_show_is_seen(scene: Scene) -> None:
    found = await scene.look()

    holds = {point for point, finding in found.items() if finding.verdict is Verdict.HOLDS}
    fails = {point: finding.seen for point, finding in found.items() if finding.verdict is Verdict.FAILS}
    unseen = {point for point, finding in found.items() if finding.verdict is Verdict.NOT_SEEN}
    # The stand-in keeps a silent socket open for ever, and its number belongs to nobody's whim.
    assert set(fails) <= {"silent_socket"}, fails
    assert unseen == {"stream_minutes_round_up", "21204", "default_time_limit", "one_stream"}
    assert {"frames", "mark_after_play", "mark_after_clear", "next_verb", "aborted_socket", "hang_up"} <= holds
    assert found["price_delay"].verdict is Verdict.MEASURED
    assert [finding.point for finding in found.values()] == list(POINTS)


async def test_a_phone_that_nobody_picks_up_leaves_its_points_unseen(scene: Scene) -> None:
    scene.phones[PERSON] = Phone(NoPickUp(result="busy", after_seconds=0.0))
    scene.stand.answer_seconds = 0.5

    found = await scene.look()

    for point in ("frames", "next_verb", "aborted_socket", "update_in_connect", "hang_up", "price_delay"):
        assert found[point].verdict is Verdict.NOT_SEEN, point


async def test_the_table_and_the_json_name_every_point(scene: Scene) -> None:
    scene.stand.findings.judge("frames", False, "[320] bytes, 25 a second")
    found = scene.stand.findings.all()
    console = Console(width=100, record=True, file=None, force_terminal=False)

    await asyncio.to_thread(draw, console, found)

    assert "does not hold" in console.export_text()
    told = json.loads(json.dumps([finding.as_json() for finding in found]))
    assert [each["id"] for each in told] == [point.id for point in POINTS]
