"""How well the recogniser heard: what people really said against what the agent understood of it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import jiwer

from infra.simulator.people.persona import MACHINES, Persona
from voice_node.speech.spoken import spoken


@dataclass(frozen=True, kw_only=True)
class HeardCall:
    """One call: the lines spoken into it, and the words recognised on it."""

    phone: str
    said: Sequence[str]
    heard: Sequence[str]


def word_error_rates(calls: Sequence[HeardCall], personas: Sequence[Persona]) -> Mapping[str, float | None]:
    """Word error rate (substitutions, deletions and insertions per word spoken) on known and on new lines.

    ``None`` where nobody spoke such lines. Machines are not counted: nobody hears them out.
    """
    kinds = {persona.phone: persona.lines for persona in personas if persona.telephone not in MACHINES}
    return {
        f"{kind}_lines": _rate([call for call in calls if kinds.get(call.phone) == kind]) for kind in ("known", "new")
    }


def _rate(calls: Sequence[HeardCall]) -> float | None:
    pairs = [(_joined(call.said), _joined(call.heard)) for call in calls]
    spoken = [(said, heard) for said, heard in pairs if said]
    if not spoken:
        return None
    return float(jiwer.wer([said for said, _ in spoken], [heard for _, heard in spoken]))


def _joined(lines: Sequence[str]) -> str:
    return spoken(" ".join(lines))
