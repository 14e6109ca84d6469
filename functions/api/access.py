"""Who may use the API, and what they reach through it."""

from typing import Annotated

from fastapi import Depends, HTTPException, Request
from fastapi.security import HTTPAuthorizationCredentials, HTTPBearer

from functions.bootstrap import Services
from shared.access.api_key import BadKey, check_bearer, hash_of

BEARER = HTTPBearer(auto_error=False, description="The API key")


def services_of(request: Request) -> Services:
    """What the application was built with."""
    found: Services = request.app.state.services
    return found


Reach = Annotated[Services, Depends(services_of)]


def check_key(services: Reach, given: Annotated[HTTPAuthorizationCredentials | None, Depends(BEARER)]) -> None:
    """Let in who knows the key.

    Raises:
        HTTPException: 401, whatever was wrong with it.
    """
    header = f"{given.scheme} {given.credentials}" if given else None
    try:
        check_bearer(header, key_hash=hash_of(services.api_key))
    except BadKey as refusal:
        raise HTTPException(401, str(refusal), headers={"WWW-Authenticate": "Bearer"}) from refusal
