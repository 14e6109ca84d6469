"""What has to be there before scenarios can be rung: people with telephones, sellers, agents, campaigns, leads."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path

import yaml

from infra.cli.api import Api
from infra.cli.demo.leads import leads_csv
from infra.cli.demo.stage import WEEK as LONG_WEEK
from infra.cli.demo.stage import take_registry_copy
from infra.cli.evaluate.conversation.scenario import NOON_OF_A_TUESDAY, Scenario
from infra.cli.evaluate.conversation.scene import KINDS, SELLER
from infra.simulator.people.persona import Expectation, LeadRow, Persona, Temper, Voice
from shared.kernel.ids import CampaignId
from shared.leads import LeadKind
from voice_node.speech.voice import CALLER_VOICES

PLACES: Mapping[str, tuple[str, str, str]] = {
    "America/New_York": ("614", "OH", "43215"),
    "America/Chicago": ("512", "TX", "78704"),
    "America/Denver": ("720", "CO", "80203"),
    "America/Phoenix": ("602", "AZ", "85016"),
    "America/Los_Angeles": ("702", "NV", "89101"),
}
"""Where somebody on such a clock may live: area code, state, postal code."""
WEEK = [{**day, "closes": "17:00"} for day in LONG_WEEK]


@dataclass(frozen=True, kw_only=True)
class Part:
    """One scenario on the stage: its person, the number they are rung from, their campaign once it is there."""

    scenario: Scenario
    persona: Persona
    our_number: str
    campaign_id: CampaignId | None = None


def playable(scenarios: Sequence[Scenario], scripts: Sequence[str], *, most: int) -> list[Scenario]:
    """Those that can be rung, ``most`` at most: the embedded recogniser is best at short lines, so these come first."""
    found = [each for each in scenarios if is_playable(each, scripts)]
    return sorted(found, key=lambda each: max(len(line.split()) for line in lines_of(each)))[:most]


def lines_of(scenario: Scenario) -> list[str]:
    """Everything the person may say."""
    person = scenario.person
    answers = [line for said in person.answers.values() for line in ((said,) if isinstance(said, str) else said)]
    return [person.greeting, *answers, *(rule.say for rule in person.rules), *person.turns.values()]


def is_playable(scenario: Scenario, scripts: Sequence[str]) -> bool:
    """Whether it can be rung as it stands: another day, another world, another language and a call to us cannot."""
    call, world = scenario.call, scenario.world
    is_ordinary = not (call.busy or call.booked or call.transfer or call.earlier)
    nothing_breaks = not (world.first_slot_is_taken or world.booking_is_down or world.opt_out_is_down)
    is_english = all(line.isascii() for line in lines_of(scenario))
    is_known = bool(call.first_name) and call.asked_days_ago is not None and call.asked_days_ago <= MOST_DAYS
    return (
        call.direction == "outbound"
        and is_ordinary
        and nothing_breaks
        and is_known
        and is_english
        and call.now == NOON_OF_A_TUESDAY
        and call.timezone in PLACES
        and scenario.script in scripts
    )


MOST_DAYS = 30
"""Whoever asked longer ago has given no consent that still holds."""


def cast_parts(scenarios: Sequence[Scenario]) -> list[Part]:
    """A person with a telephone of their own for each scenario, and a number of ours to ring them from."""
    return [
        Part(scenario=scenario, persona=_persona(scenario, place), our_number=f"+1512555{1000 + place:04d}")
        for place, scenario in enumerate(scenarios)
    ]


def write_people(parts: Sequence[Part], folder: Path, phrases: Path) -> None:
    """The people as persona files, and everything they may say, for the recogniser to expect."""
    folder.mkdir(parents=True)
    lines: list[str] = []
    for place, part in enumerate(parts):
        data = part.persona.model_dump(mode="json")
        (folder / f"person_{place:02d}.yaml").write_text(yaml.safe_dump(data, allow_unicode=True), encoding="utf-8")
        lines += part.persona.spoken_lines()
    phrases.write_text("\n".join(dict.fromkeys(lines)) + "\n", encoding="utf-8")


def set_stage(api: Api, parts: Sequence[Part], *, now: datetime) -> list[Part]:
    """A seller, an agent and a campaign for each, so that nobody takes another's time; then the calls begin."""
    take_registry_copy(api)
    staged = []
    for part in parts:
        call = part.scenario.call
        seller = {"registered_name": SELLER.registered_name, "callback_number": part.our_number}
        seller_id = api.post("/v1/sellers", seller)["id"]
        api.post(
            "/v1/agents", {"seller_id": seller_id, "name": "Maria Lopez", "timezone": call.timezone, "hours": WEEK}
        )
        wishes = {
            "seller_id": seller_id,
            "name": part.scenario.name,
            "script": part.scenario.script,
            "voice": "en-us+f2",
            "caller_id": part.our_number,
            "budget_usd": "25.00",
            "max_concurrency": 1,
            "max_attempts": 1,
            "plan": {"recorded": call.recorded},
        }
        campaign = api.post("/v1/campaigns", wishes)["id"]
        rows = leads_csv([part.persona], seller=SELLER.registered_name, now=now)
        api.post_csv(f"/v1/campaigns/{campaign}/leads", rows.encode())
        staged.append(replace(part, campaign_id=CampaignId(campaign)))
    for part in staged:
        api.post(f"/v1/campaigns/{part.campaign_id}/start")
    return staged


def _persona(scenario: Scenario, place: int) -> Persona:
    call, person = scenario.call, scenario.person
    area_code, state, postal_code = PLACES[call.timezone]
    return Persona(
        version=1,
        name=f"{call.first_name} {call.last_name}".strip(),
        about=scenario.about,
        phone=f"+1{area_code}555{100 + place:04d}",
        voice=Voice(name=CALLER_VOICES[place % len(CALLER_VOICES)].name),
        temper=Temper(),
        lead=LeadRow(
            kind=KINDS.get(scenario.script, LeadKind.SELLER).value,
            subject=call.subject,
            source=call.source,
            timezone=call.timezone,
            state=state,
            postal_code=postal_code,
        ),
        greeting=person.greeting or "hello",
        answers=person.answers,
        rules=person.rules,
        turns=person.turns,
        silent_turns=person.silent_turns,
        hangs_up_after=person.hangs_up_after,
        expected=Expectation(disposition=scenario.expected.disposition, or_else=scenario.expected.or_else),
    )
