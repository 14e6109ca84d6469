"""Plan attempts for the leads of a campaign that are due, as many as there is room and money for."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime

from shared.calls.decide import ABOUT_US, decide, is_only_about_us, lead_after, questions_after
from shared.calls.facts import LOOK_BACK, FactSource
from shared.calls.horizons import Horizons
from shared.calls.permission import Permission, Verdict
from shared.calls.plan import TAKEN, Wish, plan_attempt
from shared.calls.record import LeadRecord
from shared.calls.room import Room, room_for
from shared.campaigns import Campaign, CampaignState
from shared.campaigns.lifecycle import completed
from shared.campaigns.own_number import OwnNumber, choose_caller_id
from shared.kernel.ids import AttemptId, CampaignId
from shared.leads import Lead

BATCH = 50
EXAMINED_PER_ROUND = 500
MOST_LOST_RACES = 3
MOST_UNCLEAR = 3
STANDARD = Horizons()


@dataclass(frozen=True, kw_only=True)
class DispatchRound:
    """What one round did, in numbers fit for a log line; ``unclear`` are leads of whom a fact was missing."""

    planned: int = 0
    deferred: int = 0
    denied: int = 0
    unclear: int = 0
    stopped_by: str | None = None


def dispatch_campaign(
    campaign_id: CampaignId,
    *,
    sources: FactSource,
    now: datetime,
    new_attempt_id: Callable[[], AttemptId],
    horizons: Horizons = STANDARD,
) -> DispatchRound:
    """One round for one campaign: every due lead is planned, put off or parted with, until room or money ends.

    Rounds may run at the same time: each takes leads of its own and gives back what it did not come to. A campaign
    without open leads is completed.

    Raises:
        NotFound: There is no such campaign.
        Unavailable: A source of facts is away; nothing is planned without facts.
    """
    campaign = sources.campaigns.get(campaign_id)
    if campaign.state is not CampaignState.RUNNING:
        return DispatchRound(stopped_by=f"campaign {campaign.state.value}")
    room = room_for(campaign, sources=sources, now=now)
    if room.calls == 0:
        return DispatchRound(stopped_by=room.because)
    numbers = tuple(each for each in sources.own_numbers.of_seller(campaign.seller_id) if each.may_serve(campaign.id))
    this = _Round(
        campaign=campaign,
        sources=sources,
        room=room,
        numbers=numbers,
        dials=dict(sources.own_numbers.dials([each.phone for each in numbers], now - LOOK_BACK)),
        horizons=horizons,
        now=now,
    )
    return this.run(new_attempt_id)


@dataclass(kw_only=True)
class _Round:
    """One round under way. ``dials`` counts those of each of our numbers lately."""

    campaign: Campaign
    sources: FactSource
    room: Room
    numbers: Sequence[OwnNumber]
    dials: dict[str, int]
    horizons: Horizons
    now: datetime
    done: DispatchRound = field(default_factory=DispatchRound)
    lost_races: int = 0
    unclear_in_a_row: int = 0

    def run(self, new_attempt_id: Callable[[], AttemptId]) -> DispatchRound:
        """Take due leads batch by batch, and give back what the round does not come to."""
        until, examined = self.now + self.horizons.examine_within, 0
        while examined < EXAMINED_PER_ROUND and self.done.planned < self.room.calls and not self.done.stopped_by:
            wanted = min(BATCH, self.room.calls - self.done.planned)
            batch = self.sources.calls.take_due(self.campaign.id, self.now, limit=wanted, until=until)
            for place, lead in enumerate(batch):
                self._examine(lead, new_attempt_id)
                if self.done.stopped_by:
                    self.sources.calls.give_back(batch[place:], until=until)
                    break
            if not batch:
                break
            examined += len(batch)
        if self.done.planned == self.room.calls:
            self.done = replace(self.done, stopped_by=self.room.because)
        if self.done.planned == 0 and self.done.stopped_by is None:
            self._complete_if_done()
        return self.done

    def _examine(self, lead: Lead, new_attempt_id: Callable[[], AttemptId]) -> None:
        record = self.sources.record(lead, self.campaign, now=self.now)
        caller = self._caller(lead, record)
        facts = self.sources.of_record(
            record,
            lead,
            self.campaign,
            free_slots=self.room.calls - self.done.planned,
            caller=caller,
            caller_dials=self.dials.get(caller.phone, 0) if caller else None,
            time_limit=self.room.time_limit,
            now=self.now,
        )
        permission = decide(facts, now=self.now)
        against = [each for each in permission.findings if each.verdict is not Verdict.ALLOW]
        if permission.verdict is Verdict.ALLOW:
            self.unclear_in_a_row = 0
            shown = caller.phone if caller else self.campaign.caller_id
            self._plan(lead, record, shown, permission, new_attempt_id())
        elif is_only_about_us(permission) and any(each.rule in ABOUT_US for each in against):
            self.done = replace(self.done, stopped_by=permission.reasons[0])
        else:
            self._turn_away(lead, permission)

    def _caller(self, lead: Lead, record: LeadRecord) -> OwnNumber | None:
        """The number that the lead sees; when none may be used now, one that says why."""
        last = record.earlier[-1].caller_id if record.earlier else None
        chosen = choose_caller_id(lead, self.numbers, now=self.now, dials=self.dials, last=last)
        return chosen or next(iter(self.numbers), None)

    def _plan(
        self, lead: Lead, record: LeadRecord, caller_id: str, permission: Permission, attempt_id: AttemptId
    ) -> None:
        wish = Wish(
            attempt_id=attempt_id,
            lead=lead,
            campaign=self.campaign,
            caller_id=caller_id,
            permission=permission,
            room=self.room,
            place=self.done.planned,
            earlier=record.earlier,
        )
        refused = plan_attempt(wish, sources=self.sources, horizons=self.horizons, now=self.now)
        if refused is None:
            self.dials[caller_id] = self.dials.get(caller_id, 0) + 1
            self.done = replace(self.done, planned=self.done.planned + 1)
            return
        self.lost_races += refused == TAKEN
        if refused != TAKEN or self.lost_races >= MOST_LOST_RACES:
            self.done = replace(self.done, stopped_by=refused)

    def _turn_away(self, lead: Lead, permission: Permission) -> None:
        """Put the lead off, or part with it; one of whom a fact is missing is asked about again by a later round.

        What is missing for one after the other is missing for all.
        """
        after = lead_after(lead, permission)
        questions = questions_after(lead, permission)
        if after == lead:
            after = lead.postponed_to(self.now + self.horizons.ask_again)
            self.unclear_in_a_row += 1
            stopped_by = permission.reasons[0] if self.unclear_in_a_row >= MOST_UNCLEAR else None
            self.done = replace(self.done, unclear=self.done.unclear + 1, stopped_by=stopped_by)
        elif permission.verdict is Verdict.DEFER:
            self.done = replace(self.done, deferred=self.done.deferred + 1)
        else:
            self.done = replace(self.done, denied=self.done.denied + 1)
        self.sources.calls.decline(after, permission, *questions)

    def _complete_if_done(self) -> None:
        """Complete a campaign that has leads, none of which waits for a call or is in one."""
        calls = self.sources.calls
        if not calls.live_in_campaign(self.campaign.id) and calls.is_worked_off(self.campaign.id):
            self.sources.campaigns.complete(completed(self.campaign, now=self.now), was=self.campaign)
