"""Scripts: what the agent says, as versions that are published and never change, and a draft of the next."""

import json
from typing import Annotated

from fastapi import APIRouter, Query

from functions.api.access import Reach
from functions.api.script_shapes import (
    CheckBody,
    CheckShown,
    DiffShown,
    DraftBody,
    DraftChange,
    DraftShown,
    PublishBody,
    RevertBody,
    ScriptShown,
    VersionShown,
    VersionWhole,
)
from functions.bootstrap import Services
from shared.conversation.script_book import DRAFT, body_of
from shared.conversation.script_check import check_script
from shared.conversation.script_drafting import begin_draft, change_draft, drafted, publish_draft, revert_to
from shared.conversation.script_versions import ScriptVersion
from shared.kernel.ids import SellerId

router = APIRouter(prefix="/v1/scripts", tags=["scripts"])
Number = Annotated[int | None, Query(ge=1, description="A version; without one the newest")]
Which = Annotated[str, Query(pattern=rf"^(\d{{1,6}}|{DRAFT})$", description="The number of a version, or `draft`")]


@router.get("")
def list_scripts(services: Reach) -> list[ScriptShown]:
    """Every script: those that come with the project, and those of this installation and its sellers."""
    return [ScriptShown.of(look) for look in services.scripts.looks()]


@router.post("/check")
def check(body: CheckBody) -> CheckShown:
    """Look a script over without keeping it: every problem with its line and key, in plain words."""
    return CheckShown.of(check_script(body.text, file=body.file))


@router.get("/{name}")
def show_script(name: str, services: Reach, version: Number = None) -> VersionWhole:
    """A published version with all its words."""
    return _whole(services.scripts.version(name, version))


@router.get("/{name}/versions")
def history(name: str, services: Reach) -> list[VersionShown]:
    """Every published version, oldest first: who published it, when, and why."""
    return [VersionShown.of(version) for version in services.scripts.history(name)]


@router.get("/{name}/diff")
def differences(name: str, services: Reach, older: Which, newer: Which) -> DiffShown:
    """What changed from one version to another, or to the draft."""
    return DiffShown(older=older, newer=newer, diff=services.scripts.differences(name, older, newer))


@router.get("/{name}/draft")
def show_draft(name: str, services: Reach) -> DraftShown:
    """The draft, and what still keeps it from being published."""
    return DraftShown.of(drafted(services.scripts, name))


@router.post("/{name}/draft", status_code=201)
def begin(name: str, body: DraftBody, services: Reach) -> DraftShown:
    """Begin a draft. A name that is not there yet becomes a new script once its draft is published."""
    return DraftShown.of(
        begin_draft(
            services.scripts,
            name,
            text=body.text,
            like=body.like,
            seller_id=_seller(body.seller_id, services),
            by=body.by,
            now=services.clock.now(),
        )
    )


@router.patch("/{name}/draft")
def change(name: str, body: DraftChange, services: Reach) -> DraftShown:
    """Change the draft; it may have problems as long as it is one."""
    now = services.clock.now()
    return DraftShown.of(change_draft(services.scripts, name, body.text, revision=body.revision, by=body.by, now=now))


@router.delete("/{name}/draft")
def drop(name: str, services: Reach) -> dict[str, bool]:
    """Forget the draft; what is published stays."""
    there = services.scripts.repository.draft(name) is not None
    services.scripts.repository.drop(name)
    return {"dropped": there}


@router.post("/{name}/publish", status_code=201)
def publish(name: str, body: PublishBody, services: Reach) -> VersionShown:
    """Make the draft the newest version: calls that are planned from now on speak it; those under way do not change."""
    now = services.clock.now()
    return VersionShown.of(
        publish_draft(services.scripts, name, revision=body.revision, by=body.by, note=body.note, now=now)
    )


@router.post("/{name}/revert", status_code=201)
def revert(name: str, body: RevertBody, services: Reach) -> DraftShown:
    """Begin a draft with the words of an old version; nobody hears it before it is published."""
    return DraftShown.of(revert_to(services.scripts, name, body.number, by=body.by, now=services.clock.now()))


def _seller(seller_id: str | None, services: Services) -> SellerId | None:
    return services.campaigns.seller(SellerId(seller_id)).id if seller_id else None


def _whole(version: ScriptVersion) -> VersionWhole:
    body = version.body or body_of(version.text)
    return VersionWhole(**VersionShown.of(version).model_dump(), text=version.text, script=json.loads(body))
