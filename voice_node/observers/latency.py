"""How long people wait: for the first word, and for every answer."""

from voice_node.minutes import Minutes
from voice_node.turns.playout import Utterance


class LatencyMeter:
    """Measures at the wire: when the first audio of an utterance is written to the socket."""

    def __init__(self, minutes: Minutes) -> None:
        self._minutes = minutes

    def agent_started(self, utterance: Utterance) -> None:
        """The first audio of an utterance has left."""
        if utterance.sent_at is None:
            return
        if self._minutes.first_audio_ms is None:
            self._minutes.first_audio_ms = round(utterance.sent_at * 1_000, 1)
        if utterance.decided_at is not None:
            self._minutes.latencies_ms.append((utterance.sent_at - utterance.decided_at) * 1_000)
