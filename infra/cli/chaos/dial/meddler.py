"""People who change things while phones ring: opt-outs, pauses, withdrawn consents, voice workers that die."""

from collections.abc import Callable
from dataclasses import replace

from infra.cli.chaos.dial.faults import Dice
from infra.cli.chaos.dial.node import ModelNode
from infra.cli.chaos.dial.parts import Parts
from infra.cli.chaos.dial.society import EVERYBODY, Society
from infra.cli.chaos.dial.timeline import Timeline
from shared.calls.stops import StopScope, StopSwitch
from shared.campaigns import CampaignState, PauseReason
from shared.conversation import CallReport
from shared.leads import LeadStatus, Suppression, SuppressionReason

EVERY_SECONDS = (200.0, 3600.0)
ASKED = 60
WORKER_AWAY_SECONDS = (10.0, 90.0)
PAUSE_SECONDS = (30.0, 3600.0)


class Meddler:
    """Does something every now and then, and notes in the world's truth since when it holds."""

    def __init__(
        self,
        parts: Parts,
        society: Society,
        timeline: Timeline,
        dice: Dice,
        node: ModelNode,
        *,
        every_seconds: tuple[float, float] = EVERY_SECONDS,
    ) -> None:
        self._parts, self._society, self._timeline = parts, society, timeline
        self._dice, self._node, self._every = dice, node, every_seconds
        self._is_over = False

    def begin(self) -> None:
        """Start to meddle."""
        self._timeline.after(self._dice.between(*self._every), self._meddle)

    def stop_everything(self) -> None:
        """Every campaign is paused for good: what is under way ends, nothing new begins."""
        self._is_over = True
        for campaign in self._society.campaigns:
            self._pause(campaign.id)

    def _meddle(self) -> None:
        if self._is_over:
            return
        doings: list[Callable[[], None]] = [self._opt_out, self._opt_out, self._pause_one, self._revoke, self._kill]
        doings += [self._stop, self._go_on]
        self._dice.one_of(doings)()
        self._timeline.after(self._dice.between(*self._every), self._meddle)

    def _opt_out(self) -> None:
        """Somebody tells the office that they want no calls."""
        phone, now = self._somebody(), self._timeline.now()
        self._parts.suppressions.add(Suppression(phone=phone, reason=SuppressionReason.OPT_OUT, at=now))
        self._society.listed_since.setdefault(phone, now)

    def _somebody(self) -> str:
        """Anybody, but rather one who is about to be rung."""
        some = [self._dice.one_of(self._society.leads) for _ in range(ASKED)]
        claimed = (lead for lead in some if self._parts.leads.get(lead.id).status is LeadStatus.CLAIMED)
        return next(claimed, some[0]).phone

    def _revoke(self) -> None:
        """Somebody takes back every consent."""
        phone, now = self._somebody(), self._timeline.now()
        self._parts.consents.revoke(phone, at=now)
        self._society.consents = [
            replace(each, revoked_at=each.revoked_at or now) if each.phone == phone else each
            for each in self._society.consents
        ]

    def _pause_one(self) -> None:
        campaign = self._dice.one_of(self._society.campaigns)
        if self._pause(campaign.id):
            self._timeline.after(self._dice.between(*PAUSE_SECONDS), lambda: self._resume(campaign.id))

    def _pause(self, campaign_id: str) -> bool:
        campaign = self._parts.campaigns.get(self._society.campaign(campaign_id).id)
        if campaign.state is not CampaignState.RUNNING:
            return False
        paused = replace(
            campaign,
            state=CampaignState.PAUSED,
            paused_reason=PauseReason.MANUAL,
            moved_at=self._timeline.now(),
            paused_because="a person said so",
        )
        self._parts.campaigns.save(paused, was=campaign)
        self._society.stopped_since.setdefault(campaign_id, self._timeline.now())
        return True

    def _resume(self, campaign_id: str) -> None:
        campaign = self._parts.campaigns.get(self._society.campaign(campaign_id).id)
        if self._is_over or campaign.state is not CampaignState.PAUSED:
            return
        self._parts.campaigns.save(
            replace(
                campaign,
                state=CampaignState.RUNNING,
                paused_reason=None,
                paused_because=None,
                moved_at=self._timeline.now(),
            ),
            was=campaign,
        )
        self._society.stopped_since.pop(campaign_id, None)

    def _stop(self) -> None:
        """Somebody throws a stop switch, and lifts it later."""
        campaign = self._dice.one_of(self._society.campaigns)
        seller = campaign.seller_id
        scope, target = self._dice.one_of(
            ((StopScope.ALL, None), (StopScope.SELLER, str(seller)), (StopScope.CAMPAIGN, str(campaign.id)))
        )
        now = self._timeline.now()
        self._parts.stops.throw(StopSwitch(scope=scope, target=target, at=now, by="somebody", reason="to be sure"))
        self._society.switched_off_since.setdefault(target or EVERYBODY, now)
        self._timeline.after(self._dice.between(*PAUSE_SECONDS), lambda: self._lift(scope, target))

    def _lift(self, scope: StopScope, target: str | None) -> None:
        if self._parts.stops.lift(scope, target, at=self._timeline.now(), by="somebody"):
            self._society.switched_off_since.pop(target or EVERYBODY, None)

    def _go_on(self) -> None:
        """Somebody resumes what has paused itself."""
        for campaign in self._society.campaigns:
            self._resume(campaign.id)

    def _kill(self) -> None:
        """A voice worker dies and comes back a little later."""
        worker = self._dice.one_of(("w1", "w2"))
        self._node.worker_dies(worker)
        self._timeline.after(self._dice.between(*WORKER_AWAY_SECONDS), lambda: self._node.room.comes_back(worker))


def learn(society: Society, report: CallReport, phone: str) -> None:
    """What a person said in a call is true once their call was closed; whoever refused counts as listed."""
    if report.opted_out or report.wrong_number or report.not_interested:
        society.listed_since.setdefault(phone, report.ended_at)
