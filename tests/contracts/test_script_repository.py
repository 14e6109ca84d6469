"""Every ScriptRepository keeps the same promises, and every brief tells the script of its call."""

from dataclasses import replace
from datetime import timedelta

import pytest

from shared.calls import CallAttempt
from shared.campaigns import CallingPlan
from shared.conversation.script_versions import ScriptDraft, ScriptHead, ScriptVersion
from shared.kernel.errors import Conflict
from shared.leads import LeadStatus
from tests.contracts.backends import Backend
from tests.contracts.nouns import NOON, SELLER, make_campaign, make_lead
from tests.contracts.test_inbound_repositories import admit, ringing_in

HEAD = ScriptHead(name="rental", seller_id=None, made_at=NOON, made_by="kim")
DRAFT = ScriptDraft(name="rental", text="name: rental", based_on=1, revision=1, edited_at=NOON, edited_by="kim")
EARLIER = NOON - timedelta(hours=1)


def version(number: int, **changed: object) -> ScriptVersion:
    made = ScriptVersion(
        name="rental", number=number, text=f"v{number}", body=f'{{"v": {number}}}', published_at=EARLIER,
        published_by="kim", note="pets",
    )  # fmt: skip
    return replace(made, **changed)  # type: ignore[arg-type]


def publish(backend: Backend, *versions: ScriptVersion, head: ScriptHead = HEAD) -> None:
    for each in versions:
        backend.scripts.begin(replace(head, name=each.name), replace(DRAFT, name=each.name))
        backend.scripts.publish(each, was=1)


def test_a_draft_is_kept_changed_and_forgotten(backend: Backend) -> None:
    backend.scripts.begin(HEAD, DRAFT)
    changed = replace(DRAFT, text="name: rental\n", revision=2, edited_by="lee")
    backend.scripts.change(changed, was=1)

    assert (backend.scripts.head("rental"), backend.scripts.draft("rental")) == (HEAD, changed)
    assert (backend.scripts.heads(), backend.scripts.drafts()) == ([HEAD], [changed])
    backend.scripts.drop("rental")
    assert backend.scripts.draft("rental") is None
    backend.scripts.drop("rental")


def test_a_second_draft_of_a_script_is_refused(backend: Backend) -> None:
    backend.scripts.begin(HEAD, DRAFT)

    with pytest.raises(Conflict, match="draft already"):
        backend.scripts.begin(HEAD, DRAFT)


def test_a_script_stays_whose_it_is(backend: Backend) -> None:
    backend.scripts.begin(HEAD, DRAFT)
    backend.scripts.drop("rental")

    with pytest.raises(Conflict, match="somebody else"):
        backend.scripts.begin(replace(HEAD, seller_id=SELLER.id), DRAFT)
    assert backend.scripts.draft("rental") is None


def test_who_read_an_older_draft_changes_and_publishes_nothing(backend: Backend) -> None:
    backend.scripts.begin(HEAD, DRAFT)
    backend.scripts.change(replace(DRAFT, revision=2), was=1)

    with pytest.raises(Conflict, match="meanwhile"):
        backend.scripts.change(replace(DRAFT, text="mine", revision=2), was=1)
    with pytest.raises(Conflict, match="meanwhile"):
        backend.scripts.publish(version(2), was=1)
    assert backend.scripts.versions("rental") == []
    assert backend.scripts.draft("rental") == replace(DRAFT, revision=2)


def test_versions_are_kept_in_order_and_take_the_drafts_place(backend: Backend) -> None:
    publish(backend, version(2), version(3), version(1, name="mine"), head=HEAD)

    assert backend.scripts.versions("rental") == [version(2), version(3)]
    assert backend.scripts.version("rental", 3) == version(3)
    assert backend.scripts.version("rental", 9) is None
    assert [(head.name, number) for head, number in backend.scripts.numbers()] == [("mine", 1), ("rental", 3)]
    assert backend.scripts.draft("rental") is None


def test_a_number_is_published_once(backend: Backend) -> None:
    publish(backend, version(2))
    backend.scripts.begin(HEAD, DRAFT)

    with pytest.raises(Conflict, match="version 2"):
        backend.scripts.publish(version(2, text="another"), was=1)
    assert backend.scripts.version("rental", 2) == version(2)
    assert backend.scripts.draft("rental") == DRAFT


def spoken_in(backend: Backend, attempt: CallAttempt) -> tuple[str, int, str]:
    brief = backend.briefs.get(attempt.id)
    return brief.script, brief.script_version, brief.script_body


@pytest.mark.parametrize(
    ("wanted", "told"),
    [
        ("rental", ("rental", 3, '{"v": 3}')),
        ("rental@2", ("rental", 2, '{"v": 2}')),
        ("rental@4", ("rental", 4, '{"v": 4}')),
        ("rental@1", ("rental", 1, "")),
        ("buyer_portal", ("buyer_portal", 1, "")),
    ],
)
def test_a_call_speaks_its_campaigns_version_or_the_newest_when_it_was_planned(
    backend: Backend, wanted: str, told: tuple[str, int, str]
) -> None:
    publish(backend, version(2), version(3), version(4, published_at=NOON + timedelta(seconds=1)))
    backend.campaigns.save(make_campaign(script=wanted))

    assert spoken_in(backend, backend.plan()) == told


def test_a_call_that_goes_on_keeps_its_version(backend: Backend) -> None:
    publish(backend, version(2))
    backend.campaigns.save(make_campaign(script="rental"))
    attempt = backend.plan()
    before = spoken_in(backend, attempt)
    publish(backend, version(3, published_at=NOON + timedelta(minutes=1)))

    brief = backend.briefs.get(attempt.id, part=1)
    assert (brief.script, brief.script_version, brief.script_body) == before == ("rental", 2, '{"v": 2}')


@pytest.mark.parametrize(
    ("first_name", "inbound_script", "told"),
    [
        ("", None, ("inbound", 1)),
        ("Ada", None, ("seller", 1)),
        ("", "rental@2", ("rental", 2)),
        ("Ada", "rental", ("rental", 2)),
    ],
)
def test_who_calls_us_hears_the_script_for_them(
    backend: Backend, first_name: str, inbound_script: str | None, told: tuple[str, int]
) -> None:
    publish(backend, version(2))
    backend.campaigns.save(replace(make_campaign(), plan=CallingPlan(inbound_script=inbound_script)))
    lead = make_lead(first_name=first_name, status=LeadStatus.NEW, next_attempt_at=None)
    attempt = admit(backend, ringing_in(lead), lead)

    assert spoken_in(backend, attempt)[:2] == told
