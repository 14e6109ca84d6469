"""Frames of our own that travel the pipeline."""

from dataclasses import dataclass

from pipecat.frames.frames import DataFrame, SystemFrame

from voice_node.turns.playout import Utterance


@dataclass
class UtteranceStartFrame(DataFrame):
    """The audio that follows belongs to this utterance."""

    utterance: Utterance


@dataclass
class UtteranceEndFrame(DataFrame):
    """All audio of this utterance has gone before."""

    utterance: Utterance


@dataclass
class CallerTurnFrame(SystemFrame):
    """The caller has finished speaking.

    ``text`` is everything recognised in the turn, empty when nothing was. Times are seconds since the stream began.
    Who only says that they listen, over words of ours, wants no answer.
    """

    text: str
    started: float
    ended: float
    wants_answer: bool = True
