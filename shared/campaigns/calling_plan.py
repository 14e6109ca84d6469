"""How a campaign rings: at which hours, how fast, in which variants, and when it stops itself."""

import re
from dataclasses import dataclass, field
from datetime import timedelta
from enum import StrEnum

from shared.campaigns.breaker import BreakerLimits
from shared.campaigns.experiment import Experiment, Variant
from shared.campaigns.score_cuts import ScoreCuts
from shared.kernel.errors import Malformed
from shared.kernel.money import Money
from shared.kernel.week import Week

TOLL_FREE = re.compile(r"\+18(00|33|44|55|66|77|88)\d{7}")
"""Numbers that cost the caller nothing; the others of the 8xx kind are not in use."""


class VoicemailPolicy(StrEnum):
    """What is said to a voicemail."""

    NONE = "none"
    MESSAGE = "message"


@dataclass(frozen=True, kw_only=True)
class CallingPlan:
    """The way one campaign rings.

    ``hours`` are on the called person's clock, within those of the law; none mean every hour of the law.
    ``calls_per_minute`` paces the dials, ``inbound_reserve`` keeps so many of all slots free for people who call us.
    A voicemail hears ``voicemail_text`` only with the policy ``message``, which takes a toll-free ``opt_out_number``
    (E.164). ``first_call_within`` is the promise to people who have just asked; ``call_limit`` the most that one call
    may cost. Calls that are ``recorded`` say so in their first words; the others are not recorded.
    Whoever calls us hears ``inbound_script``; without one a stranger hears that for strangers, others the campaign's.
    ``cuts`` say which score makes a lead hot.
    """

    hours: Week = ()
    calls_per_minute: int = 60
    voicemail: VoicemailPolicy = VoicemailPolicy.NONE
    voicemail_text: str = ""
    opt_out_number: str | None = None
    experiment: Experiment | None = None
    breaker: BreakerLimits = field(default_factory=BreakerLimits)
    inbound_reserve: int = 0
    first_call_within: timedelta = timedelta(seconds=60)
    call_limit: Money | None = None
    recorded: bool = True
    inbound_script: str | None = None
    cuts: ScoreCuts = field(default_factory=ScoreCuts)

    def __post_init__(self) -> None:
        """Refuse a plan that cannot be kept or that the law forbids."""
        if self.calls_per_minute < 1 or self.inbound_reserve < 0 or self.first_call_within <= timedelta(0):
            raise Malformed("at least one call a minute, a reserve of zero or more, and some time for the first call")
        if self.voicemail is VoicemailPolicy.MESSAGE:
            if not self.voicemail_text.strip():
                raise Malformed("voicemail: a message needs a text")
            if not TOLL_FREE.fullmatch(self.opt_out_number or ""):
                raise Malformed("voicemail: a message needs a toll-free number (such as +18005550100) to opt out at")

    def variant_of(self, name: str | None, phone: str) -> Variant | None:
        """The contact's variant: the one they have, else the one that is drawn; ``None`` without an experiment."""
        if self.experiment is None:
            return None
        return self.experiment.named(name) or self.experiment.variant_for(phone)

    def scripts(self, own: str) -> tuple[str, ...]:
        """Every script that may be spoken; ``own`` is the campaign's."""
        variants = self.experiment.variants if self.experiment else ()
        named = (own, *(variant.script for variant in variants), self.inbound_script)
        return tuple(dict.fromkeys(script for script in named if script))

    @property
    def prompts(self) -> tuple[str, ...]:
        """Every version of a prompt that a variant names."""
        variants = self.experiment.variants if self.experiment else ()
        return tuple(dict.fromkeys(variant.prompt for variant in variants if variant.prompt))

    def voices(self, own: str) -> tuple[str, ...]:
        """Every voice that may be heard; ``own`` is the campaign's."""
        variants = self.experiment.variants if self.experiment else ()
        return tuple(dict.fromkeys((own, *(variant.voice for variant in variants if variant.voice))))
