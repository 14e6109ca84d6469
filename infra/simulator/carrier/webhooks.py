"""Signed HTTP requests from the carrier to the account's own addresses."""

import asyncio
import ssl
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from urllib.parse import urlencode, urljoin, urlsplit

import httpx

from infra.simulator.carrier.delivery import Delivery
from infra.simulator.carrier.journal import Journal
from infra.simulator.carrier.sids import new_sid
from infra.simulator.carrier.signatures import sign

MOST_REDIRECTS = 10
UNREACHABLE = 11205
NO_USABLE_ANSWER = 11200
BAD_ADDRESS = 11100


class WebhookFailed(Exception):
    """Nobody answered in time; ``code`` is what the carrier's debugger would show."""

    def __init__(self, code: int, policy: str = "") -> None:
        super().__init__(code)
        self.code = code
        self.policy = policy


@dataclass(frozen=True, kw_only=True)
class Reply:
    """What an address answered; ``url`` is the one that did, after redirects."""

    status: int
    content_type: str
    body: bytes
    url: str


class Webhooks:
    """Sends and signs; within a hard budget of 15 seconds for all tries together."""

    def __init__(self, *, auth_token: str, journal: Journal) -> None:
        self._auth_token = auth_token
        self._journal = journal
        self._client = httpx.AsyncClient(verify=_trusted(), trust_env=False, limits=httpx.Limits(max_connections=200))

    async def close(self) -> None:
        """Close the connections."""
        await self._client.aclose()

    async def send(
        self, url: str, fields: Mapping[str, str], *, purpose: str, call_sid: str, method: str = "POST"
    ) -> Reply:
        """Send once, and again as far as the address' delivery rules say.

        Raises:
            WebhookFailed: No answer within the budget; an answer of any status is no failure.
        """
        rules, token, tries = Delivery.read(url), new_sid("IT"), 0
        outcome: Reply | WebhookFailed = WebhookFailed(NO_USABLE_ANSWER, "rt")
        try:
            async with asyncio.timeout(rules.total_seconds):
                while tries <= rules.retries:
                    tries += 1
                    outcome = await self._try(url, fields, method, rules, token)
                    if _policy_of(outcome) not in rules.retried:
                        break
        except TimeoutError:
            outcome = WebhookFailed(NO_USABLE_ANSWER, "rt")
        code = outcome.code if isinstance(outcome, WebhookFailed) else None
        status = outcome.status if isinstance(outcome, Reply) else None
        self._journal.note(
            "webhook",
            call_sid,
            purpose=purpose,
            url=url,
            fields=dict(fields),
            tries=tries,
            status=status,
            error=code,
        )
        if isinstance(outcome, WebhookFailed):
            raise outcome
        return outcome

    async def _try(
        self, url: str, fields: Mapping[str, str], method: str, rules: Delivery, token: str
    ) -> Reply | WebhookFailed:
        timeout = httpx.Timeout(rules.read_seconds, connect=rules.connect_seconds)
        address = url.partition("#")[0]
        pairs = list(fields.items())
        try:
            for _ in range(MOST_REDIRECTS):
                response = await self._client.send(self._request(method, address, pairs, token, timeout))
                if not response.is_redirect:
                    break
                address = urljoin(address, response.headers["location"])
                # As with a browser: the answer to a moved POST is a GET without its parameters.
                if response.status_code < 307:
                    method, pairs = "GET", []
        except (httpx.ConnectError, httpx.ConnectTimeout):
            return WebhookFailed(UNREACHABLE, "ct")
        except (httpx.InvalidURL, httpx.UnsupportedProtocol):
            return WebhookFailed(BAD_ADDRESS)
        except httpx.HTTPError:
            return WebhookFailed(NO_USABLE_ANSWER, "rt")
        return Reply(
            status=response.status_code,
            content_type=response.headers.get("content-type", ""),
            body=response.content,
            url=address,
        )

    def _request(
        self, method: str, address: str, pairs: list[tuple[str, str]], token: str, timeout: httpx.Timeout
    ) -> httpx.Request:
        headers = {"User-Agent": "TwilioProxy/1.1", "I-Twilio-Idempotency-Token": token, "Accept": "*/*"}
        content = None
        if method == "GET":
            if pairs:
                address += ("&" if urlsplit(address).query else "?") + urlencode(pairs)
            headers["X-Twilio-Signature"] = sign(self._auth_token, address)
        else:
            headers["Content-Type"] = "application/x-www-form-urlencoded; charset=UTF-8"
            headers["X-Twilio-Signature"] = sign(self._auth_token, address, pairs)
            content = urlencode(pairs).encode()
        return self._client.build_request(method, address, content=content, headers=headers, timeout=timeout)


@cache
def _trusted() -> ssl.SSLContext:
    return ssl.create_default_context()


def _policy_of(outcome: Reply | WebhookFailed) -> str:
    if isinstance(outcome, WebhookFailed):
        return outcome.policy
    return f"{outcome.status // 100}xx"
