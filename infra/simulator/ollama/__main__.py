"""``python -m infra.simulator.ollama``: the stand-in as a process of its own."""

import asyncio
import signal
from datetime import UTC, datetime

import click

from infra.simulator.ollama.habits import Habits, Manner, Pace
from infra.simulator.ollama.server import running_ollama


async def _serve(habits: Habits, port: int) -> None:
    stopped = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, stopped.set)
    async with running_ollama(habits, now=lambda: datetime.now(UTC), port=port) as server:
        click.echo(server.url)
        await stopped.wait()


@click.command()
@click.option("--port", type=click.IntRange(0, 65_535), default=11_434, show_default=True, help="0: any that is free.")
@click.option(
    "--manner", type=click.Choice([each.value for each in Manner]), default=Manner.SENSIBLE.value, show_default=True
)
@click.option("--model", "models", multiple=True, help="Installed beside the models that are named like manners.")
@click.option("--slots", type=click.IntRange(1, 256), default=4, show_default=True, help="Requests at once, a model.")
@click.option("--queue", type=click.IntRange(0), default=512, show_default=True, help="Requests that may wait.")
@click.option("--first-token", type=click.FloatRange(0), default=0.12, show_default=True, help="Seconds until it.")
@click.option("--token", type=click.FloatRange(0), default=0.012, show_default=True, help="Seconds between tokens.")
@click.option("--load", type=click.FloatRange(0), default=0.0, show_default=True, help="Seconds to load a model.")
@click.option("--seed", type=int, default=0, show_default=True, help="Another seed, other answers.")
def main(
    *, port: int, manner: str, models: tuple[str, ...], slots: int, queue: int, first_token: float, token: float,
    load: float, seed: int,
) -> None:  # fmt: skip
    """Speak Ollama's protocol on a port of this machine, and print the address.

    Every model is of the manner given, but those that are named after one: slow:latest is slow. Sensible: says what is
    marked SAY in other words and fills in JSON schemas. Slow: the same, too late. Malformed: breaks the protocol or the
    schema, each time in another way. Hallucinating: adds prices, days and promises. Hostile: obeys the caller, claims
    to be human, speaks of safe areas, calls tools. Dying: drops the connection in the middle of an answer.
    """
    habits = Habits(
        manner=Manner(manner),
        seed=seed,
        slots=slots,
        most_waiting=queue,
        load_seconds=load,
        pace=Pace(first_token_seconds=first_token, token_seconds=token),
    )
    habits.models = tuple(dict.fromkeys((*models, *habits.models)))
    asyncio.run(_serve(habits, port))


if __name__ == "__main__":
    main()
