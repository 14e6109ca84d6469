"""Money as it is spoken of homes: "around four fifty", "two to three hundred thousand", "fifteen hundred a month"."""

from collections.abc import Collection, Sequence

from shared.conversation.understanding.acts import Told
from shared.conversation.understanding.numbers import Number

RENT, PRICE = "rent", "price"
QUESTIONS = (PRICE, RENT, "price_expectation")
"""The questions whose answer is an amount."""

_LEAST = {True: 100, False: 10_000}
"""What no rent, and no price, is below (dollars)."""

_A_MONTH = (("a", "month"), ("per", "month"), ("each", "month"), ("monthly",))
_FROM = frozenset({"over", "above", "least", "minimum", "from", "starting"})
_OTHER_UNITS = frozenset({
    "square", "sq", "percent", "years", "year", "months", "month", "weeks", "days", "kids", "people", "bedroom",
    "bedrooms", "bath", "baths", "beds", "bed", "acres", "acre", "am", "pm", "oclock", "miles", "minutes", "down",
})  # fmt: skip
_PAID_DOWN = frozenset({"down"})
_HALVES: dict[tuple[str, ...], float] = {("and", "a", "half"): 0.5, ("and", "a", "quarter"): 0.25}


def read_money(words: Sequence[str], numbers: Sequence[Number], awaited: Collection[str]) -> dict[str, Told]:
    """The amounts in plain words as ``{"min": …, "max": …}`` in whole dollars, by the field they are about.

    Args:
        words: Plain words.
        numbers: The numbers in them that say nothing else.
        awaited: The questions that wait.
    """
    asked = next((field for field in QUESTIONS if field in awaited), None)
    monthly = [number for number in numbers if _is_monthly(words, number)]
    field = asked or (RENT if monthly else PRICE)
    said = [number for number in numbers if _is_amount(words, number, field, is_asked=asked is not None)]
    amounts = _amounts(words, said[:2], is_rent=field == RENT)
    if not amounts:
        return {}
    start, end = said[0].start, said[: len(amounts)][-1].end
    is_least = len(amounts) == 1 and start > 0 and words[start - 1] in _FROM
    value = {"min": amounts[0]} if is_least else {"max": amounts[0]}
    if len(amounts) > 1:
        value = {"min": min(amounts), "max": max(amounts)}
    return {field: Told(value=value, confidence=1.0 if said[0].has_scale else 0.9, words=" ".join(words[start:end]))}


def _is_monthly(words: Sequence[str], number: Number) -> bool:
    after = [tuple(words[number.end : number.end + len(each)]) == each for each in _A_MONTH]
    return any(after) and number.value >= _LEAST[True]


def _is_amount(words: Sequence[str], number: Number, field: str, *, is_asked: bool) -> bool:
    after = words[number.end] if number.end < len(words) else ""
    if after in _OTHER_UNITS and not (_is_monthly(words, number) and field == RENT):
        return False
    if _PAID_DOWN & set(words[number.end : number.end + 4]):
        return False
    if is_asked:
        return True
    return _is_monthly(words, number) or (field == PRICE and number.has_scale and number.value >= 50_000)


def _amounts(words: Sequence[str], said: Sequence[Number], *, is_rent: bool) -> list[int]:
    amounts = [_dollars(words, number, is_rent=is_rent) for number in said]
    if len(said) > 1 and said[0].value < 10 < said[1].value and not is_rent:
        amounts[0] = int(said[0].value) * 10 ** (len(str(amounts[1])) - 1)
    return [amount for amount in amounts if amount >= _LEAST[is_rent]]


def _dollars(words: Sequence[str], number: Number, *, is_rent: bool) -> int:
    """Dollars as meant: "four fifty" is 450,000 for a house, "six" 600,000; a rent is said in full or in hundreds."""
    part = _HALVES.get(tuple(words[number.end : number.end + 3]), 0.0)
    if is_rent:
        return int(number.value * (100 if 10 <= number.value < 100 else 1))
    if number.value < 10 and not number.has_scale:
        return int((number.value + part) * 100_000)
    return int(number.value * (1000 if number.value < 1000 else 1))
