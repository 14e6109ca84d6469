"""The REST API as the command line uses it; every failure becomes one line."""

from typing import Any

import httpx

from shared.kernel.errors import Malformed, NotFound, ReautoError, Refused, Unavailable

ERRORS: dict[int, type[ReautoError]] = {400: Malformed, 404: NotFound, 503: Unavailable}
PATIENCE_SECONDS = 30.0
LOOPBACK = ("127.0.0.1", "localhost", "::1")


class Api:
    """A client of one installation. ``transport`` replaces the network."""

    def __init__(self, url: str, key: str, *, transport: httpx.BaseTransport | None = None) -> None:
        self._url = url.rstrip("/")
        try:
            self._client = httpx.Client(
                base_url=url,
                headers={"Authorization": f"Bearer {key}"},
                timeout=PATIENCE_SECONDS,
                transport=transport,
                trust_env=httpx.URL(url).host not in LOOPBACK,  # a proxy does not know this machine
            )
        except (httpx.InvalidURL, UnicodeError) as error:
            raise Malformed(f"{url!r} is no address, or the key holds characters that a key never has") from error

    @property
    def url(self) -> str:
        """Where the installation is reached."""
        return self._url

    @property
    def is_here(self) -> bool:
        """Whether the installation runs on this machine, so that what it hears and speaks with lies here too."""
        return httpx.URL(self._url).host in LOOPBACK

    def get(self, path: str, **query: str) -> Any:
        """The JSON at ``path``."""
        return self._call("GET", path, params=query)

    def post(self, path: str, body: dict[str, Any] | None = None) -> Any:
        """Send JSON, and return the JSON answer."""
        return self._call("POST", path, json=body or {})

    def patch(self, path: str, body: dict[str, Any]) -> Any:
        """Change what is at ``path`` by JSON, and return the JSON answer."""
        return self._call("PATCH", path, json=body)

    def delete(self, path: str, **query: str) -> Any:
        """Take away what is at ``path``, and return the JSON answer."""
        return self._call("DELETE", path, params=query)

    def post_csv(self, path: str, text: bytes, **query: str | list[str]) -> Any:
        """Send a CSV file as it is."""
        return self._call("POST", path, content=text, headers={"Content-Type": "text/csv"}, params=query)

    def close(self) -> None:
        """Let go of the connections."""
        self._client.close()

    def _call(self, method: str, path: str, **more: Any) -> Any:
        try:
            answer = self._client.request(method, path, **more)
        except (httpx.HTTPError, httpx.InvalidURL) as error:
            raise Unavailable(f"the API at {self._url} does not answer ({type(error).__name__})") from error
        if answer.status_code in (401, 403):
            raise Refused(f"the API at {self._url} does not accept the key")
        if not answer.is_success:
            raise ERRORS.get(answer.status_code, Refused)(_reason(answer))
        try:
            return answer.json() if answer.content else None
        except ValueError as error:
            raise Unavailable(f"what answers at {self._url} is not this product's API") from error


def _reason(answer: httpx.Response) -> str:
    """What a problem answer says, in one line."""
    try:
        body = answer.json()
    except ValueError:
        body = {}
    said = body.get("detail") or body.get("title") or body.get("message") if isinstance(body, dict) else None
    return str(said or f"the API answered {answer.status_code}")
