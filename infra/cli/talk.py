"""``reauto talk``: a page in the browser that talks to the agent, without a telephone."""

import click

from infra.cli.api import Api
from infra.cli.directory import find_campaign
from infra.cli.reach import Answer, with_api

SCRIPT = "seller_home_value"


@click.command(short_help="Talk to the agent in the browser.")
@click.argument("campaign", required=False)
@click.option("--script", help=f"A script without a campaign; {SCRIPT} when neither is named.")
@click.option("--voice", help="The agent's voice, with --script.")
@click.option("--first-name", default="Alex", show_default=True, help="Whom the agent takes you for.")
@click.option("--open/--no-open", "opens", default=True, help="Whether the browser is opened.")
@with_api
def talk(
    *,
    campaign: str | None,
    script: str | None,
    voice: str | None,
    first_name: str,
    opens: bool,
    api: Api,
    answer: Answer,
) -> None:
    """Rehearse the call of CAMPAIGN, or of a script: you speak with your microphone, the agent answers.

    No phone rings, no lead is involved, no minutes are charged and nothing is kept; it takes one of the calls that
    the voice node can hold. The link is good for an hour. It needs the system to run: `reauto serve`.
    """
    if campaign and (script or voice):
        raise click.UsageError("a campaign has a script and a voice of its own: name it, or --script and --voice")
    wish: dict[str, str] = {"first_name": first_name}
    if campaign:
        wish["campaign_id"] = find_campaign(api, campaign)
    else:
        wish["script"] = script or SCRIPT
    if voice:
        wish["voice"] = voice
    made = api.post("/v1/talks", wish)
    url = f"{api.url}/v1/talk#{made['pass_text']}"
    answer.say({"url": url, "seconds": made["seconds"]}, f"Talk to the agent at\n{url}")
    if opens and not answer.is_json:
        click.launch(url)
