"""The whole road without a telephone line: the doors of the template, a real database and Redis, a clock that obeys."""

import asyncio
import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from functions import answer_call, receive_status
from functions.api import door
from functions.bootstrap import Services
from infra.cli.demo.leads import leads_csv
from infra.cli.demo.stage import AGENTS, SELLER
from infra.local.environment import OUR_NUMBER
from infra.local.runner import Runner
from infra.local.sqs_events import failed_ids, sqs_event
from infra.local.template import read_template
from infra.simulator.people.persona import Persona, load_personas
from shared.adapters.memory import MemoryTelephony
from shared.adapters.redis.connect import make_async_redis
from shared.adapters.redis.worker_lease import WorkerLease
from shared.campaigns import Opening
from shared.campaigns.opening import opening_text
from shared.conversation import CallReport
from shared.kernel.ids import AttemptId, CampaignId
from shared.leads import Lead
from shared.storage.outbox import SqlOutbox
from tests.functions.desk import API_KEY, StoppedClock, carrier_event, http_event
from tests.journey.talk import talk
from voice_node.desk import Desk

ROOT = Path(__file__).parents[2]
PERSONAS = ROOT / "infra" / "simulator" / "personas"
WORKER, EPOCH = "w1", "e1"


def persona(name: str) -> Persona:
    """One of the people who come with the project."""
    return next(person for person in load_personas(PERSONAS) if person.name == name)


@dataclass(frozen=True, kw_only=True)
class RoadParts:
    """What a road is made of: everything real but the carrier, which only notes whom it should ring."""

    services: Services
    telephony: MemoryTelephony
    outbox: SqlOutbox
    desk: Desk
    clock: StoppedClock
    redis_url: str


class Road:
    """A seller's installation. Events go in by the same doors as on AWS; the outbox carries what follows from them."""

    def __init__(self, parts: RoadParts) -> None:
        self.services, self.telephony, self.clock = parts.services, parts.telephony, parts.clock
        self.desk = parts.desk
        self._outbox = parts.outbox
        self._redis_url = parts.redis_url
        self._template = read_template(ROOT / "template.yaml")
        self._runner = Runner(self._template.functions.values())

    def ask(self, method: str, path: str, body: Any = None, *, kind: str = "application/json") -> Any:
        """What the API answers; anything but a success fails the test."""
        text = body if isinstance(body, str) or body is None else json.dumps(body)
        headers = {"Authorization": f"Bearer {API_KEY}", "Content-Type": kind}
        answer = door.lambda_handler(http_event(method, path, body=text, headers=headers), None)
        assert answer["statusCode"] < 300, answer
        return json.loads(answer["body"])

    def start_campaign(self, *people: Persona, name: str = "Home value leads") -> CampaignId:
        """A seller with two agents, a campaign, its list, and the start; the opening is rendered at once."""
        seller = self._seller()
        wishes = {"script": "seller_home_value", "voice": "en-us+f2", "caller_id": OUR_NUMBER, "budget_usd": "25"}
        campaign_id = CampaignId(self.ask("POST", "/v1/campaigns", {"seller_id": seller, "name": name, **wishes})["id"])
        rows = leads_csv(people, seller=SELLER, now=self.clock.now())
        imported = self.ask("POST", f"/v1/campaigns/{campaign_id}/leads", rows, kind="text/csv")
        assert (imported["accepted"], imported["refused"]) == (len(people), [])
        self.ask("POST", "/v1/suppressions/imports", {"list": "national", "taken_on": self._today(), "is_empty": True})
        self._render_opening(campaign_id)
        assert self.ask("POST", f"/v1/campaigns/{campaign_id}/start")["state"] == "running"
        return campaign_id

    def _seller(self) -> str:
        """The seller of every campaign, with two agents; our number is its own."""
        known = [each["id"] for each in self.ask("GET", "/v1/sellers") if each["registered_name"] == SELLER]
        if known:
            return str(known[0])
        made = self.ask("POST", "/v1/sellers", {"registered_name": SELLER, "callback_number": OUR_NUMBER})["id"]
        for agent in AGENTS:
            self.ask("POST", "/v1/agents", {"seller_id": made, **agent})
        return str(made)

    def a_minute_passes(self) -> None:
        """The schedule ticks, and everything that follows from it is worked off."""
        self.clock.moment += timedelta(minutes=1)
        asyncio.run(self._beat())
        self._runner.invoke(self._template.functions["DispatchLeads"], {})
        self.work_off()

    def work_off(self) -> None:
        """Hand every due message to the function that reads its queue, until none is left."""
        asyncio.run(self._beat())
        while sum(self._deliver(function, queue) for function, _, queue in self._template.consumers()):
            pass

    def lead(self, campaign_id: CampaignId, name: str) -> Lead:
        """The person's row as it stands."""
        leads = self.services.leads.of_campaign(campaign_id)
        return next(lead for lead in leads if f"{lead.first_name} {lead.last_name}" == name)

    def calls_to(self, phone: str) -> "Sequence[Call]":
        """Every call that the carrier was asked for, to this number, oldest first."""
        return [
            Call(self, dial.attempt_id, sid=f"CA{number:032x}")
            for number, dial in enumerate(self.telephony.dialled, start=1)
            if dial.to == phone
        ]

    def _today(self) -> str:
        return self.clock.now().date().isoformat()

    def _deliver(self, function: Any, queue: Any) -> int:
        now = self.clock.now()
        batch = self._outbox.lease(topic=queue.topic, now=now, lease_for=timedelta(minutes=1), limit=10)
        if batch:
            ids = [message.id for message in batch]
            assert not failed_ids(self._runner.invoke(function, sqs_event(batch, queue, now=now)), ids), queue.name
            self._outbox.done(ids)
        return len(batch)

    def _render_opening(self, campaign_id: CampaignId) -> None:
        """What the voice node does with a ``render`` message, with silence for a voice."""
        campaign = self.services.campaigns.get(campaign_id)
        text = opening_text(self.services.campaigns.seller(campaign.seller_id))
        opening = Opening(
            campaign_id=campaign_id, voice=campaign.voice, text=text, audio=b"\xff" * 800, rendered_at=self.clock.now()
        )
        self.services.campaigns.save_opening(opening)

    async def _beat(self) -> None:
        """A voice worker with five free slots says that it lives; its word holds for some seconds."""
        async with make_async_redis(self._redis_url) as client:
            lease = WorkerLease(client, worker=WORKER, epoch=EPOCH, url="ws://127.0.0.1:9", slots=5)
            await lease.beat(ready=True)


@dataclass(frozen=True)
class Call:
    """One call as the carrier sees it."""

    road: Road
    attempt_id: AttemptId
    sid: str

    def tell(self, kind: str, **fields: str) -> None:
        """A callback of the carrier."""
        event = carrier_event(f"/v1/twilio/{kind}/{self.attempt_id}", CallSid=self.sid, **fields)
        assert receive_status.lambda_handler(event, None)["statusCode"] == 204

    def is_picked_up(self, *, by: str = "human") -> str:
        """It rings and is answered; returns the TwiML."""
        self.tell("status", CallStatus="ringing", SequenceNumber="1")
        answer = answer_call.lambda_handler(
            carrier_event(f"/v1/twilio/answer/{self.attempt_id}", CallSid=self.sid), None
        )
        self.tell("stream", StreamSid="MZ1", StreamEvent="stream-started")
        self.tell("amd", AnsweredBy=by)
        return str(answer["body"])

    def is_held_with(self, person: Persona, *, lasts: timedelta = timedelta(seconds=95)) -> CallReport:
        """The conversation as text, from the brief to the report and the hang-up."""
        begun = self.road.clock.now()
        report = asyncio.run(talk(self.attempt_id, person, desk=self.road.desk, clock=self.road.clock, lasts=lasts))
        self.road.clock.moment = begun + lasts
        asyncio.run(self.road.desk.report(report))
        self.tell("status", CallStatus="completed", SequenceNumber="3", CallDuration=str(round(lasts.total_seconds())))
        self.road.work_off()
        return report

    def rings_out(self) -> None:
        """Nobody picks up."""
        self.tell("status", CallStatus="ringing", SequenceNumber="1")
        self.road.clock.moment += timedelta(seconds=25)
        self.tell("status", CallStatus="no-answer", SequenceNumber="2", CallDuration="0")
        self.road.work_off()

    def shown(self) -> Any:
        """The call, with everything that is known of it, as the API shows it."""
        return self.road.ask("GET", f"/v1/attempts/{self.attempt_id}")

    def ended_at(self) -> datetime:
        """When the carrier said that it was over."""
        ended_at = self.road.services.calls.get(self.attempt_id).ended_at
        assert ended_at is not None
        return ended_at
