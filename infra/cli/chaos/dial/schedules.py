"""What the schedules of the template call, and how often a world does; rarer than the clock would, to save time."""

from collections.abc import Mapping

from functions import dispatch_leads, reap_calls, watch_campaigns
from infra.cli.chaos.dial.doors import Handle

SCHEDULES: Mapping[str, tuple[Handle, float]] = {
    "tick": (dispatch_leads.handle, 600.0),
    "reap": (reap_calls.handle, 900.0),
    "watch": (watch_campaigns.handle, 1800.0),
}
"""Name → handler and seconds between two runs."""
