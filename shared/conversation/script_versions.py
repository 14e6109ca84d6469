"""The versions of scripts: one draft that changes, and what was published, which never does."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from shared.kernel.ids import SellerId

BUILT_IN = 1
"""The version of a script as it comes with the project; what an installation publishes under its name follows it."""


@dataclass(frozen=True, kw_only=True)
class ScriptHead:
    """A script that an installation wrote or changed; ``seller_id`` is whose alone it is, ``None`` everybody's."""

    name: str
    seller_id: SellerId | None
    made_at: datetime
    made_by: str


@dataclass(frozen=True, kw_only=True)
class ScriptVersion:
    """A published version. ``text`` is its YAML as written, ``body`` the whole script as JSON, as calls get it.

    One that came with the project has neither a body, since calls read it from the project, nor a publication.
    """

    name: str
    number: int
    text: str
    body: str = ""
    published_at: datetime | None = None
    published_by: str = ""
    note: str = ""


@dataclass(frozen=True, kw_only=True)
class ScriptDraft:
    """What is to become the next version. ``revision`` counts its changes, ``based_on`` is the version it began as."""

    name: str
    text: str
    based_on: int
    revision: int
    edited_at: datetime
    edited_by: str


class ScriptRepository(Protocol):
    """Where scripts are kept. One method, one transaction."""

    def heads(self) -> Sequence[ScriptHead]:
        """Every script that is kept here, by name."""
        ...

    def head(self, name: str) -> ScriptHead | None:
        """The script of that name, if it is kept here."""
        ...

    def versions(self, name: str) -> Sequence[ScriptVersion]:
        """What was published under the name, oldest first."""
        ...

    def version(self, name: str, number: int) -> ScriptVersion | None:
        """One published version."""
        ...

    def numbers(self) -> Sequence[tuple[ScriptHead, int]]:
        """Every script with a published version, and the number of the newest."""
        ...

    def drafts(self) -> Sequence[ScriptDraft]:
        """Every draft, by name."""
        ...

    def draft(self, name: str) -> ScriptDraft | None:
        """The draft of a script, if there is one."""
        ...

    def begin(self, head: ScriptHead, draft: ScriptDraft) -> None:
        """Keep a new draft, and the script if it is new.

        Raises:
            Conflict: There is a draft, or the script belongs to somebody else.
        """
        ...

    def change(self, draft: ScriptDraft, *, was: int) -> None:
        """Keep a changed draft.

        Raises:
            Conflict: There is no draft with the revision ``was``.
        """
        ...

    def drop(self, name: str) -> None:
        """Forget the draft; nothing happens when there is none."""
        ...

    def publish(self, version: ScriptVersion, *, was: int) -> None:
        """Keep a version for good, in place of the draft.

        Raises:
            Conflict: There is no draft with the revision ``was``, or there is a version of that number.
        """
        ...
