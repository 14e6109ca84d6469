"""Which carrier rings: the real one when an account is configured, a simulated one otherwise."""

from shared.kernel.errors import Malformed
from shared.settings import CarrierSettings


class CarrierIncomplete(Malformed):
    """An account is configured, but something without which the carrier cannot reach us is missing."""


def is_real(carrier: CarrierSettings) -> bool:
    """Whether a carrier's account is configured.

    Raises:
        CarrierIncomplete: Something that a real carrier needs is missing.
    """
    if not carrier.account_sid:
        return False
    needs = {
        "TWILIO_AUTH_TOKEN": carrier.auth_token.get_secret_value(),
        "PUBLIC_BASE_URL (where Twilio reaches the API, such as https://calls.example.com)": carrier.public_base_url,
        "NODE_URL (where Twilio reaches the voice node, such as wss://voice.example.com)": carrier.node_url,
    }
    missing = [name for name, value in needs.items() if not value]
    if missing:
        raise CarrierIncomplete(f"TWILIO_ACCOUNT_SID is set, so these must be too: {', '.join(missing)}")
    return True
