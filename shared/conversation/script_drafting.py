"""Writing scripts: a draft is begun, changed, checked and published; what is published stays as it is."""

import re
from dataclasses import replace
from datetime import datetime

from shared.conversation.script_book import ScriptBook, body_of
from shared.conversation.script_check import LONGEST_FILE, Problem, check_script, faults
from shared.conversation.script_versions import ScriptDraft, ScriptHead, ScriptVersion
from shared.kernel.errors import Conflict, Malformed, NotFound
from shared.kernel.ids import SellerId
from shared.kernel.yaml_text import read_yaml

_NAME = re.compile(r"[a-z][a-z0-9_]{0,59}")
_NAME_LINE = re.compile(r"^name:.*$", re.MULTILINE)
_MOST_TOLD = 8


def begin_draft(
    book: ScriptBook,
    name: str,
    *,
    text: str | None = None,
    like: str | None = None,
    seller_id: SellerId | None = None,
    by: str,
    now: datetime,
) -> ScriptDraft:
    """A draft of the script ``name``: with this text, or like another script or version, or like its own newest one.

    Args:
        book: All scripts.
        name: A script that is there, or a new name.
        text: Its YAML.
        like: A reference such as ``rental`` or ``rental@2`` whose text it takes over.
        seller_id: Whose alone a new script is.
        by: Who begins it.
        now: The present moment, aware.

    Raises:
        Malformed: That is no name, or nothing was said to begin a new script with.
        NotFound: There is nothing like that.
        Conflict: It has a draft already, or belongs to somebody else.
    """
    if not _NAME.fullmatch(name):
        raise Malformed(f"{name!r} is no name: lower-case letters, digits and _, and begin with a letter")
    try:
        newest = book.look(name).newest
    except NotFound:
        newest = 0
        if text is None and like is None:
            raise Malformed(f"script {name!r} is new: give its text, or say which script it is to be like") from None
    taken = text if text is not None else renamed(book.spoken(like or name).text, name)
    draft = ScriptDraft(name=name, text=_fitting(taken), based_on=newest, revision=1, edited_at=now, edited_by=by)
    known = book.repository.head(name)
    if known is not None and seller_id is not None and known.seller_id != seller_id:
        raise Conflict(f"script {name!r} belongs to {known.seller_id or 'all sellers'}")
    head = known or ScriptHead(name=name, seller_id=_owner(book, name, seller_id), made_at=now, made_by=by)
    book.repository.begin(head, draft)
    return draft


def change_draft(book: ScriptBook, name: str, text: str, *, revision: int, by: str, now: datetime) -> ScriptDraft:
    """The draft with another text; ``revision`` is that of the draft which was read.

    Raises:
        NotFound: There is no draft.
        Conflict: Somebody changed it meanwhile.
        Malformed: The text is too long.
    """
    changed = replace(
        drafted(book, name), text=_fitting(text), revision=revision + 1, edited_at=now, edited_by=by
    )  # fmt: skip
    book.repository.change(changed, was=revision)
    return changed


def publish_draft(
    book: ScriptBook, name: str, *, revision: int | None = None, by: str, note: str = "", now: datetime
) -> ScriptVersion:
    """Make the draft the newest version, which calls speak that are planned from now on.

    Raises:
        NotFound: There is no draft.
        Conflict: Somebody changed or published it meanwhile.
        Malformed: It has problems; the first of them are told.
    """
    draft = drafted(book, name)
    found = faults(draft_problems(draft))
    if found:
        more = f" (and {len(found) - _MOST_TOLD} more)" if len(found) > _MOST_TOLD else ""
        raise Malformed("; ".join(str(problem) for problem in found[:_MOST_TOLD]) + more)
    version = ScriptVersion(
        name=name,
        number=book.look(name).newest + 1,
        text=draft.text,
        body=body_of(draft.text),
        published_at=now,
        published_by=by,
        note=note,
    )
    book.repository.publish(version, was=draft.revision if revision is None else revision)
    return version


def revert_to(book: ScriptBook, name: str, number: int, *, by: str, now: datetime) -> ScriptDraft:
    """An old version as a new draft; nothing is spoken before it is published.

    Raises:
        NotFound: There is no such version.
        Conflict: There is a draft already.
    """
    return begin_draft(book, name, text=book.version(name, number).text, by=by, now=now)


def drafted(book: ScriptBook, name: str) -> ScriptDraft:
    """The draft of a script.

    Raises:
        NotFound: There is none.
    """
    draft = book.repository.draft(name)
    if draft is None:
        raise NotFound(f"script {name!r} has no draft")
    return draft


def draft_problems(draft: ScriptDraft) -> tuple[Problem, ...]:
    """What is wrong with a draft, its name included."""
    found = check_script(draft.text, file=draft.name)
    if not faults(found) and read_yaml(draft.text)["name"] != draft.name:
        named = _NAME_LINE.search(draft.text)
        line = draft.text[: named.start() if named else 0].count("\n") + 1
        found += (Problem(file=draft.name, line=line, key="name", says=f"must be {draft.name!r}"),)
    return found


def renamed(text: str, name: str) -> str:
    """The text under another name."""
    return _NAME_LINE.sub(f"name: {name}", text, count=1)


def _fitting(text: str) -> str:
    if not text.strip() or len(text) > LONGEST_FILE:
        raise Malformed(f"a script has some text, and {LONGEST_FILE} characters at most")
    return text


def _owner(book: ScriptBook, name: str, seller_id: SellerId | None) -> SellerId | None:
    """Whose a script becomes: what comes with the project is everybody's."""
    is_built_in = any(look.name == name and look.is_built_in for look in book.looks())
    if is_built_in and seller_id is not None:
        raise Conflict(f"script {name!r} belongs to all sellers: give the seller's own another name")
    return seller_id
