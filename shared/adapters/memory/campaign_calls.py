"""What became of campaigns' calls, counted in memory."""

from datetime import datetime

from shared.adapters.memory.store import MemoryStore
from shared.calls import AttemptState, CallAttempt
from shared.campaigns import CallCounts
from shared.campaigns.breaker import FIRST_WORDS_WITHIN, MOST_CALLS_COUNTED, NOT_PEOPLE, OUR_STOPS, QUICK_SECONDS
from shared.conversation import CallReport
from shared.kernel.ids import AttemptId, CampaignId


class MemoryCampaignCalls:
    """``CampaignCalls`` in memory."""

    def __init__(self, store: MemoryStore | None = None) -> None:
        self._store = store or MemoryStore()

    def counts(self, campaign_id: CampaignId, since: datetime) -> CallCounts:
        with self._store.lock:
            made = [each for each in self._store.dialled(campaign_id, since) if each.is_over]
            made = sorted(made, key=lambda each: each.dial_started_at or since)[-MOST_CALLS_COUNTED:]
            people = [each for each in made if each.answered_at is not None and self._is_person(each)]
            return CallCounts(
                dials=len(made),
                failed=sum(self._has_failed(each) for each in made),
                answered=len(people),
                abandoned=sum(self._is_abandoned(each) for each in people),
                complaints=sum(self._store.dispositions.get(each.id) == "opted_out" for each in people),
            )

    def live(self, campaign_id: CampaignId) -> int:
        with self._store.lock:
            return sum(each.campaign_id == campaign_id for each in self._store.attempts.where("live", True))

    def _report(self, attempt_id: AttemptId) -> CallReport | None:
        return self._store.reports.get(attempt_id, {}).get(0)

    def _has_failed(self, attempt: CallAttempt) -> bool:
        disposition = self._store.dispositions.get(attempt.id)
        unclosed = disposition is None and attempt.state in (AttemptState.REJECTED, AttemptState.NOT_PLACED)
        return (disposition == "failed_technical" or unclosed) and attempt.end_reason not in OUR_STOPS

    def _is_person(self, attempt: CallAttempt) -> bool:
        report = self._report(attempt.id)
        by_machine = attempt.answered_by is not None and attempt.answered_by.startswith(("machine", "fax"))
        heard = report.heard if report else "voicemail" if by_machine else "human"
        return heard not in NOT_PEOPLE

    def _is_abandoned(self, attempt: CallAttempt) -> bool:
        report = self._report(attempt.id)
        waited = report.first_audio_ms if report else None
        stayed = attempt.duration_seconds is None or attempt.duration_seconds > QUICK_SECONDS
        return stayed and (waited is None or waited > FIRST_WORDS_WITHIN)
