"""Somebody with whom no talk can be had: gibberish, silence, repetition, contradiction; always the same by seed."""

from collections.abc import Sequence
from random import Random

MANNERS = ("gibberish", "silence", "repetition", "contradiction", "everything")
SYLLABLES = (
    "ba",
    "dor",
    "fli",
    "gum",
    "ka",
    "lor",
    "mip",
    "na",
    "oon",
    "plex",
    "qui",
    "rin",
    "sto",
    "tra",
    "vu",
    "zeb",
)
SCRAPS = (
    "house", "the", "seven", "maybe", "truck", "my cousin", "tuesday", "not", "twenty", "agent", "buy", "call",
    "number", "listen", "you", "five hundred", "bedroom", "morning", "o'clock", "signed", "price", "what", "so",
    "because", "dog", "never", "stop", "again", "school", "loan", "real", "somebody", "later", "home", "record",
    "english", "text", "two",
)  # fmt: skip
CONTRARY = (
    "yes", "no", "yes no wait", "no i mean yes", "this is alex", "no this is not alex", "tuesday at ten",
    "no wednesday", "not wednesday either", "any time", "no time at all", "within two months", "no in two years",
    "i have an agent", "i don't have an agent", "we signed with somebody", "no nothing is signed", "the first one",
    "no the second one", "neither", "both", "i own it alone", "my wife owns it too", "i'm only renting",
    "it's in great shape", "it's falling apart", "what", "say that again", "hold on a second", "okay go ahead",
    "i'm busy", "i have time now", "call me later", "no don't call me later talk now", "not interested",
    "no wait i am interested", "are you a robot", "who is this", "how did you get my number", "what's it worth",
    "send me an email", "i want a real person", "no you are fine", "let me think about it", "just looking",
    "goodbye", "wait don't hang up", "cancel it", "book it", "four hundred thousand", "no three hundred",
    "next week", "yesterday", "at noon", "at midnight", "don't record this", "you can record this",
    "is it a safe area", "habla español", "i speak english", "thank you",
)  # fmt: skip


class RandomPerson:
    """One of them."""

    def __init__(self, seed: int) -> None:
        self._chance = Random(seed)
        self._manner = MANNERS[seed % len(MANNERS)]
        self._only = self._chance.choice(CONTRARY) if self._chance.random() < 0.7 else self._gibberish()
        self._patience = self._chance.choice((None, None, None, 3, 8, 20))
        self._turns = 0

    def greeting(self) -> str:
        """What they say at the pick-up, if anything."""
        return self._chance.choice(("", "hello", "yes", "who's there", self._gibberish()))

    def reply(self, said: str) -> str | None:
        """Anything, or nothing."""
        self._turns += 1
        manner = self._manner
        if manner == "everything":
            manner = self._chance.choice(MANNERS[:-1])
        if manner == "silence":
            return None if self._chance.random() < 0.75 else self._chance.choice(CONTRARY)
        if manner == "repetition":
            return said.lower().rstrip(".?!") or "what" if self._chance.random() < 0.1 else self._only
        return self._gibberish() if manner == "gibberish" else self._chance.choice(CONTRARY)

    def hangs_up(self) -> bool:
        """Whether their patience is over."""
        return self._patience is not None and self._turns >= self._patience

    def _gibberish(self) -> str:
        return " ".join(self._word() for _ in range(self._chance.randint(1, 12)))

    def _word(self) -> str:
        if self._chance.random() < 0.5:
            return self._chance.choice(SCRAPS)
        return "".join(self._chance.choices(SYLLABLES, k=self._chance.randint(1, 3)))


def lines_of(seed: int, count: int) -> Sequence[str | None]:
    """What that person would say to nobody, ``count`` times; for looking at one."""
    person = RandomPerson(seed)
    return [person.greeting(), *(person.reply("") for _ in range(count))]
