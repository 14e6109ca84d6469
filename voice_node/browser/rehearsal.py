"""What stands behind a rehearsal in place of the world: nothing is written, and the page is told everything."""

from collections.abc import AsyncGenerator, Callable
from dataclasses import dataclass, replace
from typing import Any

from shared.conversation import ActionResult, CallBrief, CallReport, OpenSlot
from shared.kernel.ids import AppointmentId, AttemptId
from voice_node.agents.memory import NoMemories
from voice_node.browser.peer import Peer
from voice_node.kit import CallKit, FeedItem

Tell = Callable[[dict[str, Any]], None]
TOLD_OF_REPORT = {"turns", "facts", "appointment", "ended_by", "end_reason", "score", "opted_out", "callback_at"}
TOLD_OF_REPORT |= {"cancelled", "callback_language"}


@dataclass(frozen=True, kw_only=True)
class RehearsalDesk:
    """A ``CallDesk`` without a cloud behind it: every action succeeds and is forgotten."""

    own: CallBrief
    tell: Tell

    async def brief(self, attempt_id: AttemptId, part: int = 0) -> CallBrief:
        """The brief that came with the ticket."""
        return self.own

    async def opt_out(self, brief: CallBrief, words: str) -> ActionResult:
        """The agent is told that it is done; nobody's number is suppressed."""
        return ActionResult.DONE

    async def book(self, brief: CallBrief, slot: OpenSlot, appointment_id: AppointmentId) -> ActionResult:
        """The agent is told that it is done; nobody's calendar changes."""
        return ActionResult.DONE

    async def move(
        self, brief: CallBrief, slot: OpenSlot, appointment_id: AppointmentId, *, instead_of: AppointmentId | None
    ) -> ActionResult:
        """The agent is told that it is done; nobody's calendar changes."""
        return ActionResult.DONE

    async def cancel(self, brief: CallBrief, appointment_id: AppointmentId | None) -> ActionResult:
        """The agent is told that it is done; nobody's calendar changes."""
        return ActionResult.DONE

    async def report(self, report: CallReport) -> None:
        """The page shows what would have been written down."""
        self.tell({"type": "report", **report.model_dump(mode="json", include=TOLD_OF_REPORT)})


@dataclass(frozen=True, kw_only=True)
class PageLive:
    """``LiveLines`` to the page that talks."""

    tell_page: Tell

    def tell(self, item: FeedItem) -> None:
        """Show a line of the transcript."""
        self.tell_page({"type": "words", "speaker": item.speaker, "kind": item.kind, "text": item.text})

    async def commands(self, attempt_id: AttemptId) -> AsyncGenerator[str, None]:
        """Nobody steers a rehearsal from outside."""
        nothing: tuple[str, ...] = ()
        for command in nothing:
            yield command


def rehearsal_kit(kit: CallKit, peer: Peer, brief: CallBrief) -> CallKit:
    """The worker's kit with everything taken out that leaves a trace."""

    async def hang_up(_: str) -> None:
        """The browser leaves when the call is over."""

    async def transfer(_: str, __: str) -> None:
        peer.tell({"type": "transfer"})

    return replace(
        kit,
        desk=RehearsalDesk(own=brief, tell=peer.tell),
        live=PageLive(tell_page=peer.tell),
        hang_up=hang_up,
        transfer=transfer,
        recordings=None,
        memories=NoMemories(),
    )
