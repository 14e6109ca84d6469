"""What a run leaves among the machine's processes."""

from pathlib import Path

from shared.kernel.errors import Unavailable

PROCESSES = Path("/proc")


def processes_of(home: Path) -> dict[int, str]:
    """Process id → command of every living process that was told of ``home``, works in it or names it.

    Raises:
        Unavailable: The system has no ``/proc`` to look into.
    """
    if not (PROCESSES / "self").exists():
        raise Unavailable("this needs Linux: processes are looked up in /proc")
    found = {}
    for entry in PROCESSES.iterdir():
        if entry.name.isdigit() and _belongs(entry, home):
            found[int(entry.name)] = _command(entry)
    return found


def _belongs(entry: Path, home: Path) -> bool:
    try:
        told = (entry / "environ").read_bytes().split(b"\0")
        works_in = (entry / "cwd").readlink()
    except OSError:  # it ended, or is another user's
        return False
    marker = f"REAUTO_HOME={home}".encode()
    return marker in told or works_in.is_relative_to(home) or str(home) in _command(entry)


def _command(entry: Path) -> str:
    try:
        return (entry / "cmdline").read_bytes().replace(b"\0", b" ").decode(errors="replace").strip()
    except OSError:
        return ""
