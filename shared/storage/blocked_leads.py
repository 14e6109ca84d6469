"""Leads that were parted with, in PostgreSQL."""

from collections import Counter
from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import Engine, text

from shared.calls.reopen import Reason
from shared.kernel.ids import CampaignId

REOPEN = text("""
with over as (
  select l.id from leads l
    join campaigns c on c.id = l.campaign_id and (c.ends_at is null or c.ends_at > :now)
    cross join lateral (
      select p.decisions from permissions p where p.lead_id = l.id order by p.id desc limit 1
    ) latest
  where l.status = 'blocked' and (cast(:seller_id as uuid) is null or l.seller_id = :seller_id)
    and exists (
      select from jsonb_array_elements(latest.decisions) f
      where f ->> 'verdict' = 'deny' and f ->> 'rule' = any(:rules)
        and (cast(:state as text) is null or jsonb_exists(f #> '{evidence,states}', :state)))
    and not exists (
      select from jsonb_array_elements(latest.decisions) f
      where f ->> 'verdict' = 'deny' and f ->> 'rule' = any(:others)
        and coalesce(f #>> '{evidence,unknown}', 'false') = 'false')
    and not exists (
      select from suppressions s where s.phone = l.phone and (s.seller_id is null or s.seller_id = l.seller_id))
    and not exists (
      select from (
        select distinct on (k.registry, k.state) k.id from registry_copies k
        where k.finished_at is not null and k.superseded_at is null
          and (k.area_codes = '{}' or l.phone like '+1%' and substr(l.phone, 3, 3) = any(k.area_codes))
        order by k.registry, k.state, k.taken_on desc, k.finished_at desc
      ) newest join registry_numbers n on n.copy_id = newest.id
      where n.digits = cast(substr(l.phone, 2) as bigint))
  limit :most for update of l skip locked)
update leads set status = 'ready', next_attempt_at = :now from over where leads.id = over.id
returning leads.campaign_id
""")


class SqlBlockedLeads:
    """``BlockedLeads`` over ``leads`` and the latest decision about each. One method, one transaction."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def reopen(self, reason: Reason, *, now: datetime, limit: int) -> Mapping[CampaignId, int]:
        values = {
            "rules": sorted(reason.rules),
            "others": sorted(reason.others),
            "seller_id": reason.seller_id,
            "state": reason.state,
            "now": now,
            "most": limit,
        }
        with self._engine.begin() as db:
            return Counter(CampaignId(str(campaign_id)) for campaign_id in db.execute(REOPEN, values).scalars())
