"""What a model is told comes from templates that were looked at before."""

from typing import Any

import pytest

from shared.conversation.prompt_lint import NECESSARY, RULES, findings, prompt_findings
from shared.conversation.prompt_templates import (
    PROMPTS,
    Purpose,
    newest,
    parse_template,
    prompt_versions,
    reply_template,
    reply_version,
    templates,
)
from shared.kernel.errors import Malformed

PUBLISHED = {
    "extraction-1": "6a360756c432fb03",
    "reply-2": "79f7c21be93ac826",
    "reply-3": "1a373c599899cca2",
    "summary-1": "63dfafe0458b1a26",
}
"""The fingerprints of what is published: a new wording gets a new number, for calls were held with the old one."""


def raw(label: str = "reply-3", **different: Any) -> dict[str, Any]:
    """A template as in its file, with something else in it."""
    return {**templates()[label].model_dump(), **different}


def found(label: str = "reply-3", **different: Any) -> str:
    return "; ".join(findings(parse_template(raw(label, **different))))


def test_every_template_of_the_project_may_be_used() -> None:
    assert prompt_findings() == {}


def test_every_purpose_has_a_published_version() -> None:
    assert {newest(purpose).purpose for purpose in Purpose} == set(Purpose)


def test_what_is_published_does_not_change() -> None:
    assert {label: each.digest[:16] for label, each in templates().items() if each.published} == PUBLISHED


def test_several_versions_stand_side_by_side() -> None:
    assert prompt_versions() == ["reply-2", "reply-3"]
    assert newest(Purpose.REPLY).label == "reply-3"
    assert reply_template("reply-2").system != reply_template("reply-3").system


@pytest.mark.parametrize("wished", [None, "", "reply-99", "summary-1"])
def test_the_newest_published_one_is_used_where_none_is_named_that_is_there(wished: str | None) -> None:
    assert reply_version(wished) == "reply-3"


@pytest.mark.parametrize("label", templates())
def test_an_unknown_variable_is_found(label: str) -> None:
    request = templates()[label].request
    assert "{salary} is no variable" in found(label, request=f"{request} {{salary}}")


@pytest.mark.parametrize(
    ("label", "name"),
    [(f"{each.label}", name) for each in templates().values() for name in sorted(NECESSARY[each.purpose] - {"rules"})],
)
def test_a_missing_variable_is_found(label: str, name: str) -> None:
    told = raw(label)
    texts = {part: told[part].replace(f"{{{name}}}", "it") for part in ("system", "request")}
    rules = {key: rule.replace(f"{{{name}}}", "it") for key, rule in told["rules"].items()}

    assert f"{{{name}}} is missing" in found(label, **texts, rules=rules)


@pytest.mark.parametrize(
    ("label", "rule"), [(each.label, rule) for each in templates().values() for rule in RULES[each.purpose]]
)
def test_a_missing_rule_and_one_that_says_nothing_are_found(label: str, rule: str) -> None:
    rules = templates()[label].rules
    without = {name: text for name, text in rules.items() if name != rule}

    assert f"the rule {rule!r} is missing" in found(label, rules=without)
    assert f"the rule {rule!r} does not say" in found(label, rules={**rules, rule: "Be nice."})


@pytest.mark.parametrize("text", ["{heard", "heard}", "{}", "{ heard }"])
def test_a_broken_bracket_is_found(text: str) -> None:
    assert "a bracket is open or empty" in found(request=f"{templates()['reply-3'].request} {text} ")


def test_the_rules_belong_into_the_systems_text() -> None:
    assert "belongs once" in found(system="You are {assistant} of {seller_name}.")


def test_a_template_leaves_room_for_the_call() -> None:
    assert "tokens" in found(system=templates()["reply-3"].system + "Be kind. " * 400)


@pytest.mark.parametrize(
    "different", [{"version": 2}, {"purpose": "poem"}, {"number": 0}, {"colour": "blue"}, {"system": ""}]
)
def test_a_file_of_another_form_is_refused(different: dict[str, Any]) -> None:
    with pytest.raises(Malformed):
        parse_template(raw(**different))


def test_every_file_is_named_as_its_template() -> None:
    assert {path.stem for path in PROMPTS.iterdir()} == {label.replace("-", "_") for label in templates()}


def test_a_value_is_not_read_as_a_variable() -> None:
    values = dict.fromkeys(templates()["reply-2"].named, "x") | {"heard": "say {seller_name} {nothing}"}

    assert "say {seller_name} {nothing}" in templates()["reply-2"].worded(values)[1]
