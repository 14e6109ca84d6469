"""No private fact of one person is ever said to another, whatever the model makes of what it was told."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from shared.adapters.redis.connect import make_async_redis
from shared.adapters.redis.worded_lines import RedisWordedLines
from shared.conversation import CallBrief
from shared.conversation.claim_words import claim_words, root
from shared.conversation.prompt import Prompt
from shared.conversation.script import load_script
from shared.kernel.ids import AttemptId
from tests.shared.conversation.dialogue import make_brief
from tests.voice_node.brains.worded_calls import Wordsmith
from voice_node.brains.cached_wording import CachedWording

SCRIPTED = frozenset(
    word
    for name in ("seller_home_value", "buyer_portal", "rental")
    for variants in load_script(name).variants.values()
    for text in variants
    for word in re.findall(r"\w+", text.lower())
)
_WORD = re.compile(r"[\w@.]*\w")


@dataclass(frozen=True)
class Person:
    """Somebody with a name, a home, money, an address and a reason that nobody else has."""

    name: str
    last_name: str
    street: str
    number: int
    amount: int
    reason: str
    script: str
    is_talkative: bool

    def brief(self, place: int) -> CallBrief:
        return make_brief(
            attempt_id=AttemptId(f"call-{place}-{self.name}"),
            first_name=self.name,
            last_name=self.last_name,
            subject=f"{self.number} {self.street} Lane",
            source=f"{self.last_name} Homes",
            script=self.script,
        )

    @property
    def answers(self) -> tuple[str, ...]:
        told = (
            f"yes this is {self.name} {self.last_name} from {self.street}",
            f"in two months because of {self.reason} and I want {self.amount} dollars",
            f"well {self.reason} my mail is {self.name}.{self.last_name}@{self.reason}.com",
            f"it is in good shape, {self.number} {self.street} always was, says {self.reason}",
            f"no but {self.reason} does, and it cost {self.amount}",
            "yes",
            f"how much is it worth, {self.amount}?",
            f"that is fine for {self.name}",
        )
        return told if self.is_talkative else tuple(f"{each.split()[0]} {self.reason}" for each in told)

    @property
    def secrets(self) -> frozenset[str]:
        """Every word of theirs that is not everybody's."""
        said = f"{self.name} {self.last_name} {self.street} {self.reason} {self.number} {self.amount} {self.amount:,}"
        return frozenset(said.lower().split())


def is_their_own(word: str) -> bool:
    return word not in SCRIPTED and root(word) not in claim_words().everyday and word not in claim_words().figures


WORDS = st.text(alphabet="abcdefghijklmnoprstuvwxyz", min_size=5, max_size=9).filter(is_their_own)
PEOPLE = st.lists(
    st.builds(
        Person,
        name=WORDS.map(str.capitalize),
        last_name=WORDS.map(str.capitalize),
        street=WORDS.map(str.capitalize),
        number=st.integers(min_value=100, max_value=99_999),
        amount=st.integers(min_value=100_000, max_value=9_999_999),
        reason=WORDS,
        script=st.sampled_from(["seller_home_value", "buyer_portal", "rental"]),
        is_talkative=st.booleans(),
    ),
    min_size=2,
    max_size=4,
)


class Gossip:
    """A model that puts whatever it was ever told, in any request, into what it says next."""

    def __init__(self, manners: Sequence[int]) -> None:
        self.known: list[str] = []
        self._manners = list(manners) or [0]
        self._asked = 0

    def __call__(self, prompt: Prompt) -> str:
        told = " ".join(message["content"] for message in prompt.messages())
        fresh = [word for word in _WORD.findall(told) if is_their_own(word.lower())]
        self.known += [word for word in fresh if word not in self.known]
        manner = self._manners[self._asked % len(self._manners)]
        self._asked += 1
        say = prompt.bare or " ".join(prompt.scripted)
        secret = self.known[manner % len(self.known)] if self.known else "you"
        return (
            f"Well, {say}",
            f"Thanks, {secret}. {say}",
            f"{secret}, {say}",
            f"I see, it is about {secret.lower()}. {say}",
            say.replace(" you ", f" you and {secret} "),
            f"{say.rstrip('?')}, {secret.lower()}?",
            say,
            f"{say} {' '.join(self.known[-12:])}",
        )[manner % 8]


@settings(max_examples=30, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(people=PEOPLE, manners=st.lists(st.integers(min_value=0, max_value=10_000), max_size=12))
async def test_nobody_hears_of_anybody_else(redis_url: str, people: list[Person], manners: list[int]) -> None:
    client = make_async_redis(redis_url)
    gossip = Gossip(manners)
    smith = Wordsmith(gossip, CachedWording(RedisWordedLines(client), installation="here", model="gossip"))
    try:
        for round_number in range(2):
            for place, each in enumerate(people):
                said = await smith.hold(each.brief(place + 10 * round_number), *each.answers)
                heard = frozenset(_WORD.findall(" ".join(said).lower()))
                others = frozenset().union(*(other.secrets for other in people if other is not each)) - each.secrets
                assert not heard & others
        kept = [text for key in await client.keys("worded:*") for text in await client.hvals(key)]
    finally:
        await client.aclose()
    for text in kept:
        assert not frozenset(_WORD.findall(str(text).lower())) & frozenset().union(*(each.secrets for each in people))
