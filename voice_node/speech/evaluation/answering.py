"""Whom the node takes an answerer for: by words, by tones and by the carrier's verdict, in the sound's own time.

The real recogniser, voice detector, turn rules, tone filter and conversation decide. What is left out is our own
voice: the opening has its length, a reply takes as long as its words, and nobody is interrupted.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

import numpy as np
from numpy.typing import NDArray

from shared.conversation import CallBrief, ConversationState, Move
from shared.conversation.machines import Tone, on_machine, on_tone, overheard
from shared.conversation.phrasing import say
from shared.conversation.script import Script
from shared.conversation.topics import LISTENING
from shared.conversation.turn import on_silence, open_call, take_turn
from voice_node.media.tones import FRAME_SAMPLES, ToneFilter
from voice_node.speech.evaluation.line import RATE_HZ
from voice_node.speech.evaluation.listening import PortListener
from voice_node.speech.recognition.port import RecognitionEngine
from voice_node.turns.endings import Expected
from voice_node.turns.in_sound_time import turns_of
from voice_node.turns.silence import PATIENCE_SECONDS

WORDS_A_SECOND = 2.6
WONDERS_AFTER_SECONDS = 2.5
"""How long a person bears that nobody speaks."""
NOBODY = "nobody"
"""What is decided while no word was understood."""


@dataclass(frozen=True, kw_only=True)
class Happening:
    """Something at a second after the answer: a turn's ``text``, a ``tone``, or the carrier's ``verdict``.

    ``began`` is when the turn began.
    """

    at: float
    began: float = 0.0
    text: str = ""
    tone: Tone | None = None
    verdict: str = ""


@dataclass(frozen=True, kw_only=True)
class Taken:
    """Whom the answerer was taken for, in the words of ``ConversationState.heard``, and when the call was left."""

    heard: str
    left_at: float | None


@dataclass(frozen=True, kw_only=True)
class Scene:
    """The call that is answered: its brief, its script, the moment, and how long its opening is."""

    brief: CallBrief
    script: Script
    now: datetime
    opening_seconds: float


async def happenings(sound: NDArray[np.int16], engine: RecognitionEngine) -> list[Happening]:
    """What the node notices of a sound, in order.

    Raises:
        Unavailable: The engine failed.
    """
    recogniser = engine.for_call()
    try:
        turns = [
            Happening(at=turn.ended, began=turn.started, text=turn.text)
            async for turn in turns_of(sound, PortListener(recogniser), expected=Expected.YES_NO)
        ]
    finally:
        await recogniser.close()
    return sorted([*turns, *_tones(sound)], key=lambda each: each.at)


def taken_for(noticed: Sequence[Happening], scene: Scene, *, wonders: Sequence[Happening] = ()) -> Taken:
    """Whom a call would take somebody for after all that it noticed, and after its own opening.

    ``wonders`` is what a person says to a caller who has fallen silent, from the moment they open their mouth.
    """
    answering = _Answering(scene)
    for each in sorted(noticed, key=lambda each: each.at):
        answering.happens(each)
    answering.go_on()
    if answering.is_listening:
        begins = answering.at + WONDERS_AFTER_SECONDS
        for each in wonders:
            answering.happens(replace(each, at=begins + each.at, began=begins + each.began))
    return Taken(heard=answering.heard, left_at=answering.left_at)


class _Answering:
    """The beginning of one call."""

    def __init__(self, scene: Scene) -> None:
        self._scene = scene
        self._state = ConversationState()
        self._early: list[str] = []
        self._is_open = False
        self._quiet_since = scene.opening_seconds
        self._silences = 0
        self.at = 0.0
        self.left_at: float | None = None

    @property
    def is_listening(self) -> bool:
        """Whether it has fallen silent for what may be a machine's greeting."""
        return self.left_at is None and self._state.pending == LISTENING

    @property
    def heard(self) -> str:
        """Whom it is taken for so far."""
        if self.is_listening:
            return "voicemail"
        return NOBODY if self._state.heard == "silence" else self._state.heard

    def happens(self, it: Happening) -> None:
        """Go on to the moment of ``it``, and react."""
        self._pass_time(it.began if it.text else it.at)
        self.at = max(self.at, it.at)
        if self.left_at is not None:
            return
        if it.tone is not None:
            self._about_machine(on_tone(self._state, it.tone, self._scene.brief), it.at)
        elif it.verdict:
            self._about_machine(on_machine(self._state, it.verdict, self._scene.brief), it.at)
        elif it.text:
            self._silences = 0
            self._said(it.text, it.at)

    def go_on(self) -> None:
        """Nothing more happens: the opening is said to its end, and what was heard meanwhile is answered."""
        self._pass_time(max(self.at, self._scene.opening_seconds))

    def _said(self, text: str, at: float) -> None:
        if self._is_open:
            self._follow(self._answer(text), at)
            return
        self._early.append(text)
        move = overheard(self._state, text, self._scene.brief)
        if move is not None:
            self._state = move.state
            if move.ends_call or move.state.pending == LISTENING:
                self._is_open = True
                self._follow(move, at)
        if at >= self._scene.opening_seconds and not self._is_open:
            self._open(at)

    def _pass_time(self, until: float) -> None:
        """Open the conversation when the opening is over, and answer every silence that was long enough."""
        if not self._is_open and self.left_at is None and until >= self._scene.opening_seconds:
            self._open(self._scene.opening_seconds)
        while self._is_open and self.left_at is None and until - self._quiet_since >= PATIENCE_SECONDS:
            self._silences += 1
            scene, at = self._scene, self._quiet_since + PATIENCE_SECONDS
            self._follow(
                on_silence(self._state, self._silences, brief=scene.brief, script=scene.script, now=scene.now), at
            )

    def _open(self, at: float) -> None:
        self._is_open = True
        scene, early = self._scene, " ".join(self._early)
        if early:  # they are one turn more once they are answered
            self._state = self._state.model_copy(update={"human_turns": max(self._state.human_turns - 1, 0)})
        opened = open_call(scene.brief, scene.script, scene.now, before=self._state)
        self._state = opened.state
        self._follow(self._answer(early) if early else opened, at)

    def _answer(self, text: str) -> Move:
        scene = self._scene
        return take_turn(self._state, text, brief=scene.brief, script=scene.script, now=scene.now)

    def _about_machine(self, move: Move | None, at: float) -> None:
        if move is not None:
            self._is_open = True
            self._follow(move, at)

    def _follow(self, move: Move, at: float) -> None:
        self._state = move.state
        lines = say(move.lines, state=move.state, brief=self._scene.brief, script=self._scene.script)
        self._quiet_since = at + len(" ".join(lines).split()) / WORDS_A_SECOND
        if move.ends_call:
            self.left_at = at


def with_verdict(noticed: Sequence[Happening], verdict: str, *, after_seconds: float) -> list[Happening]:
    """What was noticed, and a verdict of the carrier so long after the first of it began; none when it is empty."""
    if not verdict or not noticed:
        return list(noticed)
    first = min(each.began if each.text else each.at for each in noticed)
    return [*noticed, Happening(at=first + after_seconds, verdict=verdict)]


def _tones(sound: NDArray[np.int16]) -> Iterator[Happening]:
    tones = ToneFilter()
    for end in range(FRAME_SAMPLES, len(sound) + 1, FRAME_SAMPLES):
        for tone in tones.listen(sound[end - FRAME_SAMPLES : end].tobytes()):
            yield Happening(at=end / RATE_HZ, tone=tone)
