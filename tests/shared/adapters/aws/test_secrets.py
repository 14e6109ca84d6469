"""Two secrets live while one replaces the other; settings come from the Parameter Store."""

import json
from datetime import timedelta
from typing import Any

import pytest

from shared.adapters.aws.secrets import Secrets, parameters
from shared.kernel.errors import Malformed, Unavailable
from tests.amazon import NewClient


@pytest.fixture
def manager(amazon: NewClient) -> Any:
    made = amazon("secretsmanager")
    made.create_secret(Name="reauto", SecretString=json.dumps({"token": "old"}))
    return made


def test_a_secret_that_was_never_rotated_has_one_value(manager: Any) -> None:
    assert Secrets(manager, "reauto").live("token") == ("old",)


def test_after_a_rotation_both_count_the_current_one_first(manager: Any) -> None:
    manager.put_secret_value(SecretId="reauto", SecretString=json.dumps({"token": "new"}))

    assert Secrets(manager, "reauto").live("token") == ("new", "old")


def test_a_value_counts_until_it_is_too_old(manager: Any) -> None:
    patient, hasty = Secrets(manager, "reauto"), Secrets(manager, "reauto", max_age=timedelta(0))
    assert patient.live("token") == hasty.live("token") == ("old",)

    manager.put_secret_value(SecretId="reauto", SecretString=json.dumps({"token": "new"}))

    assert patient.live("token")[0] == "old"
    assert hasty.live("token")[0] == "new"


def test_a_secret_without_the_key_is_said_so(manager: Any) -> None:
    with pytest.raises(Malformed, match="has no other"):
        Secrets(manager, "reauto").live("other")


def test_a_secret_out_of_reach_is_said_so_without_its_name_in_doubt(manager: Any) -> None:
    with pytest.raises(Unavailable, match="nowhere cannot be read"):
        Secrets(manager, "nowhere").live("token")


def test_a_secret_that_is_no_object_is_said_so(manager: Any) -> None:
    manager.create_secret(Name="list", SecretString="[1]")

    with pytest.raises(Malformed, match="not a JSON object"):
        Secrets(manager, "list").live("token")


def test_parameters_are_read_by_their_last_name_and_decrypted(amazon: NewClient) -> None:
    ssm = amazon("ssm")
    ssm.put_parameter(Name="/reauto/live/CALLS_PER_SECOND", Value="5", Type="String")
    ssm.put_parameter(Name="/reauto/live/OLLAMA_URL", Value="http://model", Type="SecureString")
    ssm.put_parameter(Name="/reauto/other/X", Value="1", Type="String")

    assert parameters(ssm, "/reauto/live") == {"CALLS_PER_SECOND": "5", "OLLAMA_URL": "http://model"}


def test_a_path_without_parameters_holds_none(amazon: NewClient) -> None:
    assert parameters(amazon("ssm"), "/reauto/live") == {}
