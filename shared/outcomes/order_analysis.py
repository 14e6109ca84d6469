"""Have a call analysed that is over: once when it is closed, and again whenever somebody wants it."""

from shared.calls import Direction
from shared.campaigns.script_ref import ScriptRef
from shared.conversation.after.analysis import AnalysisOrder
from shared.conversation.offer import clock_of_person
from shared.conversation.script_book import ScriptBook
from shared.kernel.errors import NotFound
from shared.kernel.ids import AttemptId
from shared.kernel.outbox import NewMessage
from shared.outcomes.close import Closing

ANALYSE = "analyse"
"""The topic of orders to analyse a call; the voice node takes them, with all they need."""


class NothingSaid(NotFound):
    """There is nothing to analyse: no person was heard in the call, or its report has not come."""

    def __init__(self, attempt_id: AttemptId) -> None:
        super().__init__(f"nobody spoke in call {attempt_id}, or its report has not come yet")


def analysis_order(attempt_id: AttemptId, *, closing: Closing, scripts: ScriptBook) -> NewMessage:
    """The order for the node to analyse a call.

    Raises:
        NotFound: There is no such attempt, or the script that it spoke is gone.
        NothingSaid: There is nothing to analyse.
    """
    attempt, report = closing.calls.get(attempt_id), closing.reports.get(attempt_id)
    if report is None or not any(turn.speaker == "caller" for turn in report.turns):
        raise NothingSaid(attempt_id)
    lead, campaign = closing.leads.get(attempt.lead_id), closing.campaigns.get(attempt.campaign_id)
    seller = closing.campaigns.seller(attempt.seller_id)
    spoken = scripts.version(report.script or ScriptRef.of(campaign.script).name, report.script_version)
    order = AnalysisOrder(
        report=report,
        disposition=closing.calls.disposition(attempt_id),
        script=spoken.name,
        script_body=spoken.body,
        seller_name=seller.registered_name,
        callback_number=seller.callback_number,
        first_name=lead.first_name,
        subject=lead.subject,
        timezone=clock_of_person(lead.timezone, phone=attempt.phone, agents=()),
        direction="inbound" if attempt.direction is Direction.INBOUND else "outbound",
        recorded=campaign.plan.recorded,
    )
    return NewMessage(topic=ANALYSE, body=order.model_dump(mode="json"), group=attempt.seller_id)
