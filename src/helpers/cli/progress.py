"""What a long command shows: a line that moves on a terminal, plain lines with a time in a log."""

import time
from collections.abc import Callable
from types import TracebackType

from rich.console import Console
from rich.text import Text

#: In a log, seconds between two lines on what a run is doing.
PAUSE = 30.0


class Progress:
    """Lines that stay, and one that passes.

    On a terminal the passing line is replaced in place; elsewhere, as in a log that `nohup`
    writes, every line starts with the time and passing lines are rare.
    """

    def __init__(
        self, console: Console | None = None, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._console = console or Console(highlight=False)
        self._clock = clock
        self._status = self._console.status("") if self._console.is_terminal else None
        self._quiet_until = clock()

    def __enter__(self) -> "Progress":
        if self._status is not None:
            self._status.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if self._status is not None:
            self._status.stop()

    def say(self, line: str) -> None:
        """Show a line that stays."""
        # In a log a line is as long as it is: whoever reads it wraps or searches it.
        self._console.print(
            f"{time.strftime('%H:%M:%S')}  {line}",
            markup=False,
            soft_wrap=self._status is None,
        )

    def doing(self, line: str) -> None:
        """Show what is going on right now."""
        if self._status is not None:
            self._status.update(Text(line))
        elif self._clock() >= self._quiet_until:
            self._quiet_until = self._clock() + PAUSE
            self.say(line)
