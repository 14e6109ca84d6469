"""What became of campaigns' calls, counted in PostgreSQL: each attempt once."""

from datetime import datetime

from sqlalchemy import Engine

from shared.campaigns import CallCounts
from shared.campaigns.breaker import FIRST_WORDS_WITHIN, MOST_CALLS_COUNTED, NOT_PEOPLE, OUR_STOPS, QUICK_SECONDS
from shared.kernel.ids import CampaignId
from shared.storage.statements import Statements

# Abandoned is to whom nobody spoke in time; who hung up within a blink left by themselves.
COUNTS = """
with latest as (
  select * from call_attempts
  where campaign_id = %(campaign)s and dial_started_at >= %(since)s and direction = 'outbound' and ended_at is not null
  order by dial_started_at desc limit %(most)s
), told as (
  select a.disposition,
    (a.disposition = 'failed_technical' or a.disposition is null and a.state in ('rejected', 'not_placed'))
      and coalesce(a.end_reason, '') <> all(%(our_stops)s) as has_failed,
    a.answered_at is not null and coalesce(
      report.heard, case when a.answered_by like 'machine%%' or a.answered_by = 'fax' then 'voicemail' else 'human' end
    ) <> all(%(not_people)s) as is_person,
    coalesce(report.first_audio_ms > %(first_words)s, true)
      and coalesce(a.duration_seconds > %(quick)s, true) as is_abandoned
  from latest a left join lateral (
    select min(r.body ->> 'heard') as heard, min((r.body ->> 'first_audio_ms')::float) as first_audio_ms
    from reports r where r.attempt_id = a.id and r.part = 0
  ) report on true
)
select count(*) as dials, count(*) filter (where has_failed) as failed, count(*) filter (where is_person) as answered,
  count(*) filter (where is_person and is_abandoned) as abandoned,
  count(*) filter (where is_person and disposition = 'opted_out') as complaints
from told
"""
LIVE = "select count(*) as calls from call_attempts where campaign_id = %(campaign)s and ended_at is null"


class SqlCampaignCalls:
    """``CampaignCalls`` over ``call_attempts`` and ``reports``. One method, one transaction."""

    def __init__(self, engine: Engine) -> None:
        self._db = Statements(engine)

    def counts(self, campaign_id: CampaignId, since: datetime) -> CallCounts:
        asked = {
            "campaign": campaign_id,
            "since": since,
            "most": MOST_CALLS_COUNTED,
            "our_stops": list(OUR_STOPS),
            "not_people": list(NOT_PEOPLE),
            "first_words": FIRST_WORDS_WITHIN,
            "quick": QUICK_SECONDS,
        }
        return CallCounts(**self._db.rows(COUNTS, asked)[0])

    def live(self, campaign_id: CampaignId) -> int:
        return int(self._db.rows(LIVE, {"campaign": campaign_id})[0]["calls"])
