"""``reauto chat``."""

from click.testing import CliRunner

from infra.cli.chat import chat


def chatted(*lines: str, options: tuple[str, ...] = ()) -> str:
    result = CliRunner().invoke(chat, list(options), input="\n".join(lines) + "\n", catch_exceptions=False)
    return result.output


def test_the_opening_comes_first_and_the_outcome_last() -> None:
    said = chatted("yes this is alex", "/quit")

    assert said.startswith("Agent: Hi, this is Ava, an AI assistant")
    assert "to sell?" in said
    assert "Disposition: hung up early" in said


def test_a_whole_call_ends_with_appointment_facts_and_score() -> None:
    said = chatted(
        "yes this is alex", "within two months", "my job is moving", "good condition", "no agent", "just me",
        "the first one", "no thank you",
    )  # fmt: skip

    assert "Disposition: appointment set" in said
    assert "timeline: 1_3m" in said
    assert "Score: " in said


def test_the_key_nine_is_an_opt_out() -> None:
    assert "Disposition: opted out" in chatted("/9")


def test_an_empty_line_is_silence() -> None:
    assert "I can't hear you" in chatted("", "", "")


def test_what_was_understood_is_shown_on_demand() -> None:
    assert "facts timeline=1_3m" in chatted("yes", "within two months", "/quit", options=("--explain",))
    assert "facts timeline" not in chatted("yes", "within two months", "/quit")
