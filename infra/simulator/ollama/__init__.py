"""A stand-in for Ollama: its HTTP protocol, its room and its queue, and models with manners, on a port."""

from infra.simulator.ollama.habits import Habits, Manner, Pace
from infra.simulator.ollama.server import Ollama, running_ollama

__all__ = ["Habits", "Manner", "Ollama", "Pace", "running_ollama"]
