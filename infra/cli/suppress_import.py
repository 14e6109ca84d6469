"""A list of numbers on its way to the API: part by part, a bar for the patient, every bad line named."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

from rich.console import Console
from rich.progress import BarColumn, Progress, TaskProgressColumn, TextColumn, TimeRemainingColumn
from rich.text import Text

from infra.cli.api import Api
from infra.cli.looks import counted, width_of
from shared.kernel.errors import ReautoError

PART_BYTES = 1024 * 1024
REFUSED_SHOWN = 50


@dataclass(frozen=True, kw_only=True)
class ListHead:
    """Which list it is, and what is known of it that else would have it refused."""

    kind: str
    taken_on: date
    area_codes: tuple[str, ...] | str
    state: str | None
    account: str
    seller_id: str | None
    is_empty: bool = False
    despite_bad_lines: bool = False

    @property
    def name(self) -> str:
        """The list in words."""
        return {"national": "national do-not-call list", "internal": "own do-not-call list"}.get(
            self.kind, f"do-not-call list of {self.state}"
        )


def send_list(text: bytes, *, head: ListHead, api: Api, console: Console) -> dict[str, Any]:
    """Send the list part by part; one report over all of it. A copy that breaks off on its way never counts.

    Raises:
        ReautoError: The API refused a part, or went away.
    """
    report: dict[str, Any] = {"id": None, "rows": 0, "accepted": 0, "refused": []}
    path, query = _begin(head, api, report)
    lines_before = 0
    with _bar(console) as progress:
        task = progress.add_task("", total=len(text))
        for part in parts_of(text):
            try:
                told = api.post_csv(path, part, **query)
            except ReautoError as error:
                kept = "the copy in use stays as it was" if report["id"] else "what was sent before is kept"
                raise type(error)(f"{error} ({kept}; import the list again)") from error
            report["rows"] += told["rows"]
            report["accepted"] += told["accepted"]
            report["refused"] += [{**bad, "line": bad["line"] + lines_before} for bad in told["refused"]]
            lines_before += part.count(b"\n")
            progress.advance(task, len(part))
    if report["id"]:
        known = "?is_empty=true" if head.is_empty else ""
        report["copy"] = api.post(f"/v1/suppressions/imports/{report['id']}/finish{known}")
    return report


def parts_of(text: bytes, *, most: int = PART_BYTES) -> Iterator[bytes]:
    """Whole lines, about ``most`` bytes at a time."""
    start = 0
    while start < len(text):
        end = text.find(b"\n", min(start + most, len(text)))
        end = len(text) if end < 0 else end + 1
        yield text[start:end]
        start = end


def draw_import(console: Console, report: dict[str, Any], head: ListHead) -> None:
    """How many numbers were taken, and each line that was not."""
    taken = counted(report["accepted"], "number")
    refused = counted(len(report["refused"]), "line")
    console.print(f"The {head.name} of {head.taken_on}: {taken} taken in, {refused} refused.", soft_wrap=True)
    if reopened := report.get("copy", {}).get("reopened"):
        console.print(waits_again(reopened), soft_wrap=True)
    for bad in report["refused"][:REFUSED_SHOWN]:
        console.print(Text(f"  line {bad['line']}: {bad['reason']}"), width=width_of(console))
    if len(report["refused"]) > REFUSED_SHOWN:
        console.print(f"  … and {len(report['refused']) - REFUSED_SHOWN} more; --json lists them all")


def waits_again(reopened: int) -> str:
    """That leads which were blocked are looked at again."""
    return f"{counted(reopened, 'lead')} that this had blocked will be looked at again."


def _begin(head: ListHead, api: Api, report: dict[str, Any]) -> tuple[str, dict[str, str]]:
    """Where the parts go, by path and query."""
    if head.kind == "internal":
        query = {"taken_on": head.taken_on.isoformat()} | ({"seller_id": head.seller_id} if head.seller_id else {})
        return "/v1/suppressions/imports/internal/numbers", query
    begun = api.post(
        "/v1/suppressions/imports",
        {
            "list": head.kind,
            "state": head.state,
            "taken_on": head.taken_on.isoformat(),
            "area_codes": head.area_codes if isinstance(head.area_codes, str) else list(head.area_codes),
            "account": head.account,
            "is_complete": False,
        },
    )
    report["id"] = begun["id"]
    known = {"despite_bad_lines": "true"} if head.despite_bad_lines else {}
    return f"/v1/suppressions/imports/{begun['id']}/numbers", known


def _bar(console: Console) -> Progress:
    return Progress(
        TextColumn("importing"),
        BarColumn(bar_width=30),
        TaskProgressColumn(),
        TimeRemainingColumn(),
        console=console,
        transient=True,
        disable=not console.is_terminal,
    )
