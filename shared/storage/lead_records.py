"""``LeadRecords`` in PostgreSQL: one statement for all that the rules ask the books about one lead."""

from dataclasses import dataclass
from datetime import UTC, date, tzinfo
from functools import cache
from typing import Any

from pydantic import TypeAdapter
from sqlalchemy import Engine

from shared.calls import CallAttempt
from shared.calls.attempt import TURNED_AWAY
from shared.calls.ports import CallFacts
from shared.calls.record import Asked, LeadRecord
from shared.calls.stops import StopSwitch
from shared.campaigns.own_number import MOST_COUNTED, OwnNumber
from shared.campaigns.sign_off import SignOff
from shared.costs import Budget
from shared.costs.periods import period_budgets
from shared.kernel.errors import NotFound
from shared.kernel.ids import BudgetId
from shared.kernel.money import Money
from shared.leads import Consent, Suppression
from shared.leads.number_check import NumberCheck
from shared.leads.registry import RegistryCopy, newest_listings
from shared.storage.costs import SqlCostRepository
from shared.storage.costs.budgets import budget_of
from shared.storage.registries import digits_of
from shared.storage.statements import Statements

READ = """
select json_build_object(
  'seller_name', (select registered_name from sellers where id = %(seller)s),
  'consents', (
    select coalesce(json_agg(c order by c.obtained_at, c.id), '[]') from consents c where c.phone = %(phone)s
  ),
  'suppressions', (
    select coalesce(json_agg(s order by s.at, s.id), '[]') from suppressions s where s.phone = %(phone)s
  ),
  'copies', (
    select coalesce(json_agg(json_build_array(c, exists (
      select from registry_numbers n where n.copy_id = c.id and n.digits = %(digits)s
    )) order by c.taken_on desc, c.finished_at desc), '[]')
    from registry_copies c
    where c.finished_at is not null and c.superseded_at is null
      and (c.registry = 'national' or c.state = any(%(states)s::text[]))
  ),
  'check', (select row_to_json(n) from number_checks n where n.phone = %(phone)s order by n.checked_at desc limit 1),
  'sign_offs', (
    select coalesce(json_agg(s order by s.signed_at), '[]') from sign_offs s
    where s.seller_id = %(seller)s and s.state = any(%(states)s::text[])
  ),
  'earlier', (
    select coalesce(json_agg(a order by a.attempt_no), '[]') from call_attempts a where a.lead_id = %(lead)s
  ),
  'calls', (
    select json_build_object(
      'live_attempts', count(*) filter (
        where a.ended_at is null or a.disposition is null and (a.streamed_at is not null
          or a.answered_at is not null and coalesce(a.end_reason, '') <> all(%(turned_away)s))
      ),
      'attempts_total', count(*) filter (where r.rang),
      'attempts_last_24_hours', coalesce(json_agg(a.dial_started_at order by a.dial_started_at) filter (
        where r.rang and a.dial_started_at >= %(since)s
      ), '[]')
    )
    from call_attempts a, lateral (
      select a.dial_started_at is not null
        and (a.state not in ('cancelled', 'rejected', 'not_placed') or a.provider_sid is not null) as rang
    ) r
    where a.phone = %(phone)s and a.id is distinct from %(attempt)s
  ),
  'live_in_campaign', (
    select count(*) from call_attempts a
    where a.campaign_id = %(campaign)s and a.ended_at is null and a.direction = 'outbound'
  ),
  'stops', (
    select coalesce(json_agg(s order by s.at), '[]') from stop_switches s
    where s.lifted_at is null and (s.scope = 'all' or s.scope = 'seller' and s.target = %(seller)s
      or s.scope = 'campaign' and s.target = %(campaign)s)
  ),
  'budgets', (select coalesce(json_agg(b), '[]') from budgets b where b.id = any(%(budgets)s::uuid[])),
  'reserved', (select r.amount_micro_usd from reservations r where r.attempt_id = %(attempt)s),
  'caller', (select row_to_json(n) from own_numbers n where n.phone = %(caller)s),
  'caller_dials', (
    select count(*) from (
      select from call_attempts a where a.caller_id = %(caller)s
        and a.dial_started_at between %(since)s and %(since)s + interval '24 hours' limit %(most)s
    ) dials
  )
)::text as told
"""


@dataclass(frozen=True, kw_only=True)
class Told:
    """The statement's answer, by the names that it uses."""

    seller_name: str | None
    consents: tuple[Consent, ...]
    suppressions: tuple[Suppression, ...]
    copies: tuple[tuple[RegistryCopy, bool], ...]
    check: NumberCheck | None
    sign_offs: tuple[SignOff, ...]
    earlier: tuple[CallAttempt, ...]
    calls: CallFacts
    live_in_campaign: int
    stops: tuple[StopSwitch, ...]
    budgets: tuple[dict[str, Any], ...]
    reserved: int | None
    caller: OwnNumber | None
    caller_dials: int


class SqlLeadRecords:
    """``LeadRecords`` over every table that the rules look into. ``zone`` is the books' clock."""

    def __init__(self, engine: Engine, *, zone: tzinfo = UTC) -> None:
        self._db = Statements(engine)
        self._costs = SqlCostRepository(engine, zone=zone)
        self._zone = zone

    def about(self, asked: Asked) -> LeadRecord:
        attempt_id = asked.attempt.id if asked.attempt else None
        ids = [asked.campaign.budget_id, *self._period_ids(asked)]
        values = {
            "seller": asked.campaign.seller_id,
            "campaign": asked.campaign.id,
            "lead": asked.lead.id,
            "phone": asked.lead.phone,
            "digits": digits_of(asked.lead.phone),
            "states": list(asked.states),
            "attempt": attempt_id,
            "since": asked.since,
            "budgets": ids,
            "caller": asked.caller,
            "most": MOST_COUNTED,
            "turned_away": list(TURNED_AWAY),
        }
        told = _adapter().validate_json((self._db.row(READ, values) or {})["told"])
        if told.seller_name is None:
            raise NotFound(f"no seller {asked.campaign.seller_id}")
        if attempt_id and told.reserved is None:
            raise NotFound(f"nothing was reserved for attempt {attempt_id}")
        return LeadRecord(
            seller_name=told.seller_name,
            consents=told.consents,
            suppressions=told.suppressions,
            listings=tuple(newest_listings(told.copies, asked.lead.phone)),
            check=told.check,
            sign_offs=_newest(told.sign_offs),
            earlier=told.earlier,
            calls=told.calls,
            live_in_campaign=told.live_in_campaign,
            stops=told.stops,
            budgets=self._budgets(told, ids, asked),
            reserved=Money(told.reserved) if told.reserved is not None else None,
            caller=told.caller,
            caller_dials=told.caller_dials if asked.caller else None,
        )

    def _period_ids(self, asked: Asked) -> list[BudgetId]:
        return [budget.id for budget in period_budgets(asked.campaign.seller_id, asked.now, self._zone)]

    def _budgets(self, told: Told, ids: list[BudgetId], asked: Asked) -> tuple[Budget, ...] | None:
        """The campaign's own first; those of a period that has just begun are made."""
        known = {row["id"]: budget_of(row | {"period_start": _day(row["period_start"])}) for row in told.budgets}
        if ids[0] not in known:
            return None
        if len(known) < len(set(ids)):
            return self._costs.budgets_for(asked.campaign, asked.now)
        return tuple(known[budget_id] for budget_id in ids)


def _day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None


def _newest(sign_offs: tuple[SignOff, ...]) -> tuple[SignOff, ...]:
    """The last of each state, state by state."""
    newest = {each.state: each for each in sign_offs}
    return tuple(newest[state] for state in sorted(newest))


@cache
def _adapter() -> TypeAdapter[Told]:
    return TypeAdapter(Told)
