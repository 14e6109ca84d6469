"""Access tokens of Twilio's Voice SDK: a browser that has one calls through the carrier, as a telephone would."""

from datetime import timedelta

from shared.kernel.errors import Refused

GOOD_FOR = timedelta(hours=1)


class NoBrowserCalls(Refused):
    """The account is not set up for calls from browsers."""


class TwilioVoiceTokens:
    """``VoiceTokens`` by an API key of the account; ``application`` is the TwiML application that calls run."""

    def __init__(self, *, account_sid: str, api_key: str, api_secret: str, application: str) -> None:
        self._told = {"TWILIO_API_KEY": api_key, "TWILIO_API_SECRET": api_secret, "TWILIO_TWIML_APP": application}
        self._account_sid = account_sid

    def issue(self, identity: str) -> str:
        missing = [name for name, value in self._told.items() if not value]
        if missing:
            raise NoBrowserCalls(f"calls from a browser need {', '.join(missing)}: create them at Twilio and set them")
        # Imported on use: a webhook does not need them.
        from twilio.jwt.access_token import AccessToken
        from twilio.jwt.access_token.grants import VoiceGrant

        key, secret, application = self._told.values()
        token = AccessToken(self._account_sid, key, secret, identity=identity, ttl=int(GOOD_FOR.total_seconds()))
        token.add_grant(VoiceGrant(outgoing_application_sid=application, incoming_allow=False))
        return str(token.to_jwt())
