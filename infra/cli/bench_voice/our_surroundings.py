"""What lies around our node in the benchmark: briefs, reports, a lease and a clock, without servers."""

import asyncio
import json
from collections.abc import AsyncGenerator
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from types import TracebackType
from typing import Self

from infra.cli.bench_voice.replies import OPENING, SCRIPT, spoken
from shared.conversation import CallBrief, CallReport
from shared.kernel.ids import AttemptId, CampaignId, LeadId, SellerId
from voice_node.kit import FeedItem
from voice_node.speech.mulaw import to_mulaw


@dataclass(frozen=True, kw_only=True)
class FixedClock:
    """Civil time stands still; nothing in the benchmark depends on it."""

    moment: datetime

    def now(self) -> datetime:
        """Always the same moment."""
        return self.moment


class Briefs:
    """Everybody is called about the same thing, with an opening that was rendered before."""

    def __init__(self) -> None:
        self._opening = to_mulaw(b"".join(spoken(OPENING)))

    def get(self, attempt_id: AttemptId, *, part: int = 0) -> CallBrief:
        """The brief of any attempt."""
        return CallBrief(
            attempt_id=attempt_id,
            part=part,
            campaign_id=CampaignId("bench"),
            seller_id=SellerId("bench"),
            lead_id=LeadId("bench"),
            seller_name="Oak Street Realty",
            callback_number="+15125550100",
            agent_voice="en-us",
            script=SCRIPT,
            opening_text=OPENING,
            opening_audio=self._opening,
            first_name="Alex",
            last_name="",
            lead_kind="buyer",
            subject="",
            source="",
            asked_at=None,
            timezone="America/Chicago",
            phone="+15125550142",
            time_limit=timedelta(hours=1),
        )


class Reports:
    """Reports go to a file, one a line, for whoever measures."""

    def __init__(self, file: Path) -> None:
        self._path = file

    def __enter__(self) -> Self:
        self._file = self._path.open("a", encoding="utf-8")
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._file.close()

    def add(self, report: CallReport) -> None:
        """Write a report down."""
        self._file.write(json.dumps(report.model_dump(mode="json")) + "\n")
        self._file.flush()

    def get(self, attempt_id: AttemptId) -> CallReport | None:
        """Nobody asks here."""
        return None


class Unwatched:
    """Nobody watches or steers the calls."""

    def tell(self, item: FeedItem) -> None:
        """Nobody listens."""

    async def commands(self, attempt_id: AttemptId) -> AsyncGenerator[str, None]:
        """None ever comes."""
        await asyncio.Event().wait()
        yield ""


class OwnLease:
    """The worker's door, which nobody else looks at."""

    def __init__(self, slots: int) -> None:
        self.slots, self.load, self.lag_ms = slots, 0.0, 0.0
        self._live: set[AttemptId] = set()

    @property
    def live(self) -> frozenset[AttemptId]:
        """The attempts that are being talked to."""
        return frozenset(self._live)

    def admit(self, attempt_id: AttemptId) -> bool:
        """Let a call in, if there is room."""
        if attempt_id in self._live or len(self._live) >= self.slots:
            return False
        self._live.add(attempt_id)
        return True

    async def release(self, attempt_id: AttemptId) -> None:
        """The call is over."""
        self._live.discard(attempt_id)

    async def beat(self, *, ready: bool) -> None:
        """Nobody counts the beats."""

    async def give_up(self) -> None:
        """There is nothing to withdraw."""
