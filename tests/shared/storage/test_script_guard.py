"""What was published stays as it is, whoever asks the database."""

import pytest
from sqlalchemy import Engine, text
from sqlalchemy.exc import IntegrityError

from tests.contracts.backends import Backend
from tests.contracts.test_script_repository import publish, version


@pytest.mark.parametrize(
    "statement",
    [
        "update script_versions set text = 'other'",
        "delete from script_versions",
        "update script_versions set note = ''",
    ],
)
def test_a_published_version_can_be_neither_changed_nor_deleted(
    backend: Backend, engine: Engine, statement: str
) -> None:
    publish(backend, version(2))

    with pytest.raises(IntegrityError, match="stays as it is"), engine.begin() as db:
        db.execute(text(statement))
    assert backend.scripts.versions("rental") == [version(2)]
