"""Words around places, from ``data/areas.yaml``: what leads to one, what ends its name, what is none."""

import re
from functools import cache, cached_property
from typing import Annotated

from pydantic import BaseModel, BeforeValidator, ConfigDict

from shared.conversation.understanding.days import MONTHS, WEEKDAYS
from shared.conversation.understanding.numbers import ORDINALS, SCALES, SMALL
from shared.conversation.understanding.phrases import DATA
from shared.kernel.yaml_text import read_yaml

Listed = Annotated[frozenset[str], BeforeValidator(lambda text: frozenset(str(text).split()))]
_COUNTED = frozenset(SMALL) | frozenset(ORDINALS) | frozenset(SCALES) | frozenset(WEEKDAYS) | frozenset(MONTHS)


class AreaWords(BaseModel):
    """The lists of the file, whose comments say what each is."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    leads: Listed
    plain_leads: Listed
    living: Listed
    liking: Listed
    kinds: Listed
    ends: Listed
    parts_of_names: Listed
    small_parts: Listed
    no_towns: Listed
    no_places: Listed
    meaningless: Listed
    answer_leads: tuple[str, ...]
    answer_tails: tuple[str, ...]

    @cached_property
    def never(self) -> frozenset[str]:
        """What is no place, numbers, days and months among it."""
        return self.no_places | _COUNTED

    @cached_property
    def around_answer(self) -> re.Pattern[str]:
        """Finds what an answer begins and ends with."""
        lead, tail = "|".join(self.answer_leads), "|".join(self.answer_tails)
        return re.compile(rf"^(?:(?:{lead}) )+|(?: (?:{tail}))+$")


@cache
def area_words() -> AreaWords:
    """The lists, read once.

    Raises:
        Malformed: The file is not what it should be.
    """
    return AreaWords.model_validate(read_yaml((DATA / "areas.yaml").read_text(encoding="utf-8")))
