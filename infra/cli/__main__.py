"""The ``reauto`` command: composition root of the command line."""

import io
import sys

from infra.cli.ctrl_c import INTERRUPTED, STOPPED, leaving_at_once


def main() -> None:
    """Run the command; what goes wrong on purpose is one line, and Ctrl-C is no error message."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="replace")  # a terminal may not know every letter
    with leaving_at_once():
        import click

        from infra.cli.commands import reauto
        from shared.kernel.errors import ReautoError
    try:
        reauto(standalone_mode=False)
    except ReautoError as error:
        click.echo(f"reauto: {error}", err=True)
        sys.exit(1)
    except click.ClickException as error:
        error.show()
        sys.exit(error.exit_code)
    except (KeyboardInterrupt, click.Abort):
        click.echo(STOPPED, err=True)
        sys.exit(INTERRUPTED)


if __name__ == "__main__":
    main()
