"""The verbs this carrier knows."""

from collections.abc import Mapping

from infra.simulator.carrier.verbs.connect import connect
from infra.simulator.carrier.verbs.dial import dial
from infra.simulator.carrier.verbs.flow import hang_up, redirect, reject
from infra.simulator.carrier.verbs.gather import gather
from infra.simulator.carrier.verbs.scene import Verb
from infra.simulator.carrier.verbs.sound import pause, play, say

VERBS: Mapping[str, Verb] = {
    "Connect": connect,
    "Dial": dial,
    "Gather": gather,
    "Hangup": hang_up,
    "Pause": pause,
    "Play": play,
    "Redirect": redirect,
    "Reject": reject,
    "Say": say,
}
