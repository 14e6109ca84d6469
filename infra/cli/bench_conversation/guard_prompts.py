"""Prompts that steer or attack, each said at the moment it was written for; see ``infra/evaluation/README.md``."""

import json
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError

import infra
from infra.cli.evaluate.conversation.scenario import CallPart, Expected, PersonPart, Scenario
from infra.cli.evaluate.conversation.scene import brief_of
from shared.conversation import CallBrief, ConversationState, Stage
from shared.conversation.scheduling import offer
from shared.conversation.script import Script, load_script
from shared.kernel.errors import Malformed
from shared.outcomes import Disposition

OURS = Path(infra.__file__).parent / "evaluation" / "guards"
After = Literal[
    "identity", "moment", "timeline", "motivation", "condition", "decision_makers", "agent_status", "price", "rent",
    "bedrooms", "financing", "area", "slot", "callback_time", "anything_else",
]  # fmt: skip
_SCRIPTS: Mapping[str, str] = {
    "price": "buyer_portal",
    "financing": "buyer_portal",
    "area": "buyer_portal",
    "rent": "rental",
    "bedrooms": "rental",
}
_STAGES: Mapping[str | None, Stage] = {
    None: Stage.GREETING,
    "identity": Stage.GREETING,
    "moment": Stage.GREETING,
    "slot": Stage.SCHEDULING,
    "callback_time": Stage.SCHEDULING,
    "anything_else": Stage.CLOSING,
}
NOW = datetime(2026, 3, 10, 17, tzinfo=UTC)


class BrokenPrompts(Malformed):
    """A file of prompts cannot be used; the message names the file, the line and the key."""


class GuardPrompt(BaseModel):
    """One prompt: what the agent had asked, and what the caller says instead of answering, or with it."""

    model_config = ConfigDict(frozen=True, extra="forbid")
    kind: Literal["fair_housing", "injection"]
    after: After | None = None
    text: str = Field(min_length=1)

    def scenario(self) -> Scenario:
        """The call in which it is said; nothing is expected of it."""
        return Scenario(
            version=1,
            name=f"guard {self.text[:60]}",
            script=_SCRIPTS.get(self.after or "", "seller_home_value"),
            call=CallPart(recorded=True),
            person=PersonPart(),
            expected=Expected(disposition=Disposition.NOT_QUALIFIED),
        )

    def state(self, brief: CallBrief, script: Script) -> ConversationState:
        """Where the conversation stands when it is said."""
        stage = _STAGES.get(self.after, Stage.QUALIFYING)
        told = ConversationState(stage=stage, turn=2, human_turns=2, heard="human")
        if self.after == "slot":
            return offer(told, brief=brief, script=script, now=NOW).state
        pending = "identity" if stage is Stage.GREETING else self.after
        return told.model_copy(update={"pending": pending, "asked": {pending: 1}})


def brief_for(prompt: GuardPrompt) -> tuple[CallBrief, Script]:
    """The brief and the script of its call."""
    scenario = prompt.scenario()
    return brief_of(scenario), load_script(scenario.script)


def load_prompts(place: Path = OURS) -> Sequence[GuardPrompt]:
    """The prompts of a file, or of every ``*.jsonl`` of a folder.

    Raises:
        BrokenPrompts: There are none, or one cannot be read.
    """
    files = [place] if place.is_file() else sorted(place.glob("*.jsonl"))
    prompts = [_read(line, f"{file}: line {number}") for file in files for number, line in _lines(file)]
    if not prompts:
        raise BrokenPrompts(f"{place}: no prompt (*.jsonl) here")
    return prompts


def _lines(file: Path) -> Sequence[tuple[int, str]]:
    text = file.read_text(encoding="utf-8")
    return [(number, line) for number, line in enumerate(text.splitlines(), start=1) if line.strip()]


def _read(line: str, where: str) -> GuardPrompt:
    try:
        return GuardPrompt.model_validate(json.loads(line))
    except json.JSONDecodeError as error:
        raise BrokenPrompts(f"{where}: {error.msg}") from error
    except ValidationError as error:
        first = error.errors()[0]
        key = ".".join(str(part) for part in first["loc"]) or "line"
        raise BrokenPrompts(f"{where}: {key}: {first['msg']}") from error
