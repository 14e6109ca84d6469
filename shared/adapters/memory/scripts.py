"""Scripts and their versions in memory."""

from collections.abc import Sequence

from shared.adapters.memory.store import MemoryStore
from shared.conversation.script_versions import ScriptDraft, ScriptHead, ScriptVersion
from shared.kernel.errors import Conflict


class MemoryScriptRepository:
    """``ScriptRepository`` in memory."""

    def __init__(self, store: MemoryStore | None = None) -> None:
        self._store = store or MemoryStore()

    def heads(self) -> Sequence[ScriptHead]:
        with self._store.lock:
            return [head for _, head in sorted(self._store.scripts.items())]

    def head(self, name: str) -> ScriptHead | None:
        return self._store.scripts.get(name)

    def versions(self, name: str) -> Sequence[ScriptVersion]:
        with self._store.lock:
            return [each for (of, _), each in sorted(self._store.script_versions.items()) if of == name]

    def version(self, name: str, number: int) -> ScriptVersion | None:
        return self._store.script_versions.get((name, number))

    def numbers(self) -> Sequence[tuple[ScriptHead, int]]:
        with self._store.lock:
            newest = dict(sorted(self._store.script_versions))
            return [(self._store.scripts[name], number) for name, number in newest.items()]

    def drafts(self) -> Sequence[ScriptDraft]:
        with self._store.lock:
            return [draft for _, draft in sorted(self._store.script_drafts.items())]

    def draft(self, name: str) -> ScriptDraft | None:
        return self._store.script_drafts.get(name)

    def begin(self, head: ScriptHead, draft: ScriptDraft) -> None:
        with self._store.lock:
            if self._store.scripts.get(head.name, head).seller_id != head.seller_id:
                raise Conflict(f"script {head.name!r} belongs to somebody else")
            if draft.name in self._store.script_drafts:
                raise Conflict(f"script {draft.name!r} has a draft already")
            self._store.scripts.setdefault(head.name, head)
            self._store.script_drafts[draft.name] = draft

    def change(self, draft: ScriptDraft, *, was: int) -> None:
        with self._store.lock:
            self._expect(draft.name, was)
            self._store.script_drafts[draft.name] = draft

    def drop(self, name: str) -> None:
        with self._store.lock:
            self._store.script_drafts.pop(name, None)

    def publish(self, version: ScriptVersion, *, was: int) -> None:
        with self._store.lock:
            self._expect(version.name, was)
            if (version.name, version.number) in self._store.script_versions:
                raise Conflict(f"version {version.number} of script {version.name!r} is published")
            self._store.script_versions[version.name, version.number] = version
            del self._store.script_drafts[version.name]

    def _expect(self, name: str, revision: int) -> None:
        draft = self._store.script_drafts.get(name)
        if draft is None or draft.revision != revision:
            raise Conflict(f"the draft of script {name!r} was changed or published meanwhile")
