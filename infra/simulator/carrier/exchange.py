"""The exchange: every call of the account, and what happens when one of them moves on."""

import asyncio
from collections.abc import Callable, Iterable, Mapping
from datetime import date

from infra.simulator.carrier.account import Account, IncomingNumber
from infra.simulator.carrier.call import Call, Direction, Source, Status
from infra.simulator.carrier.callbacks import Callbacks
from infra.simulator.carrier.courier import Courier
from infra.simulator.carrier.directory import ORDINARY, NumberRecord
from infra.simulator.carrier.faults import Dice, Faults
from infra.simulator.carrier.journal import Journal
from infra.simulator.carrier.legs import Leg
from infra.simulator.carrier.orders import Order, RecordingOrder
from infra.simulator.carrier.recorder import Recorder, Recording
from infra.simulator.carrier.resources import account_path
from infra.simulator.carrier.sids import new_sid
from infra.simulator.carrier.tasks import Tasks
from infra.simulator.carrier.ticker import Ticker
from infra.simulator.carrier.voice import Voice
from infra.simulator.carrier.webhooks import Webhooks
from infra.simulator.line import Telephone
from shared.kernel.clock import Clock

Telephones = Mapping[str, Telephone] | Callable[[str], Telephone | None]
FAREWELL_SECONDS = 5.0


class Exchange:
    """Holds the calls and moves them from status to status; every move is told and written down."""

    def __init__(self, *, account: Account, clock: Clock, telephones: Telephones, voice: Voice, faults: Faults) -> None:
        self.account = account
        self.clock = clock
        self.voice = voice
        self.base_url = ""
        self.calls: dict[str, Call] = {}
        self.recordings: dict[str, Recording] = {}
        self.numbers: dict[str, IncomingNumber] = {owned.number: owned for owned in account.numbers}
        self.directory: dict[str, NumberRecord] = {}
        self.lookups: list[tuple[date, int]] = []
        self.journal = Journal(clock)
        self.dice = Dice(faults)
        self.tasks = Tasks()
        self.deliveries = Tasks()
        self.ticker = Ticker()
        self.webhooks = Webhooks(auth_token=account.auth_token, journal=self.journal)
        courier = Courier(webhooks=self.webhooks, dice=self.dice, tasks=self.deliveries, journal=self.journal)
        self.callbacks = Callbacks(courier=courier, clock=clock)
        self._telephones = telephones
        self._free_at_seconds = 0.0

    def telephone(self, number: str) -> Telephone | None:
        """Who has this number, if anybody."""
        if isinstance(self._telephones, Mapping):
            return self._telephones.get(number)
        return self._telephones(number)

    def record_of(self, number: str) -> NumberRecord:
        """What look-ups know of a number; one that nobody put down is an ordinary mobile number."""
        return self.directory.get(number, ORDINARY)

    def looked_up(self, packages: Iterable[str]) -> None:
        """Bill a look-up: each package has its price."""
        for package in packages:
            self.lookups.append((self.clock.now().date(), self.account.lookup_prices_micro_usd.get(package, 0)))

    def is_full(self) -> bool:
        """Whether the account rings and talks as much as it may at once."""
        most = self.account.concurrent_calls
        return most is not None and sum(not call.is_over for call in self.calls.values()) >= most

    def open_call(self, order: Order, direction: Direction, *, parent_sid: str = "") -> Call:
        """A new call; only those ordered over REST wait for their turn."""
        now = self.clock.now()
        ours = order.to if direction == "inbound" else order.from_number
        call = Call(
            sid=new_sid("CA"),
            account_sid=self.account.sid,
            order=order,
            direction=direction,
            created_at=now,
            updated_at=now,
            phone_number_sid=self.numbers[ours].sid if ours in self.numbers else "",
            parent_sid=parent_sid,
            queue_milliseconds=self._queue_milliseconds() if direction == "outbound-api" else 0,
        )
        self.calls[call.sid] = call
        self._moved(call)
        return call

    def initiated(self, call: Call) -> None:
        """The call leaves the queue."""
        call.started_at = self.clock.now()
        self.callbacks.status(call, "initiated")

    def rings(self, call: Call) -> None:
        """The far telephone rings."""
        call.status = "ringing"
        self._moved(call)
        self.callbacks.status(call, "ringing")

    def answered(self, call: Call, telephone: Telephone) -> None:
        """Somebody picked up: sound flows, the time limit runs, the recording starts."""
        loop = asyncio.get_running_loop()
        call.status = "in-progress"
        call.answered_at_seconds = loop.time()
        call.leg = leg = Leg(call.sid, hung_up=lambda: self.end(call, "completed"))
        if call.order.recording:
            self._start_recording(call, leg, call.order.recording)
        self.limit_time(call, call.order.time_limit_seconds)
        self.ticker.join(leg)
        self._moved(call)
        self.callbacks.status(call, "answered")
        self.tasks.spawn(self._talk(call, telephone, leg), "telephone")

    def limit_time(self, call: Call, seconds: float) -> None:
        """End the call ``seconds`` after its answer, at once when those have passed."""
        if call.time_limit:
            call.time_limit.cancel()
        assert call.answered_at_seconds is not None
        at = call.answered_at_seconds + seconds
        call.time_limit = asyncio.get_running_loop().call_at(at, self.end, call, "completed")

    def end(self, call: Call, status: Status, sip_code: int = 200) -> None:
        """The call is over; a second end changes nothing."""
        if call.is_over:
            return
        call.status, call.sip_code = status, sip_code
        call.ended_at = self.clock.now()
        call.ended_at_seconds = asyncio.get_running_loop().time()
        if call.was_answered:
            is_inbound = call.direction == "inbound"
            account = self.account
            price = account.inbound_price_micro_usd if is_inbound else account.price_per_minute_micro_usd
            call.price_micro_usd = -(-call.talked_seconds // 60) * price
            call.priced_at_seconds = call.ended_at_seconds + account.priced_after_seconds
        if call.time_limit:
            call.time_limit.cancel()
        call.over.set()
        if call.leg:
            self.ticker.leave(call.leg)
            call.leg.end()
        self._moved(call)
        recording = self._finish_recording(call)
        url = self.recording_url(recording) if recording else ""
        self.callbacks.status(call, "completed", recording_url=url)

    def redirect(self, call: Call, source: Source) -> None:
        """Put another document in place of the one that runs."""
        call.updated_at = self.clock.now()
        call.replace_document(source)

    def recording_url(self, recording: Recording) -> str:
        """Where a recording can be fetched, without the ending."""
        return f"{self.base_url}{account_path(self.account.sid)}/Recordings/{recording.sid}"

    def warn(self, call_sid: str, code: int, **values: str) -> None:
        """Write down an error the carrier's debugger would show."""
        self.journal.note("notification", call_sid, code=code, **values)

    async def _talk(self, call: Call, telephone: Telephone, leg: Leg) -> None:
        talking = asyncio.ensure_future(telephone.talk(leg.line))
        over = asyncio.ensure_future(call.over.wait())
        try:
            await asyncio.wait({talking, over}, return_when=asyncio.FIRST_COMPLETED)
            if not talking.done():
                await asyncio.wait({talking}, timeout=FAREWELL_SECONDS)
            if talking.done():
                talking.result()
        finally:
            talking.cancel()
            over.cancel()
            self.end(call, "completed")

    def _queue_milliseconds(self) -> int:
        now = asyncio.get_running_loop().time()
        start = max(now, self._free_at_seconds)
        self._free_at_seconds = start + 1 / self.account.calls_per_second
        return round((start - now) * 1000)

    def _start_recording(self, call: Call, leg: Leg, order: RecordingOrder) -> None:
        leg.recorder = Recorder()
        now = self.clock.now()
        call.recording = Recording(
            sid=new_sid("RE"),
            call_sid=call.sid,
            source="OutboundAPI",
            channels=order.channels,
            track=order.track,
            started_at=now,
            updated_at=now,
        )
        self.recordings[call.recording.sid] = call.recording
        self.callbacks.recording(call, call.recording, url=self.recording_url(call.recording))

    def _finish_recording(self, call: Call) -> Recording | None:
        recording, order = call.recording, call.order.recording
        if not recording or not order or not call.leg or not call.leg.recorder:
            return None
        tracks = call.leg.recorder.tracks(trims_silence=order.trims_silence)
        recording.from_person, recording.to_person = tracks
        recording.status = "completed" if recording.duration_seconds else "absent"
        recording.updated_at = self.clock.now()
        self.callbacks.recording(call, recording, url=self.recording_url(recording))
        return recording

    def _moved(self, call: Call) -> None:
        call.updated_at = self.clock.now()
        self.journal.note(
            "status",
            call.sid,
            status=call.status,
            direction=call.direction,
            to=call.order.to,
            from_number=call.order.from_number,
            sip_code=call.sip_code if call.is_over else None,
        )
