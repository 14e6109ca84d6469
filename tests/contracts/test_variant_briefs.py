"""Every BriefRepository tells the script, the voice, the opening and the prompt of the attempt's variant."""

from dataclasses import replace

import pytest

from shared.campaigns import CallingPlan, Experiment, Variant
from shared.conversation.prompt_templates import Purpose, newest
from tests.contracts.backends import Backend
from tests.contracts.nouns import make_campaign, make_opening

TRIED = Experiment(
    name="greeting",
    variants=(
        Variant(name="a"),
        Variant(name="b", voice="ava", prompt="reply-2"),
        Variant(name="c", script="buyer_listing", prompt="reply-99"),
    ),
)

NEWEST = newest(Purpose.REPLY).label


@pytest.mark.parametrize(
    ("variant", "told"),
    [
        (None, ("seller", "en-us", "Hello.", NEWEST)),
        ("a", ("seller", "en-us", "Hello.", NEWEST)),
        ("b", ("seller", "ava", "Hi.", "reply-2")),
        ("c", ("buyer_listing", "en-us", "Hello.", NEWEST)),
        ("gone", ("seller", "en-us", "Hello.", NEWEST)),
    ],
)
def test_a_brief_is_that_of_the_variant(backend: Backend, variant: str | None, told: tuple[str, str, str, str]) -> None:
    backend.campaigns.save(replace(make_campaign(), plan=CallingPlan(experiment=TRIED)))
    backend.campaigns.save_opening(make_opening())
    backend.campaigns.save_opening(make_opening(voice="ava", text="Hi."))
    attempt = backend.plan(variant=variant)

    brief = backend.briefs.get(attempt.id)
    assert (brief.script, brief.agent_voice, brief.opening_text, brief.prompt) == told
