"""Calls and recordings as the REST interface shows them."""

from datetime import datetime
from email.utils import format_datetime
from typing import Any

from infra.simulator.carrier.account import Account, IncomingNumber
from infra.simulator.carrier.call import Call
from infra.simulator.carrier.numbers import shown
from infra.simulator.carrier.recorder import Recording

VERSION = "2010-04-01"
SUBRESOURCES = (
    "notifications",
    "recordings",
    "payments",
    "events",
    "siprec",
    "streams",
    "transcriptions",
    "user_defined_message_subscriptions",
    "user_defined_messages",
)


def rfc2822(moment: datetime | None) -> str | None:
    """``Sun, 22 Nov 2026 10:00:00 +0000``."""
    return format_datetime(moment) if moment else None


def account_path(account_sid: str) -> str:
    """The path under which everything of an account lies."""
    return f"/{VERSION}/Accounts/{account_sid}"


def call_resource(call: Call) -> dict[str, Any]:
    """The published call."""
    path = f"{account_path(call.account_sid)}/Calls/{call.sid}"
    ended_talking = call.was_answered and call.is_over
    return {
        "sid": call.sid,
        "date_created": rfc2822(call.created_at),
        "date_updated": rfc2822(call.updated_at),
        "parent_call_sid": call.parent_sid or None,
        "account_sid": call.account_sid,
        "to": call.order.to,
        "to_formatted": shown(call.order.to),
        "from": call.order.from_number,
        "from_formatted": shown(call.order.from_number),
        "phone_number_sid": call.phone_number_sid or None,
        "status": call.status,
        "start_time": rfc2822(call.started_at),
        "end_time": rfc2822(call.ended_at),
        "duration": str(call.talked_seconds) if ended_talking else None,
        "price": call.shown_price,
        "price_unit": "USD",
        "direction": call.direction,
        "answered_by": call.answered_by,
        "api_version": VERSION,
        "forwarded_from": None,
        "group_sid": None,
        "caller_name": None,
        "queue_time": str(call.queue_milliseconds),
        "trunk_sid": None,
        "uri": f"{path}.json",
        "subresource_uris": {
            name: f"{path}/{''.join(word.title() for word in name.split('_'))}.json" for name in SUBRESOURCES
        },
    }


def recording_resource(recording: Recording, *, account_sid: str, base_url: str) -> dict[str, Any]:
    """The published recording."""
    path = f"{account_path(account_sid)}/Recordings/{recording.sid}"
    return {
        "account_sid": account_sid,
        "api_version": VERSION,
        "call_sid": recording.call_sid,
        "conference_sid": None,
        "channels": recording.channels,
        "date_created": rfc2822(recording.started_at),
        "date_updated": rfc2822(recording.updated_at),
        "start_time": rfc2822(recording.started_at),
        "duration": "-1" if recording.status == "in-progress" else str(recording.duration_seconds),
        "sid": recording.sid,
        "price": None,
        "price_unit": "USD",
        "status": recording.status,
        "source": recording.source,
        "error_code": None,
        "uri": f"{path}.json",
        "encryption_details": None,
        "subresource_uris": {
            "add_on_results": f"{path}/AddOnResults.json",
            "transcriptions": f"{path}/Transcriptions.json",
        },
        "media_url": base_url + path,
    }


def account_resource(account: Account) -> dict[str, Any]:
    """The published account, without its token."""
    return {
        "sid": account.sid,
        "owner_account_sid": account.sid,
        "friendly_name": account.friendly_name,
        "status": "active",
        "type": "Full",
        "uri": f"{account_path(account.sid)}.json",
    }


def number_resource(owned: IncomingNumber, *, account_sid: str) -> dict[str, Any]:
    """The published incoming number, as far as voice goes."""
    return {
        "sid": owned.sid,
        "account_sid": account_sid,
        "friendly_name": shown(owned.number),
        "phone_number": owned.number,
        "voice_url": owned.voice_url,
        "voice_method": owned.voice_method,
        "voice_fallback_url": owned.voice_fallback_url,
        "status_callback": owned.status_callback,
        "capabilities": {"voice": True, "sms": True, "mms": False, "fax": False},
        "api_version": VERSION,
        "uri": f"{account_path(account_sid)}/IncomingPhoneNumbers/{owned.sid}.json",
    }
