"""What the caller means, read from recognised words without a model."""

from shared.conversation.understanding.acts import Act, Told, Understood
from shared.conversation.understanding.when import When

__all__ = ["Act", "Told", "Understood", "When"]
