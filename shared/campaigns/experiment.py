"""An experiment: the same campaign in several variants, each contact always in the same one."""

import hashlib
import math
from dataclasses import dataclass

from shared.kernel.errors import Malformed


@dataclass(frozen=True, kw_only=True)
class Variant:
    """One way to hold the call. ``weight`` is its share beside the others'; what is ``None`` is the campaign's own.

    ``prompt`` is a version of what a language model is told, such as ``reply-3``; ``None`` is the newest published one.
    """

    name: str
    weight: int = 1
    script: str | None = None
    voice: str | None = None
    prompt: str | None = None

    def __post_init__(self) -> None:
        """Refuse a variant that nobody could name or that weighs less than nothing."""
        if not self.name.strip() or self.weight < 0:
            raise Malformed(f"variant {self.name!r}: give it a name, and a weight that is zero or more")


@dataclass(frozen=True, kw_only=True)
class Experiment:
    """Variants against each other. Its name goes into the draw: a new name deals everybody anew."""

    name: str
    variants: tuple[Variant, ...]

    def __post_init__(self) -> None:
        """Refuse an experiment with nothing to compare."""
        names = [variant.name for variant in self.variants]
        if not self.name.strip() or not names or len(set(names)) != len(names):
            raise Malformed(f"experiment {self.name!r}: it needs a name, and variants each with a name of its own")
        if not any(variant.weight for variant in self.variants):
            raise Malformed(f"experiment {self.name!r}: at least one variant must weigh more than zero")

    def variant_for(self, phone: str) -> Variant:
        """The variant of a contact (E.164), drawn by hash: the same wherever and whenever it is asked.

        By weighted rendezvous: a changed weight moves only as many contacts as it must. A lead that has its variant
        already keeps it (``Lead.variant``).
        """
        return max(self.variants, key=lambda variant: _score(self.name, variant, phone))

    def named(self, name: str | None) -> Variant | None:
        """The variant of that name, if it is still one."""
        return next((variant for variant in self.variants if variant.name == name), None)


def _score(experiment: str, variant: Variant, phone: str) -> float:
    if variant.weight == 0:
        return -1.0
    drawn = hashlib.sha256("\x00".join((experiment, variant.name, phone)).encode()).digest()
    share = (int.from_bytes(drawn[:8], "big") + 0.5) / 2**64
    return variant.weight / -math.log(share)
