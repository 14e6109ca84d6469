"""What is asked of a model behind a call fits its window and cites turns."""

from hypothesis import given, settings
from hypothesis import strategies as st

from shared.conversation import Fact, SpokenTurn
from shared.conversation.prompt_tasks import TASK_WINDOW, extraction_prompt, summary_prompt, transcript
from shared.conversation.script import load_script
from shared.conversation.tokens import tokens
from tests.shared.conversation.dialogue import make_brief

BRIEF = make_brief()
SCRIPT = load_script(BRIEF.script)


def talk(texts: list[str]) -> list[SpokenTurn]:
    return [
        SpokenTurn(number=number, speaker="caller" if number % 2 else "agent", text=text, started=0, ended=1)
        for number, text in enumerate(texts, start=1)
    ]


def test_an_extraction_names_its_fields_and_numbers_the_turns() -> None:
    prompt = extraction_prompt(
        talk(["in two months", "Got it."]), fields={"timeline": "when they want to sell"}, brief=BRIEF, script=SCRIPT
    )

    assert prompt.version == "extraction-1"
    assert "- timeline: when they want to sell" in prompt.user
    assert "1 caller: in two months\n2 agent: Got it." in prompt.user


def test_a_summary_is_told_how_the_call_ended_and_what_is_known() -> None:
    fact = Fact(field="timeline", value="1_3m", turn=1, quote="in two months")
    prompt = summary_prompt(talk(["in two months"]), facts=[fact], ending="booked", brief=BRIEF, script=SCRIPT)

    assert prompt.version == "summary-1"
    assert "How the call ended: booked" in prompt.user
    assert "- timeline: in two months" in prompt.user
    assert [message["role"] for message in prompt.messages()] == ["system", "user"]


def test_a_call_that_is_too_long_loses_its_middle() -> None:
    told = transcript(talk([f"this is turn number {number}" for number in range(400)]), room=600)

    assert tokens(told) <= 600
    assert told.startswith("1 caller:")
    assert told.splitlines()[-1].startswith("400 agent:")
    assert "…" in told


@settings(max_examples=40)
@given(texts=st.lists(st.text(max_size=2_000), max_size=60))
def test_no_task_is_ever_too_long(texts: list[str]) -> None:
    turns = talk(texts)
    summary = summary_prompt(turns, facts=(), ending="booked", brief=BRIEF, script=SCRIPT)
    extraction = extraction_prompt(turns, fields={"timeline": "when"}, brief=BRIEF, script=SCRIPT)

    assert summary.size <= TASK_WINDOW.room
    assert extraction.size <= TASK_WINDOW.room
