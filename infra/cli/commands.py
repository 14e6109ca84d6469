"""Every command of ``reauto``, by name."""

import click

from infra.cli.bench import bench
from infra.cli.call import call
from infra.cli.campaign import campaign
from infra.cli.chaos.command import chaos
from infra.cli.demo.command import demo
from infra.cli.import_list import import_list
from infra.cli.sellers import agent, seller
from infra.cli.serve.command import serve


@click.group(context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.version_option(package_name="reautomation2")
def reauto() -> None:
    """Call real-estate leads, qualify them, book appointments.

    `reauto demo` shows everything with simulated people. `reauto serve` runs the system; the other commands talk to it.
    """


for command in (demo, serve, seller, agent, campaign, import_list, call, bench, chaos):
    reauto.add_command(command)
