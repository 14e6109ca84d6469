"""Part ``premium``: calls that turn out to be worth the premium voice, and a vendor that is well, and that is not."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import dropwhile
from math import inf

from infra.cli.bench_voice.bench import Bench
from infra.cli.bench_voice.delays import REALISTIC
from infra.cli.bench_voice.figures import row
from infra.cli.bench_voice.meters import quantile
from infra.cli.bench_voice.premium_heard import Heard, gaps_ms, heard
from infra.cli.bench_voice.premium_parts import PLAIN_TURNS
from infra.cli.bench_voice.premium_sound import Speaker
from infra.cli.bench_voice.premium_vendor import Fault, Vendor, running_vendor
from infra.cli.bench_voice.runs import Crowd
from infra.cli.bench_voice.systems import OURS, Running
from infra.cli.rows import Row

CROWD = Crowd(calls=4, seconds=24)
FAULTS: Sequence[Fault] = ("refuses", "breaks", "is slow", "is spent")
"""An account that is spent is left alone for long: it comes last."""
SPENT_AFTER_SECONDS = 16.0
LONGEST_GAP_MS = 300
NAME = "premium voice"


@dataclass(frozen=True, kw_only=True)
class Switched:
    """The answers of a run's calls: those before a call was worth the premium voice, and the others call by call.

    In the first of the others the premium voice may still have to be connected, and the local one speaks.
    ``faults`` is how many texts the vendor's fault met, ``characters`` how many it spoke.
    """

    before: Sequence[Heard]
    after: Sequence[Sequence[Heard]]
    faults: int
    characters: int

    @property
    def since_the_switch(self) -> Sequence[Sequence[Heard]]:
        """Those of each call from the first on in which the premium voice is heard."""
        return [list(dropwhile(lambda each: Speaker.PREMIUM not in each.speakers, call)) for call in self.after]

    @property
    def switches(self) -> Sequence[Heard]:
        """The answers with which calls changed the voice."""
        return [call[0] for call in self.since_the_switch if call]

    @property
    def all_after(self) -> Sequence[Heard]:
        """Those of all calls."""
        return [each for call in self.after for each in call]

    def gap_ms(self, found: Sequence[Heard]) -> float:
        """The longest of these answers, beyond what is normal in the same run; infinite when there are none."""
        return max(gaps_ms(found, normal=self.before), default=inf)


def premium_rows(bench: Bench) -> list[Row]:
    """The switch itself, then each way in which the vendor fails."""
    workers = tuple(f"w{number}" for number in range(1 + len(FAULTS)))
    kind = replace(OURS, workers=workers)
    with running_vendor() as vendor, bench.system(replace(kind, premium_url=vendor.url), REALISTIC) as system:
        clean = _run(bench, _at(system, 0), vendor, None)
        faulty = {fault: _run(bench, _at(system, place), vendor, fault) for place, fault in enumerate(FAULTS, 1)}
    gaps = {fault: run.gap_ms(run.all_after) for fault, run in faulty.items()}
    cut = sum(not each.is_whole for run in (clean, *faulty.values()) for each in run.all_after)
    return [
        row(f"{NAME}: longest gap at the switch", _at_the_switch(clean), "ms", bar=LONGEST_GAP_MS),
        row(f"{NAME}: longest gap when it refuses, breaks, is slow or is spent", max(gaps.values()), "ms",
            bar=LONGEST_GAP_MS),
        *(row(f"{NAME} {fault}: longest gap", gap, "ms", bar=LONGEST_GAP_MS) for fault, gap in gaps.items()),
        row(f"{NAME}: last speech to first audio at the switch, p50", _latency(clean.switches), "ms",
            plain=_latency(clean.before)),
        _at_least(f"{NAME}: answers in it alone since the switch", _in_it_alone(clean), 100, "%"),
        _at_least(f"{NAME}: characters that its vendor spoke", clean.characters, 1, "characters"),
        *(
            _at_least(f"{NAME} {fault}: the local one took over", _taken_over(run), 1, "answers")
            for fault, run in faulty.items()
        ),
        *(_at_least(f"{NAME} {fault}: texts it happened to", run.faults, 1, "texts") for fault, run in faulty.items()),
        row(f"{NAME}: answers not heard to their end", cut, "answers", bar=0),
    ]  # fmt: skip


def _at(system: Running, place: int) -> Running:
    """One worker of it, to which all calls of a run go: what one run has it think of the vendor is its own affair."""
    return replace(system, kind=replace(system.kind, workers=system.kind.workers[place : place + 1]))


def _run(bench: Bench, system: Running, vendor: Vendor, fault: Fault | None) -> Switched:
    vendor.have(fault)
    spoken, struck = vendor.account.characters_used, vendor.faults

    def meanwhile(seconds: float) -> None:
        if fault == "is spent" and seconds > SPENT_AFTER_SECONDS * bench.scale:
            vendor.spend()

    measured = bench.crowd(system, CROWD, meanwhile=meanwhile)
    reports = {str(report["attempt_id"]): report for report in measured.reports}
    calls = [heard(track, reports.get(track.attempt, {"turns": ()})) for track in measured.tracks]
    return Switched(
        before=[each for call in calls for each in call[:PLAIN_TURNS]],
        after=[call[PLAIN_TURNS:] for call in calls],
        faults=vendor.faults - struck,
        characters=vendor.account.characters_used - spoken,
    )


def _at_the_switch(clean: Switched) -> float:
    """The answer that each call changed the voice with; every call has one."""
    switches = clean.switches
    return clean.gap_ms(switches) if len(switches) == len(clean.after) else inf


def _latency(found: Sequence[Heard]) -> float:
    return quantile((each.latency_ms for each in found), 0.5)


def _in_it_alone(clean: Switched) -> float:
    found = [each for call in clean.since_the_switch for each in call]
    return 100 * sum(list(each.speakers) == [Speaker.PREMIUM] for each in found) / len(found) if found else 0.0


def _taken_over(run: Switched) -> int:
    """Answers of calls that were worth the premium voice in which the local one is heard."""
    return sum(Speaker.LOCAL in each.speakers for each in run.all_after)


def _at_least(name: str, value: float, least: float, unit: str) -> Row:
    return Row(name=name, value=round(value, 2), unit=unit, bar=least, holds=value >= least)
