"""Importing a list: the good rows are kept, and the report adds up."""

from datetime import UTC, datetime

from shared.adapters.memory import MemoryConsentRepository, MemoryLeadRepository, MemoryStore
from shared.kernel.ids import CampaignId, SellerId
from shared.leads import LeadStatus
from shared.leads.csv_rows import rows_of_csv
from shared.leads.import_leads import ALREADY_THERE, import_leads
from shared.leads.intake import Intake

NOW = datetime(2026, 11, 23, 16, tzinfo=UTC)
SPRING = CampaignId("spring")
INTAKE = Intake(seller_id=SellerId("harbor"), campaign_id=SPRING, now=NOW)
HEADER = "first name,phone,consent,channels,consent date,consent page\n"


def people(*numbers: int) -> str:
    return HEADER + "".join(
        f"P{number},512555{number:04},I agree to AI calls,ai_voice,2026-11-20,form\n" for number in numbers
    )


def test_good_rows_are_kept_with_their_consents() -> None:
    store = MemoryStore()
    report = import_leads(rows_of_csv(people(*range(1200))), intake=INTAKE, leads=MemoryLeadRepository(store))

    assert (len(report.accepted), len(report.refused), report.rows) == (1200, 0, 1200)
    kept = MemoryLeadRepository(store).of_campaign(SPRING)
    assert [(lead.status, lead.next_attempt_at) for lead in kept] == [(LeadStatus.READY, NOW)] * 1200
    assert len(MemoryConsentRepository(store).of_phone("+15125550007")) == 1


def test_a_second_import_adds_nobody_twice() -> None:
    leads = MemoryLeadRepository(MemoryStore())
    import_leads(rows_of_csv(people(1, 2)), intake=INTAKE, leads=leads)
    again = import_leads(rows_of_csv(people(1, 2, 3)), intake=INTAKE, leads=leads)

    assert [row.lead.first_name for row in again.accepted] == ["P3"]
    assert [(row.line, row.reason) for row in again.refused] == [(2, ALREADY_THERE), (3, ALREADY_THERE)]


def test_a_list_without_a_campaign_waits() -> None:
    leads = MemoryLeadRepository(MemoryStore())
    intake = Intake(seller_id=SellerId("harbor"), campaign_id=None, now=NOW)
    report = import_leads(rows_of_csv(people(1)), intake=intake, leads=leads)

    assert report.accepted[0].lead.next_attempt_at is None


def test_revoked_consents_no_longer_cover() -> None:
    store = MemoryStore()
    import_leads(rows_of_csv(people(1)), intake=INTAKE, leads=MemoryLeadRepository(store))
    consents = MemoryConsentRepository(store)
    consents.revoke("+15125550001", at=NOW)

    (consent,) = consents.of_phone("+15125550001")
    assert consent.revoked_at == NOW
