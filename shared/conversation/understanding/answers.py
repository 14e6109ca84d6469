"""What a turn answers by the question before it: a time named against another is a no, thanks at the end are one."""

from collections.abc import Sequence
from zoneinfo import ZoneInfo

from shared.conversation.brief import OpenSlot
from shared.conversation.understanding.acts import Act
from shared.conversation.understanding.when import When

_SURE_YES = frozenset({"yes", "yeah", "yep", "yup", "sure", "please"})
_SURE_NO = frozenset({"no", "nope", "nah"})
_MORE = frozenset({
    Act.WAIT, Act.REPEAT, Act.WANTS_APPOINTMENT, Act.CALL_LATER, Act.SEND_WRITTEN, Act.WANTS_PERSON,
})  # fmt: skip


def of_read_back(
    acts: frozenset[Act], when: When | None, *, offered: Sequence[OpenSlot], timezone: ZoneInfo
) -> frozenset[Act]:
    """The acts of an answer to one time that was read back: naming another is a no, naming the same a yes."""
    if len(offered) != 1 or when is None or (Act.NEITHER in acts and Act.COUNTER not in acts):
        return acts
    if when.fits(offered[0].starts_at.astimezone(timezone)):
        return acts if Act.NO in acts else acts | {Act.YES}
    return acts - {Act.YES} | {Act.NO, Act.COUNTER}


def of_last_question(acts: frozenset[Act], words: str) -> frozenset[Act]:
    """The acts of an answer to whether there is anything else: a no counts whatever follows it, and thanks are one."""
    said = words.split()
    if not _SURE_NO.isdisjoint(said[:3]) or (Act.NO in acts and _SURE_YES.isdisjoint(said)):
        return acts - {Act.YES} | {Act.NO}
    is_thanks = bool(acts & {Act.THANK, Act.GOODBYE}) and not acts & _MORE
    return acts - {Act.YES} | {Act.NO} if is_thanks and _SURE_YES.isdisjoint(said) else acts
