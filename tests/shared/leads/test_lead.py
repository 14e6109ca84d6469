"""A lead moves only through its methods, and never out of an opt-out."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime

import pytest

from shared.kernel.ids import LeadId, SellerId
from shared.leads import Lead, LeadStatus, OptedOut

NOW = datetime(2026, 11, 23, 16, tzinfo=UTC)
ADA = Lead(
    id=LeadId("ada"),
    seller_id=SellerId("harbor"),
    phone="+15125550142",
    first_name="Ada",
    status=LeadStatus.READY,
    next_attempt_at=NOW,
    created_at=NOW,
)


def test_a_claim_counts_an_attempt_and_plans_no_other() -> None:
    claimed = ADA.claimed()

    assert (claimed.status, claimed.attempts, claimed.next_attempt_at) == (LeadStatus.CLAIMED, 1, None)


def test_a_postponed_lead_is_ready_again_later() -> None:
    later = ADA.claimed().postponed_to(NOW)

    assert (later.status, later.next_attempt_at) == (LeadStatus.READY, NOW)


def test_a_call_without_a_score_leaves_the_earlier_one() -> None:
    scored = replace(ADA, score=60)
    after = scored.after_call(LeadStatus.READY, disposition="no_answer", score=None, at=NOW)

    assert (after.score, after.disposition, after.next_attempt_at) == (60, "no_answer", NOW)


@pytest.mark.parametrize(
    "change",
    [
        lambda lead: lead.postponed_to(NOW),
        lambda lead: lead.after_call(LeadStatus.QUALIFIED, disposition="opted_out", score=None, at=NOW),
    ],
)
def test_nothing_brings_a_lead_back_from_an_opt_out(change: Callable[[Lead], Lead]) -> None:
    gone = change(ADA.opted_out())

    assert (gone.status, gone.next_attempt_at) == (LeadStatus.OPTED_OUT, None)


def test_a_lead_that_opted_out_cannot_be_claimed() -> None:
    with pytest.raises(OptedOut, match="ada"):
        ADA.opted_out().claimed()
