"""The rows that a whole run has to leave: what is not measured does not hold either."""

from collections.abc import Mapping, Sequence

from infra.cli.rows import Row

BRAINS = (
    "scripted brain",
    *(f"ollama, {manner}" for manner in ("sensible", "slow", "malformed", "hallucinating", "hostile", "dying")),
)
GUARDED = ("scripted brain", *(f"ollama, {manner}" for manner in ("sensible", "hallucinating", "hostile")))

EXPECTED: Mapping[str, Sequence[str]] = {
    "understanding": (),
    "optout": (),
    "scenarios": (
        "scenarios",
        *(
            f"{brain}: {figure}"
            for brain in BRAINS
            for figure in (
                "expectations of the law met",
                "other expectations met",
                "scenarios not the same three times",
                "first words of a reply, p95",
            )
        ),
        "text mode: turns a minute",
        "ollama, sensible: lines in the model's own words",
    ),
    "graph": (
        "graph: overhead of a turn, p95",
        "graph: turns decided otherwise without it",
        "graph: calls with other words without it",
    ),
    "guards": (
        "guard prompts",
        *(
            f"guard prompts, {brain}: {figure}"
            for brain in GUARDED
            for figure in ("violations spoken", "unauthorised tool calls", "broken calls")
        ),
    ),
    "restored": (),
    "brain": (),
    "cache": (),
    "prompts": (),
    "random": (
        "random talks: held",
        "random talks: crashed",
        "random talks: not over within the turn limit",
        "random talks: looped",
        "random talks: without one disposition",
    ),
    "audio": (
        "audio mode: scenarios rung",
        "audio mode: expectations of the law met",
        "audio mode: other expectations met",
    ),
}


def missing_rows(found: Mapping[str, Sequence[Row]]) -> list[Row]:
    """One row that does not hold for each that is expected of these parts and not there, or for a part without any."""
    absent = [
        *(part for part, rows in found.items() if not rows),
        *(name for part, rows in found.items() for name in EXPECTED[part] if name not in {row.name for row in rows}),
    ]
    return [Row(name=f"missing: {name}", value=0, unit="rows", bar=1, holds=False) for name in absent]
