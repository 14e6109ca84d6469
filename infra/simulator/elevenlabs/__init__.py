"""A stand-in for ElevenLabs: its websockets, its REST answers and its ways to fail, on a port of this machine."""

from infra.simulator.elevenlabs.account import Account, Behaviour
from infra.simulator.elevenlabs.server import running_elevenlabs

__all__ = ["Account", "Behaviour", "running_elevenlabs"]
