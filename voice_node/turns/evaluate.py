"""How turn taking does on labelled pauses, beside a plain bot: turns cut off, and how long an answer is waited for."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from statistics import median

import numpy as np
from numpy.typing import NDArray
from pipecat.audio.vad.silero import SileroVADAnalyzer
from pipecat.audio.vad.vad_analyzer import VADState

from voice_node.turns.end_of_turn import LONGEST_BYTES, probability_of, shared_session
from voice_node.turns.labelled_pauses import PAUSE_SECONDS, SplitTurn
from voice_node.turns.open_turn import OpenTurn
from voice_node.turns.voice_activity import SAMPLE_RATE_HZ, WINDOW_SAMPLES, Sound, VoiceActivity

PLAIN_FALLBACK_SECONDS, PLAIN_SURE = 3.0, 0.5
VERDICT_SECONDS = 0.06
"""What a verdict of the model takes in the comparison, for both."""
_LEAD_SECONDS, _TAIL_SECONDS, _NOISE, _SILENT = 0.5, 4.0, 15.0, 150

Verdict = tuple[float, int, float]
"""When it is there, on which pause it is, and what it says."""
Speak = Callable[[str], bytes]
Decide = Callable[["Spoken"], float | None]


@dataclass(frozen=True, kw_only=True)
class Spoken:
    """One turn as sound: 16-bit samples at 8,000 Hz, and where each of its pieces ends."""

    turn: SplitTurn
    samples: NDArray[np.int16]
    ends: tuple[int, ...]

    @property
    def seconds(self) -> float:
        """When the caller is done."""
        return self.ends[-1] / SAMPLE_RATE_HZ

    def text_until(self, sample: int) -> str:
        """What a perfect recogniser has understood by ``sample``."""
        return " ".join(piece for piece, end in zip(self.turn.pieces, self.ends, strict=True) if end <= sample)


@dataclass(frozen=True, kw_only=True)
class PauseScore:
    """``cut_offs`` turns of so many were ended early; the others were waited for so long (s)."""

    turns: int
    cut_offs: int
    waits: tuple[float, ...]

    @property
    def median_wait(self) -> float:
        """The middle one of the waits, in seconds."""
        return median(self.waits)


def score(turns: Iterable[Spoken], decide: Decide) -> PauseScore:
    """How ``decide`` does, which gives the second at which it takes a turn for ended."""
    late = [(ended if ended is not None else _TAIL_SECONDS + each.seconds) - each.seconds
            for each in turns for ended in [decide(each)]]  # fmt: skip
    waits = tuple(seconds for seconds in late if seconds >= 0)
    return PauseScore(turns=len(late), cut_offs=len(late) - len(waits), waits=waits)


def spoken_turn(turn: SplitTurn, speak: Speak, *, seed: int) -> Spoken:
    """The turn's pieces as ``speak`` says them (16-bit PCM at 8,000 Hz), with pauses between, over a little noise."""
    random = np.random.default_rng(seed)
    parts: list[NDArray[np.int16]] = [np.zeros(int(_LEAD_SECONDS * SAMPLE_RATE_HZ), np.int16)]
    ends = []
    for number, piece in enumerate(turn.pieces):
        samples = np.frombuffer(speak(piece), "<i2")
        loud = np.nonzero(np.abs(samples.astype(np.int32)) > _SILENT)[0]
        parts.append(samples[loud[0] : loud[-1] + 1])
        ends.append(sum(map(len, parts)))
        is_last = number == len(turn.pieces) - 1
        pause = _TAIL_SECONDS if is_last else PAUSE_SECONDS[(seed + number) % len(PAUSE_SECONDS)]
        parts.append(np.zeros(int(pause * SAMPLE_RATE_HZ), np.int16))
    sound = np.concatenate(parts)
    noisy = sound + random.normal(0, _NOISE, len(sound))
    return Spoken(turn=turn, samples=np.clip(noisy, -32_768, 32_767).astype("<i2"), ends=tuple(ends))


def our_end(spoken: Spoken, *, has_interims: bool = True) -> float | None:
    """When our own rules end the turn, in seconds from its start; with a recogniser that is perfect and at once."""
    activity, known = VoiceActivity(), ""
    turn: OpenTurn | None = None
    verdicts: list[Verdict] = []
    for end in range(WINDOW_SAMPLES, len(spoken.samples) + 1, WINDOW_SAMPLES):
        at = end / SAMPLE_RATE_HZ
        for sound in activity.hear(_pcm(spoken, end - WINDOW_SAMPLES, end)):
            if turn is None and sound is Sound.STARTED:
                turn = OpenTurn(at, expected=spoken.turn.expected)
            elif turn is not None and sound in (Sound.STARTED, Sound.RESUMED):
                turn.goes_on()
            elif turn is not None and sound is Sound.QUIET:
                turn.quiet()
        if turn is None:
            continue
        text = spoken.text_until(end)
        if has_interims and text != known:
            turn.words(text[len(known) :], is_final=False)
        verdicts = _told(turn, verdicts, at)
        if turn.wants_verdict():
            verdicts.append((at + VERDICT_SECONDS, turn.pauses, _probability(spoken, end)))
        if turn.wants_stop():
            activity.over()
            if text != known:
                turn.words(text[len(known) :], is_final=True)
                known = text
        if turn.is_over:
            return at
    return None


def plain_end(spoken: Spoken) -> float | None:
    """When a plain Pipecat bot ends the turn: its voice detector and the smart-turn model with their defaults."""
    analyzer = SileroVADAnalyzer(sample_rate=SAMPLE_RATE_HZ)
    analyzer.set_sample_rate(SAMPLE_RATE_HZ)
    before, silent_since = VADState.QUIET, None
    for end in range(WINDOW_SAMPLES, len(spoken.samples) + 1, WINDOW_SAMPLES):
        at = end / SAMPLE_RATE_HZ
        state = analyzer._run_analyzer(_pcm(spoken, end - WINDOW_SAMPLES, end))
        if state is VADState.QUIET and before in (VADState.SPEAKING, VADState.STOPPING):
            if _probability(spoken, end) > PLAIN_SURE:
                return at + VERDICT_SECONDS
            silent_since = at - analyzer.params.stop_secs
        elif state is VADState.SPEAKING:
            silent_since = None
        before = state
        if silent_since is not None and at - silent_since >= PLAIN_FALLBACK_SECONDS:
            return at
    return None


def _told(turn: OpenTurn, verdicts: list[Verdict], at: float) -> list[Verdict]:
    """Tell the turn of the verdicts that are there by now; returns the others."""
    for due, pauses, probability in verdicts:
        if due <= at and pauses == turn.pauses:
            turn.sounds_over(probability)
    return [verdict for verdict in verdicts if verdict[0] > at]


def _probability(spoken: Spoken, end: int) -> float:
    return probability_of(shared_session(), _pcm(spoken, max(end - LONGEST_BYTES // 2, 0), end))


def _pcm(spoken: Spoken, start: int, end: int) -> bytes:
    return spoken.samples[start:end].tobytes()
