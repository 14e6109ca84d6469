"""Do-not-call lists: our own and copies of others', and why a number may or may not be rung."""

from datetime import date
from typing import Annotated

from fastapi import APIRouter, Body, Query

from functions.api.access import Reach
from functions.api.list_shapes import (
    LONGEST_PART,
    CopyShown,
    ImportBody,
    LeadVerdict,
    ListingShown,
    NumberShown,
    PartShown,
    SignOffBody,
    SignOffShown,
    SuppressionBody,
    SuppressionShown,
)
from functions.bootstrap import Services
from shared.calls.decide import decide
from shared.calls.reopen import reopen_after_import, reopen_after_sign_off
from shared.campaigns.sign_off import SignOff
from shared.kernel.errors import Malformed
from shared.kernel.ids import SellerId
from shared.kernel.phone import normalise
from shared.leads import Lead, Suppression, SuppressionReason
from shared.leads.import_registry import add_internal, add_part, check_date, new_copy
from shared.leads.location import plausible_states
from shared.leads.places import places
from shared.leads.registry import Registry, RegistryCopy

router = APIRouter(prefix="/v1", tags=["lists"])
Lines = Annotated[bytes, Body(media_type="text/csv")]


@router.post("/suppressions", status_code=201)
def add_suppression(body: SuppressionBody, services: Reach) -> SuppressionShown:
    """Put a number on our own list, for good: entries are kept and never taken off."""
    entry = Suppression(
        phone=normalise(body.phone),
        reason=SuppressionReason(body.reason),
        at=services.clock.now(),
        seller_id=_seller(body.seller_id, services),
        evidence=body.evidence,
    )
    services.suppressions.add(entry)
    return SuppressionShown.of(entry)


@router.get("/suppressions")
def list_suppressions(
    services: Reach, limit: Annotated[int, Query(ge=1, le=1000)] = 100
) -> tuple[SuppressionShown, ...]:
    """The numbers that went on our own list last."""
    return tuple(SuppressionShown.of(entry) for entry in services.suppressions.newest(limit=limit))


@router.post("/suppressions/imports", status_code=201)
def begin_import(body: ImportBody, services: Reach) -> PartShown:
    """Take in a copy of a list; it replaces an older one at the moment it is complete."""
    now = services.clock.now()
    if body.registry == "internal":
        check_date(body.taken_on, now)
        return _add_internal(body.text, body.taken_on, _seller(body.seller_id, services), services)
    area_codes = () if body.area_codes == "all" else body.area_codes
    if not area_codes and body.area_codes != "all":
        raise Malformed('area_codes: name those that the copy was bought for, or "all"')
    copy = new_copy(
        services.new_id(),
        Registry(body.registry),
        state=body.state,
        taken_on=body.taken_on,
        area_codes=area_codes,
        account=body.account,
        now=now,
    )
    services.registries.begin(copy)
    report = add_part(copy.id, body.text, registries=services.registries, despite_bad_lines=body.despite_bad_lines)
    if not body.is_complete:
        return PartShown.of(copy.id, report)
    finished = services.registries.finish(copy.id, at=now, is_empty=body.is_empty)
    return PartShown.of(copy.id, report, reopened=_reopened(finished, services))


@router.post("/suppressions/imports/internal/numbers")
def add_internal_numbers(lines: Lines, services: Reach, taken_on: date, seller_id: str | None = None) -> PartShown:
    """Put numbers, one a line, on our own list."""
    check_date(taken_on, services.clock.now())
    return _add_internal(_text(lines), taken_on, _seller(seller_id, services), services)


@router.post("/suppressions/imports/{copy_id}/numbers")
def add_numbers(copy_id: str, lines: Lines, services: Reach, despite_bad_lines: bool = False) -> PartShown:
    """Put numbers, one a line, into a copy that was begun; many that cannot be read are refused with all others."""
    registries = services.registries
    report = add_part(copy_id, _text(lines), registries=registries, despite_bad_lines=despite_bad_lines)
    return PartShown.of(copy_id, report)


@router.post("/suppressions/imports/{copy_id}/finish")
def finish_import(copy_id: str, services: Reach, is_empty: bool = False) -> CopyShown:
    """Let the copy count from now on, and whom the copies before forbade to ring wait again. Safe to repeat.

    A copy without any number is refused, unless it is said that the list is empty.
    """
    copy = services.registries.finish(copy_id, at=services.clock.now(), is_empty=is_empty)
    return CopyShown.of(copy, reopened=_reopened(copy, services))


@router.get("/suppressions/copies")
def list_copies(services: Reach) -> tuple[CopyShown, ...]:
    """Every copy of a registry, the newest first."""
    return tuple(CopyShown.of(copy) for copy in services.registries.copies())


@router.get("/numbers/{phone}")
def show_number(phone: str, services: Reach) -> NumberShown:
    """Why the number may or may not be rung now, for every lead that has it."""
    known = normalise(phone)
    leads = services.leads.of_phone(known)
    states = sorted({state for lead in leads for state in plausible_states(lead)} or set(places().states))
    return NumberShown(
        phone=known,
        suppressions=tuple(SuppressionShown.of(entry) for entry in services.suppressions.of_phone(known)),
        listings=tuple(
            ListingShown(
                registry=each.registry.value,
                state=each.state,
                taken_on=each.taken_on,
                covers=each.covers,
                is_listed=each.is_listed,
            )
            for each in services.registries.listings(known, states=states)
        ),
        consents=len(services.consents.of_phone(known)),
        leads=tuple(verdict for lead in leads if (verdict := _verdict(lead, services)) is not None),
    )


@router.post("/sellers/{seller_id}/sign-offs", status_code=201)
def sign_off(seller_id: SellerId, body: SignOffBody, services: Reach) -> SignOffShown:
    """Keep what the seller's counsel signed for a state; the newest counts, and whom it lets ring waits again."""
    services.campaigns.seller(seller_id)
    if body.state not in places().states:
        raise Malformed(f"state: there is no {body.state!r}: write two letters like FL")
    signed = SignOff(
        seller_id=seller_id,
        state=body.state,
        policy=body.policy,
        signed_by=body.signed_by,
        signed_at=services.clock.now(),
        licence=body.licence,
        note=body.note,
    )
    services.sign_offs.add(signed)
    reopened = reopen_after_sign_off(signed, reopening=services.reopening, now=services.clock.now())
    return SignOffShown.of(signed, reopened=reopened)


@router.get("/sellers/{seller_id}/sign-offs")
def list_sign_offs(seller_id: SellerId, services: Reach) -> tuple[SignOffShown, ...]:
    """The newest signature for each state."""
    services.campaigns.seller(seller_id)
    return tuple(SignOffShown.of(each) for each in services.sign_offs.of_seller(seller_id))


def _reopened(copy: RegistryCopy, services: Services) -> int:
    return reopen_after_import(copy, reopening=services.reopening, now=services.clock.now())


def _verdict(lead: Lead, services: Services) -> LeadVerdict | None:
    if lead.campaign_id is None:
        return None
    campaign, now = services.campaigns.get(lead.campaign_id), services.clock.now()
    facts = services.sources.for_claim(lead, campaign, free_slots=services.capacity.free(), now=now)
    return LeadVerdict.of(lead, campaign=campaign.name, permission=decide(facts, now=now))


def _add_internal(text: str, taken_on: date, seller_id: SellerId | None, services: Services) -> PartShown:
    report = add_internal(
        text,
        suppressions=services.suppressions,
        taken_on=taken_on,
        seller_id=seller_id,
        now=services.clock.now(),
    )
    return PartShown.of(None, report)


def _seller(seller_id: str | None, services: Services) -> SellerId | None:
    return services.campaigns.seller(SellerId(seller_id)).id if seller_id else None


def _text(lines: bytes) -> str:
    if len(lines) > LONGEST_PART:
        raise Malformed("the list is longer than 6 MB: send it in parts")
    try:
        return lines.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise Malformed("the list is not UTF-8 text") from error
