"""The report of one call on its way home: sent once, and before the line is closed where it is us who close it."""

import asyncio

from shared.conversation import CallReport
from voice_node.desk import CallDesk

REPORT_FIRST_SECONDS = 1.0
"""How long the hang-up waits for the report at most: nobody is kept on the line for it."""


class Telling:
    """Whoever is asked to recover a call that we have ended has to find its report: it goes first."""

    def __init__(self, desk: CallDesk) -> None:
        self._desk = desk
        self._sending: asyncio.Task[None] | None = None
        self.report: CallReport | None = None

    async def tell_first(self, report: CallReport) -> None:
        """Send the report, and wait a moment for it to be there."""
        sending = self._begin(report)
        await asyncio.wait({sending}, timeout=REPORT_FIRST_SECONDS)

    async def tell(self, report: CallReport) -> CallReport:
        """Send the report unless one has been sent, and wait until it is there; returns what was sent."""
        await self._begin(report)
        return self.report or report

    def _begin(self, report: CallReport) -> asyncio.Task[None]:
        if self._sending is None:
            self.report = report
            self._sending = asyncio.create_task(self._desk.report(report))
        return self._sending
