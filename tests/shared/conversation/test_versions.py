"""A report says with what its call was held."""

from shared.conversation.versions import SCRIPT_ALONE, spoken_versions
from tests.shared.conversation.dialogue import make_brief


def test_the_prompt_is_the_one_that_was_used() -> None:
    told = spoken_versions(make_brief(prompt="reply-2"), model="qwen3:8b")

    assert (told.prompt, told.model, told.voice) == ("reply-2", "qwen3:8b", make_brief().agent_voice)
    assert spoken_versions(make_brief(), model="qwen3:8b").prompt == "reply-3"


def test_a_script_that_speaks_alone_used_no_prompt() -> None:
    assert spoken_versions(make_brief(prompt="reply-2"), model=SCRIPT_ALONE).prompt == ""
