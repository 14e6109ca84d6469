"""A call token opens one stream, to one worker's one life, for a while."""

from datetime import timedelta

import pytest

from shared.calls.token import BadToken, check_token, sign_token
from shared.kernel.ids import AttemptId
from tests.shared.calls.world import NOON

SECRET = "a secret of some length"
TOKEN = sign_token(SECRET, attempt_id=AttemptId("a1"), worker="w1", epoch="e1", expires_at=NOON + timedelta(seconds=60))


def check(token: str = TOKEN, *, secret: str = SECRET, attempt: str = "a1", worker: str = "w1", epoch: str = "e1",
          after: int = 0) -> None:  # fmt: skip
    check_token(
        secret, token, attempt_id=AttemptId(attempt), worker=worker, epoch=epoch, now=NOON + timedelta(seconds=after)
    )


def test_opens_what_it_was_signed_for() -> None:
    check()
    check(after=59)


def test_is_refused_after_its_expiry() -> None:
    with pytest.raises(BadToken, match="expired"):
        check(after=60)


@pytest.mark.parametrize("other", [{"attempt": "a2"}, {"worker": "w2"}, {"epoch": "e2"}, {"secret": "another secret"}])
def test_is_refused_for_anything_else(other: dict[str, str]) -> None:
    with pytest.raises(BadToken, match="does not fit"):
        check(**other)  # type: ignore[arg-type]


def test_a_field_cannot_lend_letters_to_its_neighbour() -> None:
    token = sign_token(SECRET, attempt_id=AttemptId("a"), worker="1|w", epoch="e", expires_at=NOON + timedelta(hours=1))

    with pytest.raises(BadToken):
        check_token(SECRET, token, attempt_id=AttemptId("a|1"), worker="w", epoch="e", now=NOON)


@pytest.mark.parametrize("token", ["", ".", "abc", "12", TOKEN + "0", "9" + TOKEN, "٣.x", "9" * 400 + ".x", "ü.ü"])
def test_nonsense_is_refused(token: str) -> None:
    with pytest.raises(BadToken):
        check(token)
