"""``reauto check``: red lines, what to do about them, and the exit status."""

import pytest

from infra.cli.check import NotReadyToRing
from shared.adapters.memory.account import MemoryCarrierAccount
from shared.campaigns.own_number import OwnNumber
from shared.reports.readiness import AccountFacts, CarrierNumber
from tests.functions.desk import PUBLIC, Desk
from tests.infra.cli.office import Office
from tests.shared.calls.world import NOON, SELLER

NUMBER = "+15125550000"
AT_CARRIER = CarrierNumber(phone=NUMBER, has_voice=True, voice_url=f"{PUBLIC}/v1/twilio/inbound")


def sound_office() -> Office:
    """An office where nothing stands against ringing people."""
    facts = AccountFacts(status="active", kind="Full", numbers=(AT_CARRIER,))
    office = Office(desk=Desk(carrier_account=MemoryCarrierAccount(facts)))
    office.desk.world.render_opening()
    own = OwnNumber(phone=NUMBER, seller_id=SELLER.id, added_at=NOON, authorisation="letter")
    office.desk.services.own_numbers.save(own)
    return office


def test_an_office_in_order_is_ready() -> None:
    said = sound_office().run("check")

    assert "Ready to ring people." in said
    assert "✗" not in said


def test_a_stopped_office_is_not_and_says_how_to_go_on() -> None:
    office = sound_office()
    office.run("stop", "--reason", "a fire drill")

    with pytest.raises(NotReadyToRing, match="stop switch"):
        office.run("check")


def test_a_new_office_says_what_it_lacks(office: Office) -> None:
    with pytest.raises(NotReadyToRing, match="number"):
        office.run("check")
