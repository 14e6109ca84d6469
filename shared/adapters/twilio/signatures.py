"""Was this request really sent by Twilio? Light to import: the webhooks start with it."""

from collections.abc import Iterable, Iterator, Sequence
from hmac import compare_digest

from twilio.request_validator import RequestValidator, get_signature_algorithm


class Form:
    """A form body: repeated names keep all their values, in order, blank ones too."""

    def __init__(self, pairs: Iterable[tuple[str, str]]) -> None:
        self._values: dict[str, list[str]] = {}
        for name, value in pairs:
            self._values.setdefault(name, []).append(value)

    def __iter__(self) -> Iterator[str]:
        return iter(self._values)

    def __len__(self) -> int:
        return len(self._values)

    def getall(self, name: str) -> list[str]:
        """Every value of a name; the validator asks by this method."""
        return self._values[name]

    def fields(self) -> dict[str, str]:
        """The last value of every name."""
        return {name: values[-1] for name, values in self._values.items()}


def is_signed(*, tokens: Sequence[str], url: str, form: Form, signature: str, settings: str = "") -> bool:
    """Whether any of ``tokens`` signed this request.

    Args:
        tokens: The account's auth token, and its successor while they are rotated.
        url: Exactly as it was given to Twilio: scheme, host, stage, path.
        form: The body.
        signature: ``X-Twilio-Signature``.
        settings: ``X-Twilio-Webhooks-Signature-Settings``, which names the algorithm.
    """
    algorithm = get_signature_algorithm(settings)
    validators = [RequestValidator(token) for token in tokens]
    try:
        for validator in validators:  # nearly always enough, at half the price of the validator's own way
            if compare_digest(validator.compute_signature(url, form, algorithm).encode(), signature.encode()):
                return True
    except ValueError:  # an algorithm that nobody knows
        return False
    return any(validator.validate(url, form, signature, algorithm) for validator in validators)
