"""What an ended call means: its disposition and the next action."""

from shared.outcomes.disposition import ActionKind, Disposition, NextAction

__all__ = ["ActionKind", "Disposition", "NextAction"]
