"""Why a language model gave no answer.

ModelFault
├── NoServer         none that has the model is there and well
├── NoSlot           a live turn found no room in time
├── QueueFull        too much background work waits already
├── TooLate          the deadline passed
├── MalformedAnswer  it wrote nothing, or not what it was to write
├── CutShort         it wrote more than it may
├── BrokeOff         the server failed when part of the answer was spoken
└── ServerFailed     the server could not be reached, broke off or refused
├── ServerBusy   its own queue is full
├── NoSuchModel  it lacks the model
└── Unreadable   what it sent is not its protocol
"""

from shared.kernel.errors import Unavailable


class ModelFault(Unavailable):
    """A model gave no answer; ``reason`` is what that is counted as."""

    reason = "fault"


class NoServer(ModelFault):
    """No server that has the model is there and well."""

    reason = "no_server"


class NoSlot(ModelFault):
    """A live turn found no room at any server in time."""

    reason = "no_slot"


class QueueFull(ModelFault):
    """So much background work waits already that no more is taken."""

    reason = "queue_full"


class TooLate(ModelFault):
    """The deadline passed."""

    reason = "too_late"


class MalformedAnswer(ModelFault):
    """The model wrote nothing, or not what the question asks for."""

    reason = "malformed"


class CutShort(ModelFault):
    """The model wrote more than it may, and was cut."""

    reason = "cut_short"


class BrokeOff(ModelFault):
    """The server failed in the middle of an answer, part of which was spoken."""

    reason = "broke_off"


class ServerFailed(ModelFault):
    """The server could not be reached, broke off or refused."""

    reason = "server_failed"


class ServerBusy(ServerFailed):
    """The server's own queue is full."""

    reason = "server_busy"


class NoSuchModel(ServerFailed):
    """The server lacks the model."""

    reason = "no_model"


class Unreadable(ServerFailed):
    """What the server sent is not its protocol."""

    reason = "unreadable"
