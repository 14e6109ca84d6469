"""The check of scripts: each problem is told with its line and key, in plain words; ours have none."""

from pathlib import Path
from textwrap import dedent

import pytest

from shared.conversation.script import SCRIPTS
from shared.conversation.script_check import LONGEST_FILE, check_script, faults

GOOD = dedent("""\
    version: 1
    name: mine
    subject: a home
    what: a visit
    questions:
      - field: timeline
        ask: ["How soon would you like to sell?", "How soon are you hoping to sell?"]
        clarify: "Within three months, or later?"
    required: [timeline]
    """)


def told(text: str) -> list[str]:
    return [str(problem) for problem in faults(check_script(text, file="mine.yaml"))]


def more(part: str) -> list[str]:
    return told(GOOD + dedent(part))


@pytest.mark.parametrize("file", sorted(SCRIPTS.glob("*.yaml")), ids=lambda file: file.stem)
def test_every_script_of_the_project_is_without_problems(file: Path) -> None:
    assert [str(problem) for problem in check_script(file.read_text(encoding="utf-8"), file=file.name)] == []


def test_a_good_script_has_no_problems() -> None:
    assert check_script(GOOD) == ()


@pytest.mark.parametrize(
    ("phrase", "complaint"),
    [
        ("We sold 12 homes.", "has digits"),
        ("Only five % of it.", "no voice can read: %"),
        ("It's on Oak St. nearby.", "short form"),
        ("The HOA decides.", "capitals"),
        ("Hello {nobody}.", "unknown value {nobody}"),
        ("Hello {first_name.", "brace"),
        ("I have {slot_a} for you.", "{slot_a}, which this line does not have"),
        ("Fine", "full stop"),
        (" ", "says nothing"),
        ("Your home is worth a lot.", "claims what a call may not claim"),
        ("I'm not a robot.", "claims what a call may not claim"),
        ("We get you top dollar.", "promises something"),
        ("It is a safe neighborhood.", "claims what a call may not claim"),
        ("So " + "many words " * 18 + "here.", "too long for the telephone"),
        ("This one sentence " + "goes on and on " * 5 + "on. Yes.", "a sentence of"),
    ],
)
def test_a_phrase_that_cannot_be_spoken_is_told_with_its_line(phrase: str, complaint: str) -> None:
    found = more(f"""\
        phrases:
          ack: ["Okay.", "{phrase}"]
        """)

    assert len(found) >= 1
    assert all(line.startswith("mine.yaml:11: phrases.ack[2]: ") for line in found)
    assert any(complaint in line for line in found)


@pytest.mark.parametrize(
    ("part", "complaint"),
    [
        ("colour: red\n", "mine.yaml:10: colour: is no key of a script"),
        ("phrases: {ack: []}\n", "mine.yaml:10: phrases.ack: is empty"),
        ("phrases: {sing: [\"La.\"]}\n", "mine.yaml:10: phrases.sing: is said by nobody"),
        ("objections: {yodel: {reply: [\"No.\"], then: end}}\n", "mine.yaml:10: objections.yodel: must be one of"),
        ("objections: {busy: {reply: [\"No.\"], then: wait}}\n", "mine.yaml:10: objections.busy.then: must be one of"),
        ("disqualified: {role: {martian: \"far\"}}\n", "mine.yaml:10: disqualified.role: 'role' is never"),
        ("nurture_timelines: [someday]\n", "mine.yaml:10: nurture_timelines: there is no timeline 'someday'"),
        ("opening: loud\n", "mine.yaml:10: opening: must be one of 'brief', 'warm' or 'permission'"),
        ("voice: {pace: breathless}\n", "mine.yaml:10: voice.pace: must be one of"),
        ("limits: {questions: 0}\n", "mine.yaml:10: limits.questions: "),
        ("knowledge: {x: {asked: [\"(a\"], answer: \"Yes.\"}}\n", "mine.yaml:10: knowledge.x.asked[1]: "),
        ("knowledge: {x: {asked: [\"a\"], answer: \"Really?\"}}\n", "mine.yaml:10: knowledge.x.answer: answers"),
        ("name: again\n", "mine.yaml:10: name: stands there twice"),
    ],
)  # fmt: skip
def test_a_part_that_breaks_the_rules_is_told_with_its_line(part: str, complaint: str) -> None:
    assert any(line.startswith(complaint) for line in told(GOOD + part)), told(GOOD + part)


@pytest.mark.parametrize(
    ("change", "complaint"),
    [
        (("timeline", "shoe_size"), "mine.yaml:6: questions[1].field: no answer about 'shoe_size'"),
        (("required: [timeline]", "required: [motivation]"), "mine.yaml:9: required: required fields without"),
        (('sell?", "How', 'sell.", "How'), "mine.yaml:7: questions[1].ask[1]: asks nothing"),
        (("or later?", "or later? Or not?"), "mine.yaml:8: questions[1].clarify: asks two things"),
        (("name: mine", "name: My Script"), "mine.yaml:2: name: must be lower-case"),
        (("subject: a home\n", ""), "mine.yaml:1: subject: is missing"),
        (("clarify:", "only_when: {role: [owner]}\n    clarify:"), "questions[1].only_when.role: waits for 'role'"),
        (("questions:", "questions: ["), "is not YAML"),
        ((GOOD, "- a list"), "mine.yaml:1: is no script"),
        ((GOOD, "x" * (LONGEST_FILE + 1)), "is longer than"),
    ],
)
def test_a_script_that_makes_no_sense_is_told_where(change: tuple[str, str], complaint: str) -> None:
    found = told(GOOD.replace(*change))

    assert any(complaint in line for line in found), found


def test_one_phrasing_alone_is_advised_against_and_no_fault() -> None:
    [problem] = check_script(GOOD.replace('"How soon would you like to sell?", ', ""))

    assert problem.is_advice
    assert (problem.line, problem.key) == (7, "questions[1].ask")


def test_what_all_scripts_share_must_lack_nothing() -> None:
    found = told('openings: {}\nphrases: {ack: ["Okay."]}\n')

    assert "mine.yaml:2: phrases: lacks 'goodbye'" in found
