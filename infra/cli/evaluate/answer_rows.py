"""Rows about who answered: a confusion matrix over a labelled synthetic set, with silence before the first word."""

import asyncio
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import get_args

from infra.cli.bench_voice.figures import row
from infra.cli.bench_voice.meters import quantile
from infra.cli.evaluate.effort import Effort
from infra.cli.rows import Row
from shared.conversation import CallBrief
from shared.conversation.script import script_of
from shared.kernel.ids import AttemptId, CampaignId, LeadId, SellerId
from voice_node.speech.evaluation.answerers import WONDERING, Answerer, Kind, answerers, recorded
from voice_node.speech.evaluation.answering import NOBODY, Happening, Scene, Taken, happenings, taken_for, with_verdict
from voice_node.speech.evaluation.line import RATE_HZ
from voice_node.speech.evaluation.speaking import Speaker
from voice_node.speech.evaluation.words import AT_ONCE
from voice_node.speech.recognition.port import RecognitionEngine

KINDS: tuple[str, ...] = get_args(Kind)
DECIDED: tuple[str, ...] = (*KINDS, NOBODY)
OPENING = (
    "Hi, this is Ava, an AI assistant calling for Blue Oak Realty on a recorded line. "
    "To not be called again, say stop or press nine."
)
MOST_PEOPLE_LOST = 2.0
"""Percent of people who may be taken for a machine, whatever the carrier says."""
LEFT = frozenset(KINDS) - {"human"}
"""Whoever is taken for one of these is left, or waited for in silence."""
MACHINE_VERDICTS = {"human": "human", "fax": "fax"}
WRONG_VERDICTS = {"human": "machine_start"}
VERDICT_AFTER_SECONDS = 4.0
TOLD = " told"
SILENT, RIGHT, WRONG = "carrier silent", "carrier right", "carrier wrong"


@dataclass(frozen=True, kw_only=True)
class Answered:
    """One recording: who it was, after how much silence, and what the node noticed of it.

    ``wonders`` is what it noticed of the same person when nobody spoke to them; machines do not wonder.
    """

    kind: str
    silence_seconds: float
    noticed: Sequence[Happening]
    wonders: Sequence[Happening] = ()


@dataclass(frozen=True, kw_only=True)
class Matrix:
    """How often each kind was taken for what, under one behaviour of the carrier."""

    title: str
    counts: Mapping[tuple[str, str], int]

    def share(self, kind: str, decided: str) -> float:
        """Percent of a kind that was taken for ``decided``; 0 when there was none of the kind."""
        total = sum(count for (each, _), count in self.counts.items() if each == kind)
        return 100 * self.counts.get((kind, decided), 0) / total if total else 0.0


def verdict_of(kind: str, carrier: str) -> str:
    """What the carrier says of a kind, ``""`` for nothing; it takes screening assistants for machines, too."""
    if carrier == SILENT:
        return ""
    return MACHINE_VERDICTS.get(kind, "machine_start") if carrier == RIGHT else WRONG_VERDICTS.get(kind, "human")


async def answered(
    engine: RecognitionEngine, callers: Sequence[Speaker], effort: Effort, *, tell: Callable[[str], None]
) -> list[Answered]:
    """Every answerer in every voice after every silence, heard by the recogniser.

    Raises:
        Unavailable: An engine failed.
    """
    waiting, plan = asyncio.Semaphore(AT_ONCE), list(_plan(callers, effort))
    wondered: dict[Speaker, Sequence[Happening]] = {}

    async def one(number: int, each: Answerer, speaker: Speaker, silence: float) -> Answered:
        async with waiting:
            sound = await recorded(each, speaker, silence_seconds=silence, seed=number)
            noticed = await happenings(sound, engine)
            if each.kind != "human":
                return Answered(kind=each.kind, silence_seconds=silence, noticed=noticed)
            if speaker not in wondered:
                asks = await recorded(WONDERING, speaker, silence_seconds=0, seed=0)
                wondered[speaker] = await happenings(asks, engine)
            return Answered(kind=each.kind, silence_seconds=silence, noticed=noticed, wonders=wondered[speaker])

    tell(f"{len(plan)} people and machines answer")
    return await asyncio.gather(*(one(number, *planned) for number, planned in enumerate(plan)))


async def scene_of(agent: Speaker) -> Scene:
    """A call to somebody who asked about their home, with an opening as long as this voice makes it."""
    seconds = len(await agent.say(OPENING)) / (2 * RATE_HZ)
    brief = CallBrief(
        attempt_id=AttemptId("evaluation"), campaign_id=CampaignId("evaluation"), seller_id=SellerId("evaluation"),
        lead_id=LeadId("evaluation"), seller_name="Blue Oak Realty", callback_number="+15125550100",
        agent_voice=agent.voice.name, script="seller_home_value", opening_text=OPENING, opening_audio=b"",
        first_name="Maria", last_name="Lopez", lead_kind="seller", subject="12 Oak Street", source="our website",
        asked_at=None, timezone="America/Chicago", phone="+15125550142", time_limit=timedelta(minutes=5),
    )  # fmt: skip
    now = datetime(2026, 11, 22, 16, tzinfo=UTC)
    return Scene(brief=brief, script=script_of(brief), now=now, opening_seconds=seconds)


def answer_rows(name: str, found: Sequence[Answered], scene: Scene) -> tuple[list[Row], list[Matrix]]:
    """A recogniser's rows and matrices, one for each behaviour of the carrier."""
    rows, matrices = [], []
    for carrier in (SILENT, RIGHT, WRONG):
        taken = [(each, _taken(each, scene, carrier)) for each in found]
        counts = Counter((each.kind, whom.heard) for each, whom in taken)
        matrix = Matrix(title=f"{name}, {carrier}", counts=counts)
        matrices.append(matrix)
        lost = sum(matrix.share("human", kind) for kind in LEFT)
        rows.append(row(people_name(name, carrier), lost, "%", bar=MOST_PEOPLE_LOST))
        rows += [row(told_name(name, kind, carrier), matrix.share(kind, kind), "%") for kind in KINDS]
        if carrier == SILENT:
            rows += _silence_rows(name, taken)
    return rows, matrices


def people_name(name: str, carrier: str) -> str:
    """The name of the row about people who were taken for machines."""
    return f"{name}, {carrier}: people taken for machines"


def told_name(name: str, kind: str, carrier: str) -> str:
    """The name of the row about a kind that was told."""
    return f"{name}, {carrier}: {kind.replace('_', ' ')}{TOLD}"


def _silence_rows(name: str, taken: Sequence[tuple[Answered, Taken]]) -> Iterator[Row]:
    """How silence before the first word changes what is told, and how long a machine is listened to."""
    for silence in sorted({each.silence_seconds for each, _ in taken}):
        after = [each.kind == whom.heard for each, whom in taken if each.silence_seconds == silence]
        yield row(f"{name}: who answered told after {silence:g} s of silence", 100 * sum(after) / len(after), "%")
    left = [
        whom.left_at - each.silence_seconds for each, whom in taken if each.kind != "human" and whom.left_at is not None
    ]
    yield row(f"{name}: a machine's first sound to the call's end, p50", quantile(left, 0.5), "s")


def _taken(each: Answered, scene: Scene, carrier: str) -> Taken:
    verdict = verdict_of(each.kind, carrier)
    noticed = with_verdict(each.noticed, verdict, after_seconds=VERDICT_AFTER_SECONDS)
    return taken_for(noticed, scene, wonders=each.wonders)


def _plan(callers: Sequence[Speaker], effort: Effort) -> Iterator[tuple[Answerer, Speaker, float]]:
    """A fax has no voice: it answers once after each silence."""
    of_each = {kind: [each for each in answerers() if each.kind == kind] for kind in KINDS}
    chosen = [each for listed in of_each.values() for each in listed[:: effort.answerer_step]]
    for number, each in enumerate(chosen):
        for place in range(min(effort.answerer_voices, len(callers)) if each.says else 1):
            for silence in effort.silences:
                yield each, callers[(number + place) % len(callers)], silence
