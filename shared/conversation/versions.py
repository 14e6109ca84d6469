"""Which versions a call was held with, as its report keeps them."""

from shared.conversation.brief import CallBrief
from shared.conversation.prompt_templates import reply_version
from shared.conversation.report import SpokenVersions

SCRIPT_ALONE = "script"
"""What stands for the model where the script words every line."""


def spoken_versions(brief: CallBrief, *, model: str) -> SpokenVersions:
    """The versions of a call's words; without a model no prompt was used."""
    prompt = "" if model == SCRIPT_ALONE else reply_version(brief.prompt)
    return SpokenVersions(prompt=prompt, model=model, voice=brief.agent_voice)
