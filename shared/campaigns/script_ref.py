"""Which script a campaign means: a name alone is its newest version, ``name@2`` is that one for good."""

import re
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from typing import Protocol

from shared.campaigns.campaign import Campaign
from shared.campaigns.experiment import Variant
from shared.kernel.errors import Malformed
from shared.kernel.ids import SellerId

FOR_STRANGERS = "inbound"
"""What a caller hears whom we do not know."""
_REFERENCE = re.compile(r"([^@\s]+)(?:@([1-9][0-9]{0,5}))?")


@dataclass(frozen=True, kw_only=True)
class ScriptRef:
    """A script by name; without a ``number`` the newest version that is published when the call is planned."""

    name: str
    number: int | None = None

    @classmethod
    def of(cls, text: str) -> "ScriptRef":
        """The reference that a campaign holds.

        Raises:
            Malformed: It is neither a name nor a name with a version.
        """
        found = _REFERENCE.fullmatch(text)
        if found is None:
            raise Malformed(f"{text!r} is no script: write its name, or its name and a version such as rental@2")
        return cls(name=found[1], number=int(found[2]) if found[2] else None)


class UsableScripts(Collection[str]):
    """What campaigns of one seller may speak. Holds references with a version, too; tells the names.

    Args:
        newest: The number of the newest published version, by name.
    """

    def __init__(self, newest: Mapping[str, int]) -> None:
        self._newest = newest

    def __contains__(self, wanted: object) -> bool:
        try:
            ref = ScriptRef.of(str(wanted))
        except Malformed:
            return False
        newest = self._newest.get(ref.name)
        return newest is not None and (ref.number is None or ref.number <= newest)

    def __iter__(self) -> Iterator[str]:
        return iter(sorted(self._newest))

    def __len__(self) -> int:
        return len(self._newest)


class Scripts(Protocol):
    """Which scripts there are."""

    def usable(self, seller_id: SellerId) -> Collection[str]:
        """What campaigns of the seller may speak: the installation's scripts and the seller's own."""
        ...


def script_wanted(campaign: Campaign, variant: Variant | None, *, is_inbound: bool, is_stranger: bool) -> str:
    """The reference that a call goes by.

    A caller hears what the campaign keeps for callers; otherwise a stranger the script for strangers, and somebody we
    know what they would have heard from us.
    """
    if is_inbound and campaign.plan.inbound_script is not None:
        return campaign.plan.inbound_script
    if is_inbound and is_stranger:
        return FOR_STRANGERS
    return (variant and variant.script) or campaign.script
