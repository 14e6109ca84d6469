"""Who may use the API, and what they reach through it."""

import hmac
from typing import Annotated

from fastapi import Depends, HTTPException, Request
from fastapi.security import HTTPAuthorizationCredentials, HTTPBearer

from functions.bootstrap import Services

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
    if given is None or not hmac.compare_digest(given.credentials.encode(), services.api_key.encode()):
        raise HTTPException(401, "Send the API key as a bearer token.", headers={"WWW-Authenticate": "Bearer"})
