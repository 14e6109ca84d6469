"""The ``reauto`` command: composition root of the command line."""

import sys

import click

from infra.cli.demo.command import demo
from shared.kernel.errors import ReautoError

INTERRUPTED = 130


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="reautomation2")
def reauto() -> None:
    """Call real-estate leads, qualify them, book appointments."""


reauto.add_command(demo)


def main() -> None:
    """Run the command; what goes wrong on purpose is one line, and Ctrl-C is no error message."""
    try:
        reauto(standalone_mode=False)
    except ReautoError as error:
        click.echo(f"reauto: {error}", err=True)
        sys.exit(1)
    except click.ClickException as error:
        error.show()
        sys.exit(error.exit_code)
    except (KeyboardInterrupt, click.Abort):
        click.echo("reauto: stopped", err=True)
        sys.exit(INTERRUPTED)


if __name__ == "__main__":
    main()
