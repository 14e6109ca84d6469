"""What every worker needs and none changes, loaded once before the first is forked."""

import gc

import onnxruntime

from shared.conversation.script import load_script, script_names
from voice_node.background import adopt_pipecat_logs
from voice_node.turns import end_of_turn, voice_activity


def preload() -> None:
    """Load the models of the turns, run what can be run without an event loop, and hide it all from the collector.

    ONNX sessions with one thread run in the caller's thread and survive a fork. The library's import starts one
    thread of its own, which sends usage data to its maker: it is told not to, so that it sleeps while we fork, and
    because nobody is told of our calls.
    """
    adopt_pipecat_logs()
    onnxruntime.disable_telemetry_events()
    voice_activity.shared_session()
    end_of_turn.probability_of(end_of_turn.shared_session(), bytes(end_of_turn.LONGEST_BYTES))
    for name in script_names():
        load_script(name)
    gc.collect()
    gc.disable()
    gc.freeze()
