"""How a person says how a campaign rings: the options of ``create`` and ``set``, as the API's body."""

from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from typing import Any

import click

from shared.kernel.errors import Malformed
from shared.kernel.week import read_week, week_as_json

NEVER, ALWAYS, NONE = "never", "always", "none"

OPTIONS = (
    click.option("--script", help="What the calls say: a name, or a name and a version such as rental@2."),
    click.option("--inbound-script", metavar="SCRIPT", help="What people hear who call us; 'none' for what fits them."),
    click.option("--voice", help="Who speaks."),
    click.option("--concurrency", type=click.IntRange(1, 1000), help="Calls at once."),
    click.option("--per-minute", type=click.IntRange(1, 1800), help="Calls started in a minute, at most."),
    click.option("--max-attempts", type=click.IntRange(1, 20), help="Calls to one lead."),
    click.option("--max-per-day", type=click.IntRange(1, 3), help="Calls to one lead in a day."),
    click.option(
        "--retry", multiple=True, metavar="ENDING=MINUTES", help="When to try again, such as busy=30; may be repeated."
    ),
    click.option(
        "--hours",
        multiple=True,
        metavar="'mon-fri 10:00-18:00'",
        help="When phones may ring, on the called person's clock and within the law; may be repeated. "
        "'always' takes the hours away.",
    ),
    click.option(
        "--starts", metavar="MOMENT", help="Rings from then on: 2026-12-01T09:00-06:00; 'always' for at once."
    ),
    click.option("--ends", metavar="MOMENT", help="Rings until then; 'never' for no end."),
    click.option("--priority", type=click.IntRange(0, 99), help="Served before campaigns with a lower one."),
    click.option("--experiment", metavar="NAME", help="Compare variants under this name; 'none' ends the comparison."),
    click.option(
        "--variant",
        multiple=True,
        metavar="NAME[,weight=1][,script=…][,voice=…][,prompt=…]",
        help="One way to hold the call; repeat it for each. Every contact always gets the same one.",
    ),
    click.option("--voicemail", metavar="TEXT", help="What a voicemail hears; 'none' for nothing, as by default."),
    click.option("--opt-out-number", help="Toll-free number that a voicemail message must name."),
    click.option(
        "--recorded/--not-recorded",
        default=None,
        help="Whether calls are recorded, and say so in their first words; by default they are.",
    ),
    click.option("--inbound-reserve", type=click.IntRange(0, 1000), help="Slots kept free for people who call."),
    click.option("--first-call-within", type=click.IntRange(1, 3600), help="Seconds until a new lead should ring."),
    click.option(
        "--call-limit",
        help="Dollars that one call may cost: it is cut before more; 'none' for no limit.",
    ),
    click.option("--hot-from", type=click.IntRange(0, 100), help="Score from which a lead is hot."),
    click.option("--nurture-from", type=click.IntRange(0, 100), help="Score from which a lead is worth following up."),
)


def wishes(command: Callable[..., None]) -> Callable[..., None]:
    """Give a command the options."""
    for option in reversed(OPTIONS):
        command = option(command)
    return command


def body_of(wished: dict[str, Any]) -> dict[str, Any]:
    """What was wished for as the API's body; what was left out is left out.

    Raises:
        Malformed: A wish cannot be read.
    """
    body = {
        "script": wished["script"],
        "voice": wished["voice"],
        "max_concurrency": wished["concurrency"],
        "max_attempts": wished["max_attempts"],
        "max_attempts_per_day": wished["max_per_day"],
        "retry_minutes": _retries(wished["retry"]) or None,
        "priority": wished["priority"],
    }
    known = {name: value for name, value in body.items() if value is not None}
    for name, option in (("starts_at", "starts"), ("ends_at", "ends")):
        if wished[option] is not None:
            known[name] = None if wished[option] in (NEVER, ALWAYS) else _moment(option, wished[option])
    plan = _plan(wished)
    return known | ({"plan": plan} if plan else {})


def _plan(wished: dict[str, Any]) -> dict[str, Any]:
    plan = {
        "calls_per_minute": wished["per_minute"],
        "inbound_reserve": wished["inbound_reserve"],
        "first_call_within_seconds": wished["first_call_within"],
        "opt_out_number": wished["opt_out_number"],
        "recorded": wished["recorded"],
        "hot_from": wished["hot_from"],
        "nurture_from": wished["nurture_from"],
    }
    known = {name: value for name, value in plan.items() if value is not None}
    if wished["hours"]:
        known["hours"] = week_as_json(read_week([] if ALWAYS in wished["hours"] else wished["hours"]))
    if wished["voicemail"] is not None:
        says = wished["voicemail"] != NONE
        known |= {"voicemail": "message", "voicemail_text": wished["voicemail"]} if says else {"voicemail": NONE}
    if wished["inbound_script"] is not None:
        known["inbound_script"] = None if wished["inbound_script"] == NONE else wished["inbound_script"]
    if wished["call_limit"] is not None:
        known["call_limit_usd"] = None if wished["call_limit"] == NONE else wished["call_limit"]
    return known | _experiment(wished["experiment"], wished["variant"])


def _experiment(name: str | None, variants: Sequence[str]) -> dict[str, Any]:
    if name == NONE:
        return {"experiment": None}
    if name is None and not variants:
        return {}
    if name is None or not variants:
        raise Malformed("an experiment needs a name and its variants: --experiment NAME --variant A --variant B")
    return {"experiment": {"name": name, "variants": [_variant(text) for text in variants]}}


def _variant(text: str) -> dict[str, Any]:
    name, *details = (part.strip() for part in text.split(","))
    told = dict(part.partition("=")[::2] for part in details)
    if not name or not told.keys() <= {"weight", "script", "voice", "prompt"} or not all(told.values()):
        raise Malformed(
            f"--variant {text!r} cannot be read: "
            "write NAME,weight=2,script=seller_home_value,voice=en-us,prompt=reply-3"
        )
    if not told.get("weight", "1").isdigit():
        raise Malformed(f"--variant {text!r}: the weight is a whole number")
    weight = {"weight": int(told["weight"])} if "weight" in told else {}
    return {"name": name, **told, **weight}


def _retries(texts: Sequence[str]) -> dict[str, int]:
    retries = {}
    for text in texts:
        ending, _, minutes = text.partition("=")
        if not minutes.strip().isdigit():
            raise Malformed(f"--retry {text!r} cannot be read: write busy=30")
        retries[ending.strip().replace(" ", "_")] = int(minutes)
    return retries


def _moment(option: str, text: str) -> str:
    try:
        moment = datetime.fromisoformat(text)
    except ValueError as error:
        raise Malformed(f"--{option} {text!r} is no moment: write it like 2026-12-01T09:00-06:00") from error
    return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).isoformat()
