"""One call through every door, over a real database and a real Redis: from the list to the ledger."""

import asyncio
import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from functions import (
    answer_call,
    bootstrap,
    close_call,
    dial_lead,
    dispatch_leads,
    fold_status,
    receive_status,
    reconcile_calls,
    settle_costs,
)
from functions.api.door import handle as api
from functions.bootstrap import Services
from shared.adapters.memory import MemoryTelephony
from shared.adapters.redis.connect import make_async_redis, make_redis
from shared.adapters.redis.control import ControlReceiver
from shared.adapters.redis.worker_lease import WorkerLease
from shared.campaigns import Opening
from shared.campaigns.opening import opening_text
from shared.conversation import CallReport
from shared.kernel.ids import AttemptId, CampaignId, LeadId
from shared.kernel.money import Money
from shared.kernel.outbox import OutboxMessage
from shared.settings import BadSettings
from shared.storage.engine import make_engine
from shared.storage.light.connections import Connections
from shared.storage.outbox import SqlOutbox
from tests.functions.desk import (
    API_KEY,
    EmptyCarrier,
    StoppedClock,
    carrier_doors,
    carrier_event,
    http_event,
    installation,
)
from tests.functions.test_api import CSV, campaign_body
from tests.shared.calls.world import NOON, take_copy

pytestmark = pytest.mark.real_servers
SID = "CA" + "1".zfill(32)


class Road:
    """The doors, and the outbox that joins them."""

    def __init__(self, services: Services, light: Connections, outbox: SqlOutbox, clock: StoppedClock) -> None:
        self.services = services
        self.answering, self.receiving = carrier_doors(light, services)
        self.outbox = outbox
        self.clock = clock

    def ask(self, method: str, path: str, body: Any = None, *, kind: str = "application/json") -> Any:
        text = body if isinstance(body, str) or body is None else json.dumps(body)
        headers = {"Authorization": f"Bearer {API_KEY}", "Content-Type": kind}
        answer = api(http_event(method, path, body=text, headers=headers), self.services)
        assert answer["statusCode"] < 300, answer
        return json.loads(answer["body"])

    def taken(self, topic: str) -> list[OutboxMessage]:
        """Take every due message of a topic."""
        messages = self.outbox.lease(topic=topic, now=self.clock.now(), lease_for=timedelta(minutes=1), limit=50)
        self.outbox.done([message.id for message in messages])
        return messages

    def carry(self, topic: str, door: Any) -> list[dict[str, Any]]:
        """Hand every due message of a topic to its door."""
        return [door.handle(message.body, self.services) for message in self.taken(topic)]

    def dispatch(self) -> dict[str, Any]:
        """The scheduled round of the only campaign, in place of whatever asked for one before."""
        self.taken("dispatch")
        assert dispatch_leads.handle({}, self.services) == {"asked": 1}
        [done] = self.carry("dispatch", dispatch_leads)
        return done

    def tell(self, path: str, **fields: str) -> None:
        answer = receive_status.handle(carrier_event(path, CallSid=SID, **fields), self.receiving)
        assert answer["statusCode"] == 204


@pytest.fixture
def road(monkeypatch: pytest.MonkeyPatch, database_url: str, redis_url: str) -> Iterator[Road]:
    for name, value in installation(database_url=database_url, redis_url=redis_url).items():
        monkeypatch.setenv(name, value)
    asyncio.run(beat(redis_url))
    clock = StoppedClock()
    engine = make_engine(database_url, pool_size=2)
    with make_redis(redis_url) as redis:
        composed = bootstrap.compose(engine, redis)
        carrier = EmptyCarrier()
        services = replace(composed, telephony=MemoryTelephony(), lookup=carrier, carrier_books=carrier, clock=clock)
        take_copy(services.registries)
        light = Connections(database_url, size=2)
        yield Road(services, light, SqlOutbox(engine), clock)
        light.close()
    engine.dispose()


async def beat(redis_url: str) -> None:
    async with make_async_redis(redis_url) as client:
        lease = WorkerLease(client, worker="w1", epoch="e1", url="ws://127.0.0.1:9", slots=5)
        await lease.beat(ready=True)


def report(attempt_id: str) -> CallReport:
    return CallReport(
        attempt_id=AttemptId(attempt_id),
        worker="w1",
        epoch="e1",
        started_at=NOON,
        ended_at=NOON + timedelta(seconds=40),
        ended_by="agent",
        end_reason="said goodbye",
        heard="human",
        not_interested=True,
    )


def make_running_campaign(road: Road) -> CampaignId:
    seller = {"registered_name": "Hill Country Homes LLC", "callback_number": "+15125550000"}
    seller_id = road.ask("POST", "/v1/sellers", seller)["id"]
    campaign_id = CampaignId(road.ask("POST", "/v1/campaigns", campaign_body(seller_id))["id"])
    road.ask("POST", f"/v1/campaigns/{campaign_id}/leads", CSV, kind="text/csv")
    assert road.ask("POST", f"/v1/campaigns/{campaign_id}/start")["state"] == "scheduled"
    assert road.dispatch()["planned"] == 0
    campaign = road.services.campaigns.get(campaign_id)
    text = opening_text(road.services.campaigns.seller(campaign.seller_id))
    road.services.campaigns.save_opening(
        Opening(campaign_id=campaign_id, voice=campaign.voice, text=text, audio=b"\xff" * 800, rendered_at=NOON)
    )
    return campaign_id


def test_a_lead_is_rung_talked_to_closed_and_settled(road: Road) -> None:
    campaign_id = make_running_campaign(road)
    assert road.dispatch()["planned"] == 1

    assert [done["result"] for done in road.carry("dial", dial_lead)] == ["placed"]
    lead = road.ask("GET", f"/v1/campaigns/{campaign_id}")["leads"][0]
    attempt_id = lead["last_attempt_id"]
    road.tell(f"/v1/twilio/status/{attempt_id}", CallStatus="initiated", SequenceNumber="0")
    answered = answer_call.handle(carrier_event(f"/v1/twilio/answer/{attempt_id}", CallSid=SID), road.answering)
    assert f"ws://127.0.0.1:9/w/w1/{attempt_id}" in answered["body"]
    road.tell(f"/v1/twilio/stream/{attempt_id}", StreamSid="MZ1", StreamEvent="stream-started")
    road.tell(f"/v1/twilio/amd/{attempt_id}", AnsweredBy="human")
    road.tell(f"/v1/twilio/status/{attempt_id}", CallStatus="completed", SequenceNumber="3", CallDuration="38")
    assert road.carry("status", fold_status)[-1] == {"messages": 1, "attempts": 1, "over": 1}
    assert [done["disposition"] for done in road.carry("close", close_call)] == ["not yet"]

    road.services.reports.add(report(attempt_id))
    assert [done["disposition"] for done in road.carry("close", close_call)] == ["not_interested"]
    assert [done["settled_now"] for done in road.carry("settle", settle_costs)] == [True]
    road.carry("dispatch", dispatch_leads)
    road.clock.moment = NOON + timedelta(minutes=5)
    assert [done["result"] for done in road.carry("reconcile", reconcile_calls)] == ["over"]

    shown = road.ask("GET", f"/v1/attempts/{attempt_id}")
    progress = road.ask("GET", f"/v1/campaigns/{campaign_id}")
    assert shown["disposition"] == "not_interested"
    assert len(shown["events"]) == 4
    assert shown["attempt"]["answered_by"] == "human"
    spent = sum(line["amount_micro_usd"] for line in shown["cost_lines"])
    budget = road.services.costs.budget(road.services.campaigns.get(campaign_id).budget_id)
    assert 0 < spent == budget.posted.micro_usd
    assert (budget.pending, road.services.costs.ledger_imbalance()) == (Money(), Money())
    assert (progress["campaign"]["state"], progress["leads_by_status"]) == ("completed", {"not_interested": 1})
    assert road.services.capacity.free() == 5


def test_a_verdict_reaches_the_worker_by_its_control_stream(road: Road, redis_url: str) -> None:
    campaign_id = make_running_campaign(road)
    road.dispatch()
    lead = road.ask("GET", f"/v1/campaigns/{campaign_id}")["leads"][0]
    attempt_id = lead["last_attempt_id"]
    road.tell(f"/v1/twilio/amd/{attempt_id}", AnsweredBy="machine_start")

    async def first_command() -> str:
        async with make_async_redis(redis_url) as client:
            return await anext(ControlReceiver(client).commands(attempt_id))

    assert asyncio.run(first_command()) == "amd:machine_start"


def test_a_lead_without_consent_is_never_rung(road: Road) -> None:
    campaign_id = make_running_campaign(road)
    [lead] = road.services.leads.of_campaign(campaign_id)
    [consent] = road.services.consents.of_phone(lead.phone)
    road.services.consents.revoke(lead.phone, at=consent.obtained_at)

    assert road.dispatch()["denied"] == 1

    assert road.services.leads.get(LeadId(lead.id)).status == "blocked"
    assert road.taken("dial") == []


def test_a_missing_setting_is_named_in_one_line(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("DATABASE_URL", raising=False)

    with pytest.raises(BadSettings, match=r"^DATABASE_URL: field required$"):
        bootstrap.services()
