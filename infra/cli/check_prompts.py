"""The templates of what language models are told, as ``reauto check`` looks at them."""

from shared.conversation.prompt_lint import prompt_findings
from shared.conversation.prompt_templates import Purpose, newest, templates
from shared.kernel.errors import Malformed

ABOUT = "prompts"


def prompt_checks() -> list[dict[str, str]]:
    """One line for all of them, or one for each that may not be used."""
    try:
        found = prompt_findings()
        used = ", ".join(newest(purpose).label for purpose in Purpose)
    except Malformed as fault:
        return [_line(ABOUT, "bad", str(fault), "mend the file in shared/conversation/prompts")]
    if not found:
        return [_line(ABOUT, "good", f"{len(templates())} versions, in use: {used}", "")]
    return [
        _line(f"{ABOUT}: {label}", "bad", "; ".join(faults), "give the prompt a new number and mend it there")
        for label, faults in found.items()
    ]


def _line(about: str, grade: str, seen: str, todo: str) -> dict[str, str]:
    return {"about": about, "grade": grade, "seen": seen, "todo": todo}
