"""A key opens the door; nothing else does."""

import pytest

from shared.access.api_key import PREFIX, BadKey, check_bearer, hash_of, new_key

KEY = f"{PREFIX}4Ne0kAkF9bYW9hPKsWqLSO577ZHTX0e6F6f98iQCBYv"


def test_the_right_key_passes() -> None:
    check_bearer(f"Bearer {KEY}", key_hash=hash_of(KEY))
    check_bearer(f"bearer {KEY}", key_hash=hash_of(KEY))


@pytest.mark.parametrize("header", [None, "", KEY, f"Basic {KEY}", "Bearer", f"Bearer {KEY}x", "Bearer ключ"])
def test_anything_else_does_not(header: str | None) -> None:
    with pytest.raises(BadKey, match="Authorization: Bearer"):
        check_bearer(header, key_hash=hash_of(KEY))


def test_keys_are_long_and_never_the_same() -> None:
    assert new_key() != KEY
    assert KEY.startswith(PREFIX)
    assert len(KEY) > 40
