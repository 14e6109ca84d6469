"""Over real audio: machines that pick up, a person whom the carrier takes for one, and somebody who calls us back.

Calls run at telephone pace, at the same time, so it takes some minutes; no time they take is asserted.
"""

import shutil
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
import pytest

from infra.cli.api import Api
from infra.cli.demo.books import Books
from infra.cli.demo.leads import leads_csv
from infra.cli.demo.moment import demo_moment
from infra.cli.demo.stage import AGENTS, SELLER, take_registry_copy
from infra.local.environment import OUR_NUMBER
from infra.local.machine import Machine, Plan, machine_now, running
from infra.local.passing import reachable_folder
from infra.simulator.people.persona import load_personas
from infra.simulator.people.record import CallRecord
from infra.simulator.town import read_diary
from shared.calls import Direction
from shared.kernel.clock import CivilTime
from shared.kernel.ids import CampaignId
from shared.settings import MachineSettings
from shared.storage.engine import make_engine
from tests.journey.road import PERSONAS

pytestmark = [pytest.mark.real_servers, pytest.mark.timeout(900)]
PEOPLE = ("nancy_king", "victor_ramos", "walter_brooks", "yvonne_fisher", "george_adams")
CALLS_BACK = """
version: 1
name: Paul Young
about: Does not reach the telephone in time, sees who rang, and calls back.
phone: "+1 502 555 0110"
telephone: no_answer
voice: {name: en-us+f5, words_per_minute: 160}
lead: {subject: 8 Derby Lane, timezone: America/New_York, state: OH, postal_code: "45202"}
answers:
  identity: yes this is paul
  timeline: we would like to sell in two months
  motivation: i got a new job and we are moving
  condition: it's in good condition
  owner: yes i own the house
  agent: no i don't have an agent
  offer: the first one works for me
  booked: okay thank you
  again: yes that's right
  goodbye: goodbye
  otherwise: "yes"
expected: {disposition: appointment_set}
"""
PLAN = {
    "voicemail": "message",
    "voicemail_text": "We are calling about your home value request",
    "opt_out_number": "+1 800 555 0100",
}
CAMPAIGN = {
    "name": "Home value leads",
    "script": "seller_home_value",
    "voice": "en-us+f2",
    "caller_id": OUR_NUMBER,
    "budget_usd": "25.00",
    "max_concurrency": 6,
    "ring_timeout_seconds": 18,
}


@dataclass
class Town:
    """A machine that rings the town's people, and what came of it."""

    machine: Machine
    api: Api
    books: Books

    def wait(self, condition: Callable[[], Any], *, seconds: float = 300.0) -> None:
        """Wait until ``condition`` holds; fails when it does not in time."""
        until = time.monotonic() + seconds
        while not condition():
            self.machine.supervisor.check()
            assert time.monotonic() < until, [(name, self.standing(name)) for name in self.names]
            time.sleep(0.5)

    @property
    def names(self) -> list[str]:
        """Everybody's name."""
        return [f"{each.lead.first_name} {each.lead.last_name}" for each in self.books.standings()]

    def standing(self, name: str) -> Any:
        """The person's lead and calls."""
        return next(each for each in self.books.standings() if f"{each.lead.first_name} {each.lead.last_name}" == name)

    def is_closed(self, name: str, calls: int = 1) -> bool:
        """Whether so many calls with the person are over and settled."""
        attempts = self.standing(name).attempts
        return len(attempts) >= calls and all(self.books._is_settled(each) for each in attempts)

    def call(self, name: str, direction: Direction = Direction.OUTBOUND) -> Any:
        """The person's last call of that direction, as the API shows it."""
        attempts = [each for each in self.standing(name).attempts if each.direction is direction]
        return self.api.get(f"/v1/attempts/{attempts[-1].id}")

    def diary(self, phone: str) -> list[CallRecord]:
        """What the person lived through."""
        return [call for call in read_diary(self.machine.environment.diary) if call.phone == phone]

    def ring_in(self, phone: str) -> None:
        """Have somebody call our number."""
        address = f"http://127.0.0.1:{self.machine.environment.carrier_port}/simulator/calls"
        answer = httpx.post(address, json={"from": phone, "to": OUR_NUMBER}, trust_env=False)
        assert answer.status_code == 201, answer.text


@pytest.fixture(scope="module")
def town() -> Iterator[Town]:
    with reachable_folder() as folder:
        people = folder / "people"
        people.mkdir()
        for name in PEOPLE:
            shutil.copy(PERSONAS / f"{name}.yaml", people)
        (people / "paul_young.yaml").write_text(CALLS_BACK)
        now = machine_now()
        plan = Plan(
            settings=MachineSettings.model_validate({"REAUTO_HOME": folder / "home"}),
            database="reauto_town",
            is_fresh=True,
            personas=people,
            slots=8,
            civil_time=CivilTime(machine=now, civil=demo_moment(now)),
        )
        with running(plan) as machine:
            api = Api(machine.api_url, machine.environment.api_key)
            engine = make_engine(machine.environment.database_url, pool_size=2)
            held = Town(machine, api, Books(engine, set_town_stage(api, people, machine)))
            held.wait(lambda: all(held.is_closed(name) for name in held.names))
            held.ring_in("+15025550110")
            held.wait(lambda: held.is_closed("Paul Young", calls=2))
            yield held
            engine.dispose()
            api.close()


def set_town_stage(api: Api, people: Path, machine: Machine) -> CampaignId:
    """A seller, agents, a campaign that leaves messages, and its list."""
    seller = api.post("/v1/sellers", {"registered_name": SELLER, "callback_number": OUR_NUMBER})["id"]
    for agent in AGENTS:
        api.post("/v1/agents", {"seller_id": seller, **agent})
    campaign = api.post("/v1/campaigns", {"seller_id": seller, **CAMPAIGN, "plan": PLAN})["id"]
    rows = leads_csv(load_personas(people), seller=SELLER, now=machine.clock.now())
    api.post_csv(f"/v1/campaigns/{campaign}/leads", rows.encode())
    take_registry_copy(api)
    api.post(f"/v1/campaigns/{campaign}/start")
    return CampaignId(campaign)


@pytest.mark.parametrize(
    ("name", "disposition", "heard"),
    [
        ("Nancy King", "voicemail", "voicemail"),
        ("Victor Ramos", "mailbox_full", "mailbox_full"),
        ("Walter Brooks", "ivr", "ivr"),
        ("Yvonne Fisher", "fax", "fax"),
    ],
)
def test_every_machine_is_known_for_what_it_is(town: Town, name: str, disposition: str, heard: str) -> None:
    call = town.call(name)

    assert (call["disposition"], call["report"]["heard"]) == (disposition, heard)
    assert call["report"]["ended_by"] in ("agent", "caller")


def test_the_voicemail_has_the_message_after_its_beep_and_nothing_else(town: Town) -> None:
    report = town.call("Nancy King")["report"]
    [record] = town.diary("+13175550109")

    assert report["left_message"] is True
    assert record.recorded > 5
    said = [turn["text"] for turn in report["turns"] if turn["speaker"] == "agent"]
    assert "8 0 0 5 5 5 0 1 0 0" in said[-1]


def test_no_machine_but_the_voicemail_hears_a_message(town: Town) -> None:
    for name in ("Victor Ramos", "Walter Brooks", "Yvonne Fisher"):
        assert town.call(name)["report"]["left_message"] is False


def test_a_late_verdict_does_not_cut_off_a_person(town: Town) -> None:
    call = town.call("George Adams")

    assert call["attempt"]["answered_by"] == "machine_start"
    assert (call["disposition"], call["report"]["heard"]) == ("appointment_set", "human")


def test_who_calls_back_is_greeted_by_name_with_what_we_know_and_books(town: Town) -> None:
    missed, call = town.call("Paul Young"), town.call("Paul Young", Direction.INBOUND)

    assert missed["disposition"] == "no_answer"
    assert call["disposition"] == "appointment_set"
    said = [turn["text"] for turn in call["report"]["turns"] if turn["speaker"] == "agent"]
    assert said[0].startswith(f"Thanks for calling {SELLER}. I'm an AI assistant. This call is recorded")
    assert "We tried to reach you about 8 Derby Lane. Am I speaking with Paul?" in said[1]
    assert {line["vendor"] for line in call["cost_lines"] if line["component"] == "carrier_voice"} == {"twilio_inbound"}
    lead = town.standing("Paul Young").lead
    assert (lead.status, lead.attempts) == ("qualified", 1)


def test_the_books_are_in_order(town: Town) -> None:
    assert town.books.imbalance().micro_usd == 0
    assert town.api.get("/v1/tasks") == []
