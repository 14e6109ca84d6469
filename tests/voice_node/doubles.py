"""Stand-ins for a call: memory at the desk, engines that need no speech, a talker that follows a script."""

import asyncio
from collections.abc import AsyncGenerator, AsyncIterator
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import numpy as np
from pipecat.frames.frames import (
    Frame,
    InputAudioRawFrame,
    InterimTranscriptionFrame,
    TranscriptionFrame,
    TTSAudioRawFrame,
    VADUserStartedSpeakingFrame,
    VADUserStoppedSpeakingFrame,
)
from pipecat.processors.frame_processor import FrameDirection, FrameProcessor
from pipecat.services.settings import TTSSettings
from pipecat.services.tts_service import TTSService

from shared.adapters.recordings.folder import FolderRecordings
from shared.adapters.recordings.keyring import Keyring
from shared.appointments import Agent, Appointment, AppointmentStatus, Cancellation, SlotTaken
from shared.conversation import (
    ActionResult,
    AgentName,
    CallBrief,
    CallReport,
    ConversationState,
    Line,
    Move,
    RecordOptOut,
)
from shared.conversation.machines import Tone
from shared.kernel.errors import Unavailable
from shared.kernel.ids import AppointmentId, AttemptId, CampaignId, LeadId, SellerId
from shared.leads import Suppression
from voice_node.desk import Desk
from voice_node.kit import FeedItem
from voice_node.media.recorder import Recorder
from voice_node.media.shelf import Shelf
from voice_node.speech.mulaw import to_mulaw
from voice_node.spool import Spool

NOON = datetime(2026, 3, 10, 18, tzinfo=UTC)
ANNOUNCED = "Hi, this is Ava. This is a sales call and it's recorded."
KEYRING = Keyring({"k1": bytes(range(32))}, current="k1")
ATTEMPT = AttemptId("0195a000-0000-7000-8000-000000000001")


def tone(seconds: float, *, hertz: float = 440.0) -> bytes:
    """A tone as 16-bit PCM at 8,000 Hz."""
    steps = np.arange(int(8_000 * seconds)) * (2 * np.pi * hertz / 8_000)
    return bytes((np.sin(steps) * 9_000).astype("<i2"))


def make_brief(**changes: object) -> CallBrief:
    """A brief whose opening is 0.6 s of tone."""
    fields: dict[str, object] = {
        "attempt_id": ATTEMPT,
        "campaign_id": CampaignId("c1"),
        "seller_id": SellerId("s1"),
        "lead_id": LeadId("l1"),
        "seller_name": "Acme Realty",
        "callback_number": "+15125550100",
        "agent_voice": "en-us+f2",
        "script": "seller",
        "opening_text": "Hi, this is Ava.",
        "opening_audio": to_mulaw(tone(0.6)),
        "first_name": "Bob",
        "last_name": "Stone",
        "lead_kind": "seller",
        "subject": "12 Oak Street",
        "source": "web",
        "asked_at": None,
        "timezone": "America/Chicago",
        "phone": "+15125550142",
        "time_limit": timedelta(minutes=5),
        "is_recorded": True,
    }
    return CallBrief.model_validate({**fields, **changes})


@dataclass
class Cabinet:
    """Every repository of the desk, in memory; ``is_away`` makes it unreachable, ``taken`` refuses bookings."""

    brief: CallBrief = field(default_factory=make_brief)
    is_away: bool = False
    taken: bool = False
    reports: list[CallReport] = field(default_factory=list)
    suppressed: list[Suppression] = field(default_factory=list)
    appointments: list[Appointment] = field(default_factory=list)
    cancelled: list[Cancellation] = field(default_factory=list)

    def get(self, attempt_id: AttemptId, *, part: int = 0) -> CallBrief:
        self._reach()
        return self.brief.model_copy(update={"attempt_id": attempt_id, "part": part})

    def add_agent(self, agent: Agent) -> None:
        raise NotImplementedError

    def agents(self, seller_id: SellerId) -> list[Agent]:
        return []

    def booked(self, seller_id: SellerId, *, starts_from: datetime, until: datetime) -> list[Appointment]:
        return self.appointments

    def of_lead(self, lead_id: LeadId) -> list[Appointment]:
        return [each for each in self.appointments if each.lead_id == lead_id]

    def book(self, appointment: Appointment) -> None:
        self._reach()
        if self.taken:
            raise SlotTaken(appointment.id)
        self.appointments.append(appointment)

    def move(self, appointment: Appointment, *, now: datetime) -> None:
        self.cancel(Cancellation(appointment_id=appointment.moved_from or AppointmentId(""), attempt_id=None, at=now))
        self.book(appointment)

    def cancel(self, cancellation: Cancellation) -> None:
        self._reach()
        self.cancelled.append(cancellation)

    def mark(self, appointment_id: AppointmentId, status: AppointmentStatus) -> Appointment:
        raise NotImplementedError

    def unmarked(self, *, ended_before: datetime, limit: int) -> list[Appointment]:
        raise NotImplementedError

    def _reach(self) -> None:
        if self.is_away:
            raise Unavailable("the database is away")


@dataclass(frozen=True)
class ReportTray:
    """``ReportRepository`` over a cabinet."""

    cabinet: Cabinet

    def add(self, report: CallReport) -> None:
        self.cabinet._reach()
        self.cabinet.reports.append(report)

    def get(self, attempt_id: AttemptId) -> CallReport | None:
        return next((report for report in self.cabinet.reports if report.attempt_id == attempt_id), None)


@dataclass(frozen=True)
class SuppressionTray:
    """``SuppressionRepository`` over a cabinet."""

    cabinet: Cabinet

    def add(self, suppression: Suppression) -> None:
        self.cabinet._reach()
        self.cabinet.suppressed.append(suppression)

    def of_phone(self, phone: str) -> list[Suppression]:
        return [entry for entry in self.cabinet.suppressed if entry.phone == phone]


class ScriptedEars(FrameProcessor):
    """Speech-to-text that "recognises" the next text of a script whenever the caller stops speaking.

    With ``interim_after`` frames of 40 ms it guesses the text already while they speak.
    """

    def __init__(self, texts: list[str], *, interim_after: int | None = None) -> None:
        super().__init__()
        self._texts = texts
        self._interim_after = interim_after
        self._frames: int | None = None

    async def process_frame(self, frame: Frame, direction: FrameDirection) -> None:
        await super().process_frame(frame, direction)
        await self.push_frame(frame, direction)
        if isinstance(frame, VADUserStartedSpeakingFrame):
            self._frames = 0
        elif isinstance(frame, InputAudioRawFrame) and self._frames is not None:
            self._frames += 1
            if self._frames == self._interim_after and self._texts and self._texts[0]:
                await self.push_frame(InterimTranscriptionFrame(text=self._texts[0], user_id="caller", timestamp=""))
        if isinstance(frame, VADUserStoppedSpeakingFrame) and direction is FrameDirection.DOWNSTREAM and self._texts:
            text = self._texts.pop(0)
            if text:
                await self.push_frame(TranscriptionFrame(text=text, user_id="caller", timestamp="", finalized=True))


class ToneVoice(TTSService):
    """Text-to-speech that hums for 30 ms per character."""

    def __init__(self) -> None:
        super().__init__(
            push_start_frame=True,
            push_stop_frames=True,
            settings=TTSSettings(model=None, voice=None, language=None),
        )

    async def run_tts(self, text: str, context_id: str) -> AsyncGenerator[Frame | None, None]:
        yield TTSAudioRawFrame(audio=tone(0.03 * len(text)), sample_rate=8_000, num_channels=1, context_id=context_id)


@dataclass
class Parrot:
    """A talker that greets, repeats what it hears, says goodbye to "bye" and counts silences."""

    brief: CallBrief
    state: ConversationState = field(default_factory=ConversationState)
    heard_words: list[str] = field(default_factory=list)

    def _say(self, text: str, *, ends_call: bool = False) -> Move:
        line = Line(act="say", values={"text": text})
        return Move(agent=AgentName.GREETER, state=self.state, lines=(line,), ends_call=ends_call)

    async def open(self, early_words: str) -> AsyncIterator[Move]:
        self.heard_words.append(early_words)
        yield self._say("Is this Bob?")

    def _answer(self, text: str) -> Move:
        move = self._say(f"You said {text}.", ends_call=text == "bye")
        return replace(move, says_opening="put through" in text)

    async def foresee(self, text: str) -> Move | None:
        return None if "put through" in text else self._answer(text)

    async def heard(self, text: str, foreseen: Move | None = None) -> AsyncIterator[Move]:
        self.heard_words.append(text)
        yield foreseen or self._answer(text)

    def rewind(self) -> bool:
        self.heard_words.pop()
        return True

    async def silence(self, times: int) -> AsyncIterator[Move]:
        yield self._say("Are you there?", ends_call=times > 1)

    async def key(self, digit: str) -> AsyncIterator[Move]:
        yield self._say(f"Key {digit}.")

    async def time_is_up(self) -> AsyncIterator[Move]:
        yield self._say("Goodbye.", ends_call=True)

    async def overheard(self, text: str) -> AsyncIterator[Move]:
        if "leave a message" in text:
            yield Move(agent=AgentName.GREETER, state=self.state, ends_call=True)

    async def machine(self, verdict: str) -> AsyncIterator[Move]:
        if verdict.startswith("machine") and len(self.heard_words) < 3:
            yield Move(agent=AgentName.GREETER, state=self.state, ends_call=True)
        elif verdict == "unsure":
            yield Move(agent=AgentName.GREETER, state=self.state)

    async def tone(self, tone: Tone) -> AsyncIterator[Move]:
        is_beep = tone is Tone.BEEP
        yield Move(agent=AgentName.GREETER, state=self.state, leaves_message=is_beep, ends_call=True)

    async def opted_out(self, words: str, result: ActionResult) -> AsyncIterator[Move]:
        self.state = self.state.model_copy(update={"opted_out": True, "opt_out_words": words})
        yield Move(
            agent=AgentName.CLOSER,
            state=self.state,
            lines=(Line(act="say", values={"text": f"Removed: {result}."}),),
            action=RecordOptOut(words=words),
            ends_call=True,
        )


class PlainBrain:
    """Says lines as they are."""

    async def word(self, brief: CallBrief, move: Move, heard: str) -> AsyncIterator[str]:
        for line in move.lines:
            yield line.values["text"]


@dataclass
class QuietLive:
    """Keeps what is told; passes on the commands it was given."""

    items: list[FeedItem] = field(default_factory=list)
    orders: asyncio.Queue[str] = field(default_factory=asyncio.Queue)

    def tell(self, item: FeedItem) -> None:
        self.items.append(item)

    async def commands(self, attempt_id: AttemptId) -> AsyncGenerator[str, None]:
        while True:
            yield await self.orders.get()


class LocalLease:
    """A worker's lease that nobody reads."""

    def __init__(self, slots: int) -> None:
        self.slots = slots
        self.load = 0.0
        self.lag_ms = 0.0
        self._live: set[AttemptId] = set()
        self.beats: list[bool] = []

    @property
    def live(self) -> frozenset[AttemptId]:
        return frozenset(self._live)

    def admit(self, attempt_id: AttemptId) -> bool:
        if attempt_id in self._live or len(self._live) >= self.slots:
            return False
        self._live.add(attempt_id)
        return True

    async def release(self, attempt_id: AttemptId) -> None:
        self._live.discard(attempt_id)

    async def beat(self, *, ready: bool) -> None:
        self.beats.append(ready)

    async def give_up(self) -> None:
        self.beats.append(False)


@dataclass(frozen=True)
class StillClock:
    """A civil clock that stands at noon."""

    def now(self) -> datetime:
        return NOON


def make_desk(cabinet: Cabinet, folder: Path) -> Desk:
    """A desk over a cabinet, with its spool in ``folder``."""
    return Desk(
        briefs=cabinet,
        reports=ReportTray(cabinet),
        suppressions=SuppressionTray(cabinet),
        appointments=cabinet,
        spool=Spool(folder / "spool.jsonl"),
        clock=StillClock(),
    )


def make_recorder(folder: Path) -> Recorder:
    """What records below ``folder``: calls that go on in ``shelf/w1``, what is over in ``kept``."""
    shelf = Shelf(folder / "shelf" / "w1", FolderRecordings(folder / "kept"))
    return Recorder(shelf=shelf, keyring=KEYRING, clock=StillClock())
