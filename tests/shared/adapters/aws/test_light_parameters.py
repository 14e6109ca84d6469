"""The Parameter Store says the same to the carrier's doors as to everybody else."""

import pytest

from shared.adapters.aws.light_parameters import parameters
from shared.kernel.errors import Unavailable
from tests.amazon import NewClient


@pytest.fixture(autouse=True)
def _credentials(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        monkeypatch.setenv(name, "test")


def test_parameters_are_read_by_their_last_name_and_decrypted(amazon: NewClient, amazon_url: str) -> None:
    ssm = amazon("ssm")
    many = {f"SETTING_{number}": str(number) for number in range(12)}  # more than a page
    for name, value in many.items():
        ssm.put_parameter(Name=f"/reauto/live/{name}", Value=value, Type="SecureString")
    ssm.put_parameter(Name="/reauto/other/X", Value="1", Type="String")

    assert parameters("/reauto/live", region="us-east-1", endpoint_url=amazon_url) == many


def test_a_store_out_of_reach_is_said_so() -> None:
    with pytest.raises(Unavailable, match="/reauto/live cannot be read"):
        parameters("/reauto/live", region="us-east-1", endpoint_url="http://127.0.0.1:1")
