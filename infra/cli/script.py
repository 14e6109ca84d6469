"""``reauto script``: what the agent says: look it over, change it, publish it."""

import sys
from pathlib import Path
from typing import Any

import click

from infra.cli.api import Api
from infra.cli.directory import find_seller
from infra.cli.reach import Answer, with_api
from infra.cli.script_screen import draw_check, draw_diff, draw_draft, draw_history, draw_problems, draw_scripts
from shared.conversation.script_check import check_script, faults
from shared.kernel.errors import Malformed

PATH = "/v1/scripts"
DRAFT = "draft"
_by = click.option("--by", default="reauto", show_default=True, help="Who does it, for whoever looks later.")


@click.group(short_help="List, show, check, change and publish what the agent says.")
def script() -> None:
    """What the agent says and asks, as versions.

    What is published never changes: calls say later which version they were held with. A change begins as a draft.
    SCRIPT is a name such as seller_home_value; SCRIPT@2 is its second version.
    """


@script.command("list")
@with_api
def list_all(*, api: Api, answer: Answer) -> None:
    """Every script, its newest version, and whether a draft waits."""
    found = api.get(PATH)
    answer.show(found, lambda console: draw_scripts(console, found))


@script.command("show")
@click.argument("name", metavar="SCRIPT")
@click.option("--draft", is_flag=True, help="The draft instead of the newest version.")
@click.option("--history", is_flag=True, help="Its versions, who published them and why.")
@with_api
def show(*, name: str, draft: bool, history: bool, api: Api, answer: Answer) -> None:
    """The words of SCRIPT, as YAML."""
    name, number = _named(name)
    if history:
        versions = api.get(f"{PATH}/{name}/versions")
        answer.show(versions, lambda console: draw_history(console, versions))
        return
    found = api.get(f"{PATH}/{name}/draft") if draft else api.get(f"{PATH}/{name}", **number)
    answer.show(found, lambda console: console.print(found["text"], markup=False, end="", soft_wrap=True))


@script.command("diff")
@click.argument("name", metavar="SCRIPT")
@click.argument("older", required=False)
@click.argument("newer", required=False)
@with_api
def diff(*, name: str, older: str | None, newer: str | None, api: Api, answer: Answer) -> None:
    """What changed in SCRIPT from version OLDER to NEWER.

    NEWER may be `draft`. Without them: from the newest version to the draft, or from the version before.
    """
    if older is None or newer is None:
        older, newer = _sides(api, name, older)
    found = api.get(f"{PATH}/{name}/diff", older=older, newer=newer)
    answer.show(found, lambda console: draw_diff(console, found))


@script.command("draft")
@click.argument("name", metavar="SCRIPT")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path), required=False)
@click.option("--like", help="Begin with the words of another script or version, such as rental or rental@2.")
@click.option("--revert", type=click.IntRange(1), metavar="VERSION", help="Begin with the words of an old version.")
@click.option("--seller", help="Id or name of the seller whose alone a new script is.")
@click.option("--drop", is_flag=True, help="Forget the draft.")
@_by
@with_api
def draft(
    *,
    name: str,
    file: Path | None,
    like: str | None,
    revert: int | None,
    seller: str | None,
    drop: bool,
    by: str,
    api: Api,
    answer: Answer,
) -> None:
    """Begin or replace the draft of SCRIPT, from FILE or from another version; says what is wrong with it.

    Without anything else the draft begins with the words of the newest version. Nobody hears a draft: rehearse it with
    `reauto talk --script SCRIPT@draft`, and let calls speak it with `reauto script publish SCRIPT`.
    """
    place = f"{PATH}/{name}/draft"
    if drop:
        dropped = api.delete(place)
        answer.say(dropped, "The draft is gone." if dropped["dropped"] else f"{name} has no draft.")
        return
    if revert is not None:
        kept = api.post(f"{PATH}/{name}/revert", {"number": revert, "by": by})
    else:
        kept = _written(api, name, file, like=like, seller=seller, by=by)
    answer.show(kept, lambda console: draw_draft(console, kept))


@script.command("publish")
@click.argument("name", metavar="SCRIPT")
@click.option("--note", default="", help="What is new, for whoever looks later.")
@_by
@with_api
def publish(*, name: str, note: str, by: str, api: Api, answer: Answer) -> None:
    """Let calls that are planned from now on speak the draft of SCRIPT; calls under way do not change."""
    made = api.post(f"{PATH}/{name}/publish", {"note": note, "by": by})
    answer.say(made, f"{name} version {made['number']} is published.")


@script.command("check")
@click.argument("files", nargs=-1, required=True, metavar="FILE...")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def check(*, files: tuple[str, ...], as_json: bool) -> None:
    """Every problem of script files, with line and key; needs no server.

    Ends with 1 when one of them could not be published.
    """
    found = tuple(problem for file in files for problem in check_script(_read(file), file=file))
    draw_check(files, found) if not as_json else draw_problems(found)
    if faults(found):
        sys.exit(1)


def _written(
    api: Api, name: str, file: Path | None, *, like: str | None, seller: str | None, by: str
) -> dict[str, Any]:
    """A draft that begins, or one that gets another text."""
    text = None if file is None else _read(str(file))
    there = {each["name"]: each for each in api.get(PATH)}
    if text is not None and there.get(name, {}).get("has_draft"):
        revision = api.get(f"{PATH}/{name}/draft")["revision"]
        changed: dict[str, Any] = api.patch(f"{PATH}/{name}/draft", {"text": text, "revision": revision, "by": by})
        return changed
    body = {"text": text, "like": like, "seller_id": find_seller(api, seller) if seller else None, "by": by}
    begun: dict[str, Any] = api.post(
        f"{PATH}/{name}/draft", {key: value for key, value in body.items() if value is not None}
    )
    return begun


def _sides(api: Api, name: str, older: str | None) -> tuple[str, str]:
    look = next((each for each in api.get(PATH) if each["name"] == name), None)
    newest = int(look["newest"]) if look else 0
    if look and look["has_draft"] and newest:
        return older or str(newest), DRAFT
    if newest < 2:
        raise Malformed(f"script {name!r} has nothing to compare: it has one version and no draft")
    return older or str(newest - 1), str(newest)


def _named(wanted: str) -> tuple[str, dict[str, str]]:
    name, _, number = wanted.partition("@")
    return name, {"version": number} if number else {}


def _read(file: str) -> str:
    try:
        return Path(file).read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise Malformed(f"{file} cannot be read: {error}") from error
