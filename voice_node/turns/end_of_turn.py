"""Whether a pause ends the turn: the smart-turn model, one session and a small pool for the whole process."""

from concurrent.futures import ThreadPoolExecutor
from functools import cache

from pipecat.audio.turn.smart_turn.base_smart_turn import BaseSmartTurn, SmartTurnParams
from pipecat.audio.turn.smart_turn.local_smart_turn_v3 import LocalSmartTurnAnalyzerV3

LONGEST_PAUSE_SECONDS = 0.8
"""After this much further silence a turn ends whatever the model says."""
THREADS = 2


@cache
def shared_session() -> object:
    """The model session every call shares, loaded once."""
    return LocalSmartTurnAnalyzerV3()._session


@cache
def shared_pool() -> ThreadPoolExecutor:
    """The threads the model runs on; a verdict takes about 55 ms of one."""
    return ThreadPoolExecutor(max_workers=THREADS, thread_name_prefix="smart-turn")


class SharedSmartTurn(LocalSmartTurnAnalyzerV3):
    """Pipecat's analyser on the shared session. Private parts of the base class are set here."""

    def __init__(self) -> None:
        BaseSmartTurn.__init__(self, params=SmartTurnParams(stop_secs=LONGEST_PAUSE_SECONDS))
        self._log_data = False
        self._session = shared_session()

    @property
    def _model_executor(self) -> ThreadPoolExecutor:
        return shared_pool()

    async def cleanup(self) -> None:
        """Nothing of its own to release."""
