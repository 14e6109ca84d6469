"""What language models are told is looked at before anybody is rung."""

from infra.cli.check_prompts import prompt_checks


def test_the_versions_in_use_are_named() -> None:
    [line] = prompt_checks()

    assert line["grade"] == "good"
    assert "reply-3, extraction-1, summary-1" in line["seen"]
