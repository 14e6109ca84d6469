"""The vendor's client, and how its failures read in our words."""

from collections.abc import Callable
from typing import TYPE_CHECKING, TypeVar
from urllib.parse import urlsplit

from shared.kernel.errors import NotFound, Refused, Unavailable

if TYPE_CHECKING:
    from twilio.rest import Client

CONNECT_SECONDS, READ_SECONDS = 3.0, 10.0
LOOPBACK = frozenset({"127.0.0.1", "localhost", "::1"})
API, LOOKUPS = "https://api.twilio.com", "https://lookups.twilio.com"
Answer = TypeVar("Answer")


def make_client(
    *, account_sid: str, auth_token: str, base_url: str = API, read_seconds: float = READ_SECONDS
) -> "Client":
    """A client that waits 3 s for a connection, ``read_seconds`` for an answer, and asks once only.

    ``base_url`` is Twilio's API, or a stand-in that answers for all of Twilio's hosts.
    """
    # Imported on use: twilio.rest costs 100 ms that a webhook does not have.
    from twilio.rest import Client

    from shared.adapters.twilio.http import FormClient

    is_near = urlsplit(base_url).hostname in LOOPBACK
    http = FormClient(timeout=(CONNECT_SECONDS, read_seconds), trusts_environment=not is_near)
    client = Client(account_sid, auth_token, http_client=http)
    client.api.base_url = base_url.rstrip("/")
    client.lookups.base_url = LOOKUPS if base_url.rstrip("/") == API else base_url.rstrip("/")
    return client


def asked(request: Callable[[], Answer]) -> Answer:
    """The answer to a question that changes nothing; payloads stay out of the message.

    Raises:
        NotFound: Twilio has no such thing.
        Refused: Twilio said another definite no; repeating the question will not help.
        Unavailable: Twilio is away, or has too many requests; safe to repeat.
    """
    from requests.exceptions import RequestException
    from twilio.base.exceptions import TwilioException, TwilioRestException

    try:
        return request()
    except TwilioRestException as error:
        said = f"the carrier answered {error.status}, code {error.code}"
        if error.status == 404:
            raise NotFound(said) from error
        is_definite = 400 <= error.status < 500 and error.status not in (408, 429)
        raise (Refused(said) if is_definite else Unavailable(said)) from error
    except RequestException as error:
        raise Unavailable(f"the carrier could not be asked: {type(error).__name__}") from error
    except (TwilioException, ValueError, TypeError, KeyError) as error:
        raise Unavailable("the carrier's answer could not be read") from error
