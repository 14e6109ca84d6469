"""What goes wrong with recognisers, named: all of it ``Unavailable``, for another engine may take over."""

from shared.kernel.errors import Unavailable


class RecognitionFault(Unavailable):
    """An engine failed. ``reason`` is its label in metrics; ``rests_seconds`` how long asking again is pointless."""

    reason = "failed"
    rests_seconds: float | None = None


class ModelMissing(RecognitionFault):
    """The weights are not in the folder for models, or not all of them."""

    reason = "model_missing"


class EngineBusy(RecognitionFault):
    """The engine hears as many utterances as it can."""

    reason = "busy"


class KeyRefused(RecognitionFault):
    """The vendor does not know the key, or the key may not do this (HTTP 401, 403)."""

    reason = "key_refused"
    rests_seconds = 300.0


class CreditGone(RecognitionFault):
    """The vendor wants to be paid first (HTTP 402)."""

    reason = "credit_gone"
    rests_seconds = 300.0


class TooManyStreams(RecognitionFault):
    """The vendor allows no further stream at the moment (HTTP 429)."""

    reason = "too_many_streams"
    rests_seconds = 10.0


class LineDropped(RecognitionFault):
    """The connection broke, and speech was lost with it or a second one broke as well."""

    reason = "line_dropped"


class TooSlow(RecognitionFault):
    """The answer, or the connection, was not there in time."""

    reason = "too_slow"
