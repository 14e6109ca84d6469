"""Secrets Manager and the Parameter Store, through Powertools' cache."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from aws_lambda_powertools.utilities.parameters import SecretsProvider, SSMProvider
from aws_lambda_powertools.utilities.parameters.exceptions import GetParameterError

from shared.kernel.errors import Malformed, Unavailable

STAGES = ("AWSCURRENT", "AWSPREVIOUS", "AWSPENDING")
"""Which versions of a secret may be live at once: what counts, what counted before, what a rotation tries out."""


class Secrets:
    """One secret that holds a JSON object, in all versions that may be live.

    Args:
        client: boto3's client of Secrets Manager.
        name: The secret.
        max_age: How long a value counts before it is read again.
    """

    def __init__(self, client: Any, name: str, *, max_age: timedelta = timedelta(minutes=5)) -> None:
        self._name = name
        self._seconds = round(max_age.total_seconds())
        # Powertools keeps values by name alone, so that each stage needs a cache of its own.
        self._providers = {stage: SecretsProvider(boto3_client=client) for stage in STAGES}

    def live(self, key: str) -> tuple[str, ...]:
        """Every value of ``key`` that may be in use, the current one first.

        Raises:
            Unavailable: The current version cannot be read.
            Malformed: It is no JSON object, or has no such key.
        """
        current = self._version("AWSCURRENT")
        if key not in current:
            raise Malformed(f"the secret {self._name} has no {key}")
        values = [current[key]]
        for stage in STAGES[1:]:
            try:
                values.append(self._version(stage).get(key, ""))
            except Unavailable:  # there is no such version
                continue
        return tuple(dict.fromkeys(value for value in values if value))

    def _version(self, stage: str) -> Mapping[str, str]:
        try:
            value = self._providers[stage].get(self._name, max_age=self._seconds, transform="json", VersionStage=stage)
        except GetParameterError as error:
            raise Unavailable(f"the secret {self._name} cannot be read ({stage})") from error
        if not isinstance(value, dict):
            raise Malformed(f"the secret {self._name} is not a JSON object")
        return value


def parameters(client: Any, path: str, *, max_age: timedelta = timedelta(minutes=5)) -> dict[str, str]:
    """Every parameter below ``path`` by its last name, decrypted.

    Raises:
        Unavailable: The Parameter Store cannot be read.
    """
    try:
        found = SSMProvider(boto3_client=client).get_multiple(
            path, max_age=round(max_age.total_seconds()), decrypt=True
        )
    except GetParameterError as error:
        raise Unavailable(f"the parameters below {path} cannot be read") from error
    return {name: str(value) for name, value in (found or {}).items()}
