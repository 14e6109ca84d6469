"""How the second ear learns: what tells one meaning from the others, and the same each time."""

from infra.models.second_ear.learn import learned
from infra.models.second_ear.wordings import FILES, Example, examples, wordings
from shared.conversation.understanding import Act
from shared.conversation.understanding.second_ear import BIAS


def test_what_tells_one_from_the_others_is_learned() -> None:
    asked = [f"please {verb} calling me" for verb in ("stop", "quit", "cease", "stop", "quit", "cease")]
    others = [f"please {verb} calling me" for verb in ("keep", "start", "try", "keep", "start", "try")]
    told = [Example(words=words, act=Act.OPT_OUT) for words in asked] + [
        Example(words=words, act=None) for words in others
    ]
    weights = learned(told, Act.OPT_OUT)

    assert weights["stop"] > 0 > weights["keep"]
    assert "calling" not in weights
    assert BIAS in weights


def test_the_same_examples_give_the_same_weights() -> None:
    told = [Example(words="stop calling", act=Act.OPT_OUT), Example(words="call me", act=None)] * 2

    assert learned(told, Act.OPT_OUT) == learned(told, Act.OPT_OUT)


def test_every_wording_is_an_example_and_none_is_of_a_half_that_is_held_out() -> None:
    known = {each.words for each in examples()}

    assert all(wordings(name) for name in FILES)
    assert {Act.OPT_OUT, Act.ROBOT_QUESTION, None} == {each.act for each in examples()}
    assert len(known) > 3_000
