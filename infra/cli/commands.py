"""Every command of ``reauto``, by name."""

import click

from infra.cli.bench import bench
from infra.cli.call import call
from infra.cli.campaign import campaign
from infra.cli.chaos.command import chaos
from infra.cli.chat import chat
from infra.cli.check import check
from infra.cli.dead_letters import dead_letters
from infra.cli.demo.command import demo
from infra.cli.evaluate.command import evaluate
from infra.cli.import_list import import_list
from infra.cli.models import models
from infra.cli.money import money
from infra.cli.numbers import number
from infra.cli.score import score
from infra.cli.script import script
from infra.cli.sellers import agent, seller
from infra.cli.serve.command import serve
from infra.cli.sign_off import sign_off
from infra.cli.stop import go, stop, stops
from infra.cli.suppress import suppress
from infra.cli.talk import talk
from infra.cli.verify.command import verify


@click.group(context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.version_option(package_name="reautomation2")
def reauto() -> None:
    """Call real-estate leads, qualify them, book appointments.

    `reauto demo` shows everything with simulated people. `reauto serve` runs the system; the other commands talk to it.
    """


COMMANDS = (
    demo, serve, check,
    seller, agent, number, script, campaign, import_list, suppress, sign_off,
    call, talk, chat, stop, go, stops, money, score, dead_letters,
    models, verify, evaluate, bench, chaos,
)  # fmt: skip
for command in COMMANDS:
    reauto.add_command(command)
