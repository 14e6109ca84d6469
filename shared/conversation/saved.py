"""What of a call is written down after every turn, so that another process can go on with it."""

from datetime import datetime
from functools import cache
from typing import Any, get_args

from pydantic import TypeAdapter, ValidationError

from shared.conversation.brief import Message
from shared.conversation.moves import Action
from shared.conversation.report import SpokenTurn
from shared.conversation.state import ConversationState
from shared.kernel.errors import Malformed
from shared.kernel.ids import AttemptId


class SavedAction(Message):
    """An action that was begun: its kind is the name of its class."""

    kind: str
    body: dict[str, Any]

    @classmethod
    def of(cls, action: Action) -> "SavedAction":
        """The action as JSON values."""
        kind = type(action).__name__
        body: dict[str, Any] = _kinds()[kind].dump_python(action, mode="json")
        return cls(kind=kind, body=body)

    def action(self) -> Action:
        """The action.

        Raises:
            Malformed: It is none that we know.
        """
        adapter = _kinds().get(self.kind)
        if adapter is None:
            raise Malformed(f"there is no action {self.kind!r}")
        try:
            action: Action = adapter.validate_python(self.body)
        except ValidationError as error:
            raise Malformed(f"the action {self.kind!r} cannot be read") from error
        return action


class SavedTalk(Message):
    """Beside its state, what it takes to go on with a call.

    ``at`` is when it was written (aware UTC), ``script`` what it spoke. ``turns`` is what was said so far, in
    every part. ``unfinished`` was to be done, and nobody knows whether it was.
    """

    attempt_id: AttemptId
    part: int
    at: datetime
    script: str
    script_version: int
    turns: tuple[SpokenTurn, ...] = ()
    unfinished: SavedAction | None = None


def discreet(state: ConversationState) -> ConversationState:
    """The state as it may be written down: without their words where they did not want to be recorded."""
    if not state.off_the_record:
        return state
    return state.model_copy(
        update={"facts": {name: fact.model_copy(update={"quote": ""}) for name, fact in state.facts.items()}}
    )


@cache
def _kinds() -> dict[str, TypeAdapter[Any]]:
    return {each.__name__: TypeAdapter(each) for each in get_args(Action)}
