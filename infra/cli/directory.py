"""Sellers and campaigns by what people call them: the id, or the name."""

from collections.abc import Mapping, Sequence
from typing import Any

from infra.cli.api import Api
from shared.kernel.errors import Malformed, NotFound

Named = Mapping[str, Any]


def find_campaign(api: Api, wanted: str) -> str:
    """The id of the campaign with this id or name.

    Raises:
        NotFound: There is none.
        Malformed: Several have the name.
    """
    return _find(api.get("/v1/campaigns"), wanted, kind="campaign", name="name")


def find_seller(api: Api, wanted: str | None) -> str:
    """The id of the seller with this id or name; of the only one when nobody is named.

    Raises:
        NotFound: There is none.
        Malformed: Several have the name, or none is named where there are several.
    """
    sellers = api.get("/v1/sellers")
    if wanted is None and len(sellers) == 1:
        return str(sellers[0]["id"])
    if wanted is None and sellers:
        raise Malformed(f"say which seller with --seller: {_names(sellers, 'registered_name')}")
    if wanted is None:
        raise NotFound('there is no seller yet: make one with `reauto seller create "Name LLC" --callback-number …`')
    return _find(sellers, wanted, kind="seller", name="registered_name")


def _find(known: Sequence[Named], wanted: str, *, kind: str, name: str) -> str:
    for one in known:
        if one["id"] == wanted:
            return wanted
    same = [one for one in known if one[name].casefold() == wanted.casefold()]
    if len(same) > 1:
        raise Malformed(f"several {kind}s are called {wanted!r}: use an id ({', '.join(one['id'] for one in same)})")
    if not same:
        there = f"there are {_names(known, name)}" if known else "there is none yet"
        raise NotFound(f"no {kind} {wanted!r}: {there}")
    return str(same[0]["id"])


def _names(known: Sequence[Named], name: str) -> str:
    shown = [repr(one[name]) for one in known[:10]]
    return ", ".join([*shown, "…"] if len(known) > len(shown) else shown)
