"""The rows that a whole run has to leave: what is not measured does not hold either."""

from collections.abc import Mapping, Sequence

from infra.cli.rows import Row

BRAINS = (
    "scripted brain",
    *(f"ollama, {manner}" for manner in ("sensible", "slow", "malformed", "hallucinating", "hostile", "dying")),
)
GUARDED = ("scripted brain", *(f"ollama, {manner}" for manner in ("sensible", "hallucinating", "hostile")))

EXPECTED: Mapping[str, Sequence[str]] = {
    "understanding": (
        "number_of_beds: F1",
        "number_of_baths: F1",
        "visit_date: F1",
        "area: F1",
        "yes and no: accuracy",
        "a turn understood, p95",
    ),
    "optout": (
        "opt-outs heard, of 300",
        "ordinary answers taken for opt-outs, of 2000",
        "robot questions heard, of 200",
    ),
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
    "restored": (
        "checkpoint: killed calls that go on sensibly and ask nothing again",
        "checkpoint: killed calls that end as the unbroken call does",
        "checkpoint: a turn's graph with its checkpoint, p95",
        "checkpoint: talks with the same words without the graph",
    ),
    "brain": (
        "live turns wait for a slot, p95",
        "turns answered completely under that load",
        "background jobs done under that load",
        "server stopped mid-generation: until the reply is complete, worst",
        "server stopped mid-generation: complete replies",
        "shed turns worded by the script",
    ),
    "cache": (
        "openings and script questions from the cache, 200 calls from cold",
        "private words said to somebody else",
        "private words in the cache",
    ),
    "prompts": (
        "two prompt versions, 10000 contacts: points from an even share",
        "contacts given another version when asked again",
        "a conversation of 200 turns: the largest prompt",
        "a conversation of 200 turns: prompts that know its first facts",
    ),
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
        name
        for part, rows in found.items()
        for name in EXPECTED[part] or ([] if rows else [part])
        if name not in {row.name for row in rows}
    ]
    return [Row(name=f"missing: {name}", value=0, unit="rows", bar=1, holds=False) for name in absent]
