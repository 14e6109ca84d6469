"""A carrier without telephones: Twilio's REST interface, webhooks, TwiML and Media Streams."""

from infra.simulator.carrier.account import Account, IncomingNumber
from infra.simulator.carrier.carrier import Carrier
from infra.simulator.carrier.faults import Faults
from infra.simulator.carrier.voice import Voice

__all__ = ["Account", "Carrier", "Faults", "IncomingNumber", "Voice"]
