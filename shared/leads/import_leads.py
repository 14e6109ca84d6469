"""Import a list of leads into a campaign: the good rows are kept, every other one is answered for."""

from collections.abc import Iterable, Iterator
from itertools import islice
from typing import TypeVar

from shared.kernel.ids import CampaignId
from shared.leads.csv_rows import Row
from shared.leads.intake import AcceptedRow, Intake, IntakeReport, RefusedRow, judge_rows
from shared.leads.ports import LeadRepository

Item = TypeVar("Item")
BATCH = 500
ALREADY_THERE = "the campaign already has a lead with this number"


def import_leads(rows: Iterable[Row], *, intake: Intake, leads: LeadRepository) -> IntakeReport:
    """Keep the good rows, some hundred in one transaction, and report on all. Safe to repeat.

    Raises:
        Unavailable: The leads cannot be kept; rows of earlier batches are kept, and a repetition finds them there.
    """
    accepted: list[AcceptedRow] = []
    refused: list[RefusedRow] = []
    for batch in _batches(judge_rows(rows, intake)):
        good = [judged for judged in batch if isinstance(judged, AcceptedRow)]
        refused += [judged for judged in batch if isinstance(judged, RefusedRow)]
        known = _known(good, intake.campaign_id, leads)
        fresh = [row for row in good if row.lead.phone not in known]
        kept = leads.add([row.lead for row in fresh], [row.consent for row in fresh]) if fresh else frozenset()
        accepted += [row for row in fresh if row.lead.id in kept]
        refused += [
            RefusedRow(line=row.line, column="phone", reason=ALREADY_THERE) for row in good if row.lead.id not in kept
        ]
    return IntakeReport(accepted=tuple(accepted), refused=tuple(sorted(refused, key=lambda row: row.line)))


def _known(good: list[AcceptedRow], campaign_id: CampaignId | None, leads: LeadRepository) -> frozenset[str]:
    if campaign_id is None or not good:
        return frozenset()
    return leads.known_phones(campaign_id, [row.lead.phone for row in good])


def _batches(items: Iterable[Item]) -> Iterator[list[Item]]:
    iterator = iter(items)
    while batch := list(islice(iterator, BATCH)):
        yield batch
