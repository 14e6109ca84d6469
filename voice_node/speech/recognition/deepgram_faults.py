"""What Deepgram and the line to it say when they fail, by our names."""

from deepgram.core.api_error import ApiError
from websockets.exceptions import WebSocketException

from voice_node.speech.recognition.faults import (
    CreditGone,
    KeyRefused,
    LineDropped,
    RecognitionFault,
    TooManyStreams,
    TooSlow,
)

LINE_ERRORS = (ApiError, WebSocketException, OSError, TimeoutError)
BY_STATUS: dict[int | None, RecognitionFault] = {
    401: KeyRefused("Deepgram does not know the key: check DEEPGRAM_API_KEY"),
    403: KeyRefused("Deepgram does not let this key transcribe: check DEEPGRAM_API_KEY and its scopes"),
    402: CreditGone("the Deepgram project has no credit left: pay Deepgram first"),
    429: TooManyStreams("Deepgram allows no further stream at the moment: ask it for a higher limit"),
}


def named(error: ApiError | WebSocketException | OSError) -> RecognitionFault:
    """The fault that an error of the SDK, the websocket or the network stands for."""
    if isinstance(error, ApiError):
        known = BY_STATUS.get(error.status_code)
        return type(known)(*known.args) if known else LineDropped(f"Deepgram answered HTTP {error.status_code}")
    if isinstance(error, TimeoutError):
        return TooSlow("Deepgram does not answer")
    return LineDropped(f"the line to Deepgram broke ({type(error).__name__})")


def is_final_word(fault: RecognitionFault) -> bool:
    """Whether connecting again at once is pointless."""
    return isinstance(fault, KeyRefused | CreditGone | TooManyStreams)
