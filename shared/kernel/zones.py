"""Time zones by their IANA names."""

from zoneinfo import ZoneInfo, available_timezones

from shared.kernel.errors import Malformed


class UnknownZone(Malformed):
    """There is no such IANA time zone."""

    def __init__(self, name: str) -> None:
        super().__init__(f"{name!r} is not a time zone: write an IANA name like America/Chicago")


def zone(name: str) -> ZoneInfo:
    """The zone of that name.

    Raises:
        UnknownZone: No zone has this name.
    """
    if name not in available_timezones():
        raise UnknownZone(name)
    return ZoneInfo(name)
