"""The other end of the pipe: what every speech engine's own process does.

Reads ``SAY`` and ``CANCEL`` frames from standard input and answers with ``AUDIO``, ``DONE`` and
``FAILED``. Requests take turns clause by clause, so that no call waits for another's paragraph.
"""

import json
import os
import queue
import sys
import threading
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from typing import IO

from shared.kernel.errors import Malformed, Unavailable
from voice_node.speech.clauses import Clause, split_clauses
from voice_node.speech.framing import Kind, Message, read_message, write_message
from voice_node.speech.speaker import Speaker
from voice_node.speech.synthesis.process_engine import UNKNOWN_VOICE
from voice_node.speech.voice import UnknownVoice, Voice


@dataclass(kw_only=True)
class Job:
    """A request that is being spoken."""

    request: int
    voice: Voice
    clauses: deque[Clause]


class Inbox:
    """Frames from the node, read by a thread of their own so that a cancel is seen at once."""

    def __init__(self, stream: IO[bytes]) -> None:
        self._stream = stream
        self._requests: queue.SimpleQueue[Message] = queue.SimpleQueue()
        self.cancelled: set[int] = set()

    def listen(self) -> None:
        """Read until the node is gone, then end the process whatever it is doing."""
        while message := read_message(self._stream):
            if message.kind is Kind.CANCEL:
                self.cancelled.add(message.request)
            # A cancel goes through the queue too: it marks that nothing older is left to cancel.
            self._requests.put(message)
        os._exit(0)

    def take(self, *, wait: bool) -> Message | None:
        """The next frame, or ``None`` when there is none and we do not wait."""
        try:
            return self._requests.get(block=wait)
        except queue.Empty:
            return None


class Turns:
    """Speaks waiting jobs in turn, one clause each."""

    def __init__(self, speaker: Speaker, inbox: Inbox, output: IO[bytes]) -> None:
        self._speaker = speaker
        self._inbox = inbox
        self._output = output
        self._jobs: deque[Job] = deque()

    def run(self) -> None:
        """Serve until the process ends."""
        while True:
            while message := self._inbox.take(wait=not self._jobs):
                self._accept(message)
                if self._jobs:
                    break
            if self._jobs:
                self._speak(self._jobs.popleft())

    def _accept(self, message: Message) -> None:
        if message.kind is Kind.CANCEL:
            self._jobs = deque(job for job in self._jobs if job.request != message.request)
            self._inbox.cancelled.discard(message.request)
        elif message.kind is Kind.SAY:
            asked = json.loads(message.payload)
            voice = Voice(**asked["voice"])
            self._jobs.append(Job(request=message.request, voice=voice, clauses=deque(split_clauses(asked["text"]))))

    def _speak(self, job: Job) -> None:
        """Say a job's next clause, and put it back in line if more follow."""
        if job.clauses:
            try:
                pcm = self._speaker.say(job.clauses.popleft(), job.voice, lambda: job.request in self._inbox.cancelled)
            except UnknownVoice as unknown:
                self._answer(Kind.FAILED, job, f"{UNKNOWN_VOICE}{unknown.name}".encode())
                return
            self._answer(Kind.AUDIO, job, pcm)
        if job.clauses:
            self._jobs.append(job)
        else:
            self._answer(Kind.DONE, job)

    def _answer(self, kind: Kind, job: Job, payload: bytes = b"") -> None:
        write_message(self._output, Message(kind=kind, request=job.request, payload=payload))


def serve(make_speaker: Callable[[], Speaker]) -> None:
    """Start the engine, say that it is ready, serve; why it does not start is told to the node."""
    output = sys.stdout.buffer
    # Libraries that print would break the frames: whatever they say goes to standard error.
    sys.stdout = sys.stderr
    try:
        speaker = make_speaker()
    except (Unavailable, Malformed) as broken:
        write_message(output, Message(kind=Kind.FAILED, payload=str(broken).encode()))
        return
    inbox = Inbox(sys.stdin.buffer)
    threading.Thread(target=inbox.listen, daemon=True).start()
    write_message(output, Message(kind=Kind.READY))
    Turns(speaker, inbox, output).run()
