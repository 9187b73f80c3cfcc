"""End with the app that started us, however it ended."""

from __future__ import annotations

import os
import threading

VARIABLE = "HYS_RASA_ENDS_WITH_STDIN"


def end_with_parent() -> None:
    """Watch standard input, which the app holds open as long as it lives, where it says that it does so."""
    if os.environ.get(VARIABLE) == "yes":
        threading.Thread(target=_wait_for_end, name="parent", daemon=True).start()


def _wait_for_end() -> None:
    while os.read(0, 1):  # not sys.stdin, whose lock would spoil an orderly end
        pass
    os._exit(0)  # nothing here must last, so nothing needs to be put away
