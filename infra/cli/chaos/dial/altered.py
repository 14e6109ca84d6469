"""A port with a method or two of its own; everything else is the port's."""

from typing import Any


class Altered:
    """Whatever a subclass does not define is asked of ``port``."""

    def __init__(self, port: Any) -> None:
        self.port = port

    def __getattr__(self, attribute: str) -> Any:
        return getattr(self.port, attribute)
