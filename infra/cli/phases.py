"""What goes on while one waits: the phase by name, with the seconds so far, from the first moment."""

import time
from collections.abc import Callable
from types import TracebackType

from rich.console import Console
from rich.live import Live
from rich.spinner import Spinner
from rich.text import Text


class Phases:
    """While entered, shows the phase it was last called with; without a terminal each phase is printed once."""

    def __init__(self, console: Console, *, since: Callable[[], float] = time.monotonic) -> None:
        self._console = console
        self._since = since
        self._began = since()
        self._phase = ""
        self._spinner = Spinner("dots", text=self._line(), style="cyan")
        self._live = Live(self, console=console, refresh_per_second=8, transient=True) if console.is_terminal else None

    def __enter__(self) -> "Phases":
        """Begin to show."""
        if self._live:
            self._live.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Leave the line empty again."""
        if self._live:
            self._live.stop()

    def __call__(self, phase: str) -> None:
        """From now on it is ``phase``."""
        if phase == self._phase:
            return
        self._phase = phase
        if not self._live:
            self._console.print(f"{phase} …", highlight=False, markup=False)

    def __rich__(self) -> Spinner:
        """The line as it stands."""
        self._spinner.update(text=self._line())
        return self._spinner

    @property
    def seconds(self) -> float:
        """How long it has been going on."""
        return self._since() - self._began

    def _line(self) -> Text:
        line = Text.assemble(f"{self._phase} … ", (f"{self.seconds:.0f} s", "dim"))
        line.no_wrap, line.overflow = True, "ellipsis"
        return line
