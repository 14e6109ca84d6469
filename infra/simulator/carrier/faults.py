"""What goes wrong on purpose, and how often."""

from dataclasses import asdict, dataclass, fields
from random import Random
from typing import Any, Literal, cast, get_args

from shared.kernel.errors import Malformed

CreateFault = Literal["none", "429", "5xx_before", "5xx_after", "timeout_before", "timeout_after"]
SocketFault = Literal["dropped", "silent"]


@dataclass(frozen=True, kw_only=True)
class Faults:
    """Probabilities (0 to 1) of each fault; all zero is a carrier that never fails.

    ``before`` and ``after`` say whether the call had been placed when the create request failed.
    ``create_script`` is used up first, one entry for each create request, before the probabilities count.
    ``callback_events`` limits callback faults to those events (``ringing``, ``completed``, ``amd``,
    ``stream-started``, ``recording-completed``, ...), ``numbers`` limits every fault to calls to those
    numbers; empty means all. Seconds are machine time.
    """

    seed: int = 0
    numbers: tuple[str, ...] = ()
    create_script: tuple[CreateFault, ...] = ()
    create_429: float = 0.0
    create_5xx_before: float = 0.0
    create_5xx_after: float = 0.0
    create_timeout_before: float = 0.0
    create_timeout_after: float = 0.0
    create_timeout_seconds: float = 30.0
    callback_lost: float = 0.0
    callback_duplicated: float = 0.0
    callback_late: float = 0.0
    callback_late_seconds: float = 3.0
    callback_shuffled: float = 0.0
    callback_events: tuple[str, ...] = ()
    socket_dropped: float = 0.0
    socket_silent: float = 0.0
    socket_fault_after_seconds: float = 2.0
    amd_late: float = 0.0
    amd_late_seconds: float = 6.0

    def shown(self) -> dict[str, Any]:
        """The faults as JSON values."""
        return asdict(self)

    @classmethod
    def read(cls, values: dict[str, Any]) -> "Faults":
        """The faults that ``shown`` wrote; what is missing keeps its default.

        Raises:
            Malformed: A name is unknown or a value has the wrong type or range.
        """
        known = {field.name: field.default for field in fields(cls)}
        given: dict[str, Any] = {}
        for name, value in values.items():
            if name not in known:
                raise Malformed(f"there is no fault {name!r}")
            is_list = isinstance(known[name], tuple)
            right = isinstance(value, list | tuple) if is_list else isinstance(value, int | float)
            if not right or (isinstance(value, int | float) and value < 0):
                raise Malformed(f"{value!r} does not fit {name}")
            given[name] = tuple(value) if is_list else value
        for entry in given.get("create_script", ()):
            if entry not in get_args(CreateFault):
                raise Malformed(f"there is no create fault {entry!r}")
        return cls(**given)


@dataclass(frozen=True, kw_only=True)
class CallbackFate:
    """What becomes of one callback: how many copies leave, how late, and whether the next overtakes it."""

    copies: int = 1
    late_seconds: float = 0.0
    is_overtaken: bool = False


class Dice:
    """Decides, from one seed, which requests and callbacks the faults hit."""

    def __init__(self, faults: Faults) -> None:
        self.set(faults)

    def set(self, faults: Faults) -> None:
        """Start over with other faults."""
        self.faults = faults
        self._random = Random(faults.seed)
        self._script = list(faults.create_script)

    def create(self, to: str) -> CreateFault:
        """The fault of one create request to ``to``."""
        if not self._hits(to):
            return "none"
        if self._script:
            return self._script.pop(0)
        for name in get_args(CreateFault)[1:]:
            if self._falls(getattr(self.faults, f"create_{name}")):
                return cast(CreateFault, name)
        return "none"

    def callback(self, to: str, event: str) -> CallbackFate:
        """The fate of one callback about a call to ``to``."""
        faults = self.faults
        if not self._hits(to) or (faults.callback_events and event not in faults.callback_events):
            return CallbackFate()
        if self._falls(faults.callback_lost):
            return CallbackFate(copies=0)
        return CallbackFate(
            copies=2 if self._falls(faults.callback_duplicated) else 1,
            late_seconds=faults.callback_late_seconds if self._falls(faults.callback_late) else 0.0,
            is_overtaken=self._falls(faults.callback_shuffled),
        )

    def socket(self, to: str) -> SocketFault | None:
        """The fault of one media socket."""
        if not self._hits(to):
            return None
        if self._falls(self.faults.socket_dropped):
            return "dropped"
        return "silent" if self._falls(self.faults.socket_silent) else None

    def amd_delay(self, to: str) -> float:
        """By how many seconds the verdict on who answered is late."""
        if self._hits(to) and self._falls(self.faults.amd_late):
            return self.faults.amd_late_seconds
        return 0.0

    def _hits(self, to: str) -> bool:
        return not self.faults.numbers or to in self.faults.numbers

    def _falls(self, probability: float) -> bool:
        return probability > 0 and self._random.random() < probability
