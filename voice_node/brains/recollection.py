"""What was said in the calls of this process, for later prompts. Losing it loses no fact: the state has them."""

from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import replace

from shared.conversation.prompt_window import Exchange
from shared.kernel.ids import AttemptId

MOST_CALLS, MOST_TURNS = 256, 64


class Recollection:
    """The last turns of the last calls. A turn that is answered anew, because the caller went on, counts once."""

    def __init__(self) -> None:
        self._calls: OrderedDict[AttemptId, OrderedDict[int, Exchange]] = OrderedDict()

    def before(self, attempt_id: AttemptId, turn: int) -> Sequence[Exchange]:
        """The turns of a call before one of them, oldest first."""
        return [exchange for exchange in self._calls.get(attempt_id, {}).values() if exchange.turn < turn]

    def note(self, attempt_id: AttemptId, exchange: Exchange) -> None:
        """Remember what was heard and said; what is said more to the same words is added."""
        turns = self._calls.setdefault(attempt_id, OrderedDict())
        self._calls.move_to_end(attempt_id)
        known = turns.get(exchange.turn)
        if known is not None and known.heard == exchange.heard and exchange.said not in known.said:
            exchange = replace(exchange, said=f"{known.said} {exchange.said}".strip())
        turns[exchange.turn] = exchange
        while len(turns) > MOST_TURNS:
            turns.popitem(last=False)
        while len(self._calls) > MOST_CALLS:
            self._calls.popitem(last=False)

    def forget(self, attempt_id: AttemptId) -> None:
        """The call is over."""
        self._calls.pop(attempt_id, None)
