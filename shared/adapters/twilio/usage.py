"""What Twilio says that we used: its usage records by day, and the price of a single call.

https://www.twilio.com/docs/usage/api/usage-record: a record's price is positive, a call's negative and empty at first.
"""

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from functools import cached_property
from typing import TYPE_CHECKING

from shared.adapters.twilio.client import asked, make_client
from shared.costs.carrier_usage import CarrierUsage
from shared.kernel.money import Money

if TYPE_CHECKING:
    from twilio.rest import Client
    from twilio.rest.api.v2010.account.usage.record.daily import DailyInstance

PAGE = 1000


class TwilioBooks:
    """``CarrierBooks`` over one account."""

    def __init__(self, *, account_sid: str, auth_token: str, base_url: str) -> None:
        self._account = (account_sid, auth_token, base_url)

    @cached_property
    def _client(self) -> "Client":
        account_sid, auth_token, base_url = self._account
        return make_client(account_sid=account_sid, auth_token=auth_token, base_url=base_url)

    def usage(self, first: date, last: date) -> Sequence[CarrierUsage]:
        records = asked(lambda: self._client.usage.records.daily.list(start_date=first, end_date=last, page_size=PAGE))
        return [_used(record) for record in records]

    def price_of(self, sid: str) -> Money | None:
        call = asked(lambda: self._client.calls(sid).fetch())
        return Money.usd(abs(Decimal(call.price))) if call.price else None


def _used(record: "DailyInstance") -> CarrierUsage:
    started = record.start_date
    return CarrierUsage(
        category=str(record.category),
        day=started if isinstance(started, date) else date.fromisoformat(str(started)),
        count=int(record.count or 0),
        quantity=Decimal(record.usage or "0"),
        price=Money.usd(Decimal(str(record.price or 0))),
    )
