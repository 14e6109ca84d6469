"""``reauto talk``."""

import click
import pytest

from shared.conversation.talk_pass import read_pass
from shared.kernel.errors import NotFound
from tests.functions.desk import SECRET
from tests.infra.cli.office import URL, Office
from tests.shared.calls.world import NOON, make_campaign


def test_a_link_to_the_page_is_printed_with_a_pass_for_the_script(office: Office) -> None:
    made = office.json("talk", "--first-name", "Robin")

    address, _, text = made["url"].partition("#")
    assert address == f"{URL}/v1/talk"
    wish = read_pass(SECRET, text, now=NOON).wish
    assert (wish.script, wish.first_name, made["seconds"]) == ("seller_home_value", "Robin", 3_600)


def test_a_campaign_is_named_as_people_call_it(office: Office) -> None:
    said = office.run("talk", "spring", "--no-open")

    url = said.split()[-1]
    assert read_pass(SECRET, url.partition("#")[2], now=NOON).wish.campaign_id == make_campaign().id


def test_wishes_that_do_not_fit_together_are_refused(office: Office) -> None:
    with pytest.raises(click.UsageError, match="of its own"):
        office.run("talk", "spring", "--script", "rental")
    with pytest.raises(NotFound, match="seller_home_value"):
        office.run("talk", "--script", "none", "--no-open")
