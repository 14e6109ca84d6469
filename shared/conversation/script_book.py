"""All scripts of an installation: those that come with the project, and what was published here."""

import difflib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

import yaml

from shared.campaigns.script_ref import ScriptRef, UsableScripts
from shared.conversation.script import (
    Script,
    common_phrases,
    parse_script,
    published_script,
    script_names,
    script_text,
    whole_script,
)
from shared.conversation.script_versions import BUILT_IN, ScriptHead, ScriptRepository, ScriptVersion
from shared.kernel.errors import Malformed, NotFound
from shared.kernel.ids import SellerId
from shared.kernel.yaml_text import read_yaml

DRAFT = "draft"


@dataclass(frozen=True, kw_only=True)
class ScriptLook:
    """A script at a glance. ``newest`` is the number of the newest published version; 0 when there is only a draft."""

    name: str
    seller_id: SellerId | None
    newest: int
    published_at: datetime | None
    is_built_in: bool
    has_draft: bool


@dataclass(frozen=True, kw_only=True)
class ScriptBook:
    """Reads scripts. Implements ``Scripts`` of the campaigns."""

    repository: ScriptRepository

    def usable(self, seller_id: SellerId) -> UsableScripts:
        """What campaigns of the seller may speak."""
        newest = dict.fromkeys(script_names(), BUILT_IN)
        kept = self.repository.numbers()
        return UsableScripts(newest | {head.name: n for head, n in kept if head.seller_id in (None, seller_id)})

    def looks(self) -> Sequence[ScriptLook]:
        """Every script, by name."""
        heads = {head.name: head for head in self.repository.heads()}
        drafted = {draft.name for draft in self.repository.drafts()}
        return [self._look(name, heads.get(name), name in drafted) for name in sorted({*heads, *script_names()})]

    def look(self, name: str) -> ScriptLook:
        """One script at a glance.

        Raises:
            NotFound: There is no such script.
        """
        return self._look(name, self._head(name), self.repository.draft(name) is not None)

    def history(self, name: str) -> Sequence[ScriptVersion]:
        """Every published version, oldest first, that of the project included.

        Raises:
            NotFound: There is no such script.
        """
        self._head(name)
        own = [ScriptVersion(name=name, number=BUILT_IN, text=script_text(name))] if name in script_names() else []
        return [*own, *self.repository.versions(name)]

    def version(self, name: str, number: int | None = None) -> ScriptVersion:
        """A published version, the newest without a number.

        Raises:
            NotFound: There is no such script or version.
        """
        published = self.history(name)
        found = [each for each in published if number is None or each.number == number]
        if not found:
            what = f"no version {number} of script {name!r}" if number else f"script {name!r} has only a draft"
            raise NotFound(f"{what}: it has {len(published) or 'no'} published")
        return found[-1]

    def spoken(self, wanted: str) -> ScriptVersion:
        """The version that a reference such as ``rental``, ``rental@2`` or ``rental@draft`` means.

        Raises:
            NotFound: There is no such script, version or draft.
            Malformed: It is no reference.
        """
        name, _, which = wanted.partition("@")
        if which == DRAFT:
            return ScriptVersion(name=name, number=0, text=self.text(name, DRAFT))
        ref = ScriptRef.of(wanted)
        return self.version(ref.name, ref.number)

    def script(self, wanted: str) -> Script:
        """What a reference means, ready to be spoken.

        Raises:
            NotFound: There is no such script, version or draft.
            Malformed: It is no reference, or the draft is no script.
        """
        version = self.spoken(wanted)
        return published_script(version.body or body_of(version.text))

    def text(self, name: str, which: str = "") -> str:
        """The YAML of a version by number, of the ``draft``, or, without either, of the newest version.

        Raises:
            NotFound: There is none.
        """
        if which != DRAFT:
            return self.version(name, int(which) if which.isdigit() else None).text
        draft = self.repository.draft(name)
        if draft is None:
            raise NotFound(f"script {name!r} has no draft")
        return draft.text

    def differences(self, name: str, older: str, newer: str) -> str:
        """What changed from one version to another, as a unified diff; empty when nothing did.

        Raises:
            NotFound: One of them is not there.
        """
        sides = [(f"{name}@{which}", self.text(name, which).splitlines(keepends=True)) for which in (older, newer)]
        (before, first), (after, second) = sides
        return "".join(difflib.unified_diff(first, second, fromfile=before, tofile=after))

    def _head(self, name: str) -> ScriptHead | None:
        head = self.repository.head(name)
        if head is None and name not in script_names():
            known = sorted({*script_names(), *(head.name for head in self.repository.heads())})
            raise NotFound(f"there is no script {name!r}; there are {', '.join(known)}")
        return head

    def _look(self, name: str, head: ScriptHead | None, has_draft: bool) -> ScriptLook:
        published = self.repository.versions(name) if head else ()
        built_in = name in script_names()
        return ScriptLook(
            name=name,
            seller_id=head.seller_id if head else None,
            newest=published[-1].number if published else BUILT_IN * built_in,
            published_at=published[-1].published_at if published else None,
            is_built_in=built_in,
            has_draft=has_draft,
        )


def body_of(text: str) -> str:
    """The whole script of a YAML text as JSON, with what all scripts share today put in.

    Raises:
        Malformed: It is no script.
    """
    try:
        own = read_yaml(text)
    except yaml.YAMLError as error:
        raise Malformed(f"the script cannot be read: {error}") from error
    if not isinstance(own, Mapping):
        raise Malformed("the script cannot be read: it has no keys")
    parse_script(own, shared=common_phrases())
    return json.dumps(whole_script(own, shared=common_phrases()), ensure_ascii=False, sort_keys=False)
