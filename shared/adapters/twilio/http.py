"""The vendor's HTTP client, without what ``requests`` works out anew for every request: it takes as long as asking."""

from base64 import b64encode
from functools import cache
from typing import Any
from urllib.parse import urlencode, urlsplit

from requests import PreparedRequest, hooks
from requests.structures import CaseInsensitiveDict
from twilio.http.http_client import TwilioHttpClient
from twilio.http.response import Response

FORM = "application/x-www-form-urlencoded"


class FormClient(TwilioHttpClient):  # type: ignore[misc]  # the vendor's library has no types
    """Sends forms by itself, over the session's connections; everything else as the vendor does.

    Proxies and certificates are looked up in the environment once for each host.
    """

    def __init__(self, *, timeout: tuple[float, float], trusts_environment: bool) -> None:
        super().__init__(max_retries=0)
        self.timeout = timeout
        self.session.trust_env = trusts_environment
        self._surroundings = cache(self._surroundings_of)

    def request(
        self,
        method: str,
        url: str,
        params: dict[str, object] | None = None,
        data: dict[str, object] | None = None,
        headers: dict[str, str] | None = None,
        auth: tuple[str, str] | None = None,
        timeout: float | None = None,
        allow_redirects: bool = False,
    ) -> Response:
        """The answer, whatever it is; raises what ``requests`` does."""
        headers = headers or {}
        is_form = method == "POST" and not params and headers.get("Content-Type") == FORM
        if not is_form or auth is None or timeout is not None or allow_redirects:
            return super().request(method, url, params, data, headers, auth, timeout, allow_redirects)
        asked = PreparedRequest()
        asked.method, asked.url, asked.hooks = method, url, hooks.default_hooks()
        asked.body = urlencode(data or {}, doseq=True)
        asked.headers = CaseInsensitiveDict({**self.session.headers, **headers})
        asked.headers["Authorization"] = "Basic " + b64encode(":".join(auth).encode()).decode()
        asked.headers["Content-Length"] = str(len(asked.body))
        parts = urlsplit(url)
        surroundings = self._surroundings(f"{parts.scheme}://{parts.netloc}")
        answer = self.session.get_adapter(url).send(asked, timeout=self.timeout, **surroundings)
        return Response(answer.status_code, answer.text, answer.headers)

    def _surroundings_of(self, host: str) -> dict[str, Any]:
        return dict(self.session.merge_environment_settings(host, self.proxy, None, None, None))
