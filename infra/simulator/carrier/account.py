"""An account at the simulated carrier: credentials, numbers and limits."""

import hmac
from collections.abc import Mapping
from dataclasses import dataclass, field

from infra.simulator.carrier.sids import sid_of


@dataclass(frozen=True, kw_only=True)
class IncomingNumber:
    """A number the account owns (E.164) and what happens when somebody rings it."""

    number: str
    voice_url: str = ""
    voice_method: str = "POST"
    voice_fallback_url: str = ""
    status_callback: str = ""

    @property
    def sid(self) -> str:
        """The number's own identifier."""
        return sid_of("PN", self.number)


@dataclass(frozen=True, kw_only=True)
class Account:
    """Who may place calls, from which numbers, how fast and where to.

    ``calls_per_second`` calls start in a second; more are queued. ``reachable_prefixes`` are the countries
    the account may ring; ``concurrent_calls`` how many at once, without a limit when ``None``. ``api_keys`` maps key
    SIDs to secrets. Prices are per begun minute, call or look-up; a call shows its own ``priced_after_seconds`` after
    its end.
    """

    sid: str
    auth_token: str
    numbers: tuple[IncomingNumber, ...]
    secondary_auth_token: str = ""
    api_keys: Mapping[str, str] = field(default_factory=dict)
    friendly_name: str = "Simulated account"
    calls_per_second: float = 1.0
    reachable_prefixes: tuple[str, ...] = ("+1",)
    concurrent_calls: int | None = None
    price_per_minute_micro_usd: int = 14_000
    inbound_price_micro_usd: int = 8_500
    stream_price_micro_usd: int = 4_400
    detection_price_micro_usd: int = 7_500
    lookup_prices_micro_usd: Mapping[str, int] = field(
        default_factory=lambda: {"line_type_intelligence": 8_000, "reassigned_number": 20_000}
    )
    priced_after_seconds: float = 0.0

    def opens_for(self, user: str, password: str) -> bool:
        """Whether these credentials belong to the account."""
        tokens = (self.auth_token, self.secondary_auth_token)
        known = tokens if user == self.sid else (self.api_keys.get(user, ""),)
        return any(secret and hmac.compare_digest(secret, password) for secret in known)
