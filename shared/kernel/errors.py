"""The tree of things that go wrong, split by what the caller should do.

    ReautoError
    ├── Refused      a rule said no            HTTP 409, queue: acknowledge
    ├── NotFound     there is no such thing    HTTP 404, queue: acknowledge and alarm
    ├── Conflict     someone was first         HTTP 409, queue: retry once
    ├── Malformed    we cannot read it         HTTP 400, queue: dead-letter now
    └── Unavailable  the outside failed        HTTP 503, queue: retry with back-off

Leaves live beside the rule they express.
"""


class ReautoError(Exception):
    """Anything this product raises on purpose."""


class Refused(ReautoError):
    """A rule said no; repeating the request will not help."""


class NotFound(ReautoError):
    """There is no such thing."""


class Conflict(ReautoError):
    """Someone else was first; reading again may help."""


class Malformed(ReautoError):
    """The input cannot be read; the message says what to change."""


class Unavailable(ReautoError):
    """Something outside failed; the same request may work later."""
