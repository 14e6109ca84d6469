"""What really happened on a person's side of the line: kept for comparison, never for answering."""

from dataclasses import dataclass, field


@dataclass(frozen=True, kw_only=True)
class SaidLine:
    """One line a person spoke. Times are seconds since they picked up."""

    text: str
    started: float
    ended: float


@dataclass
class CallRecord:
    """One call as the person lived it. ``ended`` is when the line went dead, in seconds since the pick-up.

    ``recorded`` is how many seconds of sound a machine recorded after its beep.
    """

    call_sid: str
    phone: str
    lines: list[SaidLine] = field(default_factory=list)
    ended: float = 0.0
    recorded: float = 0.0


class Diary:
    """Every call of every person, in the order they were picked up."""

    def __init__(self) -> None:
        self.calls: list[CallRecord] = []

    def begin(self, call_sid: str, phone: str) -> CallRecord:
        """Open the record of a call."""
        record = CallRecord(call_sid=call_sid, phone=phone)
        self.calls.append(record)
        return record
