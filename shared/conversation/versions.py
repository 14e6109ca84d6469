"""Which versions a call was held with, as its report keeps them."""

import hashlib

from shared.conversation.brief import CallBrief
from shared.conversation.prompt_templates import reply_version
from shared.conversation.report import SpokenVersions
from shared.conversation.script import Script

SCRIPT_ALONE = "script"
"""What stands for the model where the script words every line."""


def script_digest(script: Script) -> str:
    """A fingerprint of everything that a script says, in hex."""
    return hashlib.sha256(script.model_dump_json().encode()).hexdigest()


def spoken_versions(brief: CallBrief, script: Script, *, model: str) -> SpokenVersions:
    """The versions of a call's words; without a model no prompt was used."""
    return SpokenVersions(
        prompt="" if model == SCRIPT_ALONE else reply_version(brief.prompt),
        script=f"{script.name}@{script_digest(script)[:12]}",
        model=model,
        voice=brief.agent_voice,
    )
