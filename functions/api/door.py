"""People and their programs: REST v1 with its own description at ``/v1/docs``.

Trigger: API Gateway, everything under ``/v1`` that is not the carrier's. Answer: JSON; errors as problem+json.
"""

import asyncio
from functools import lru_cache
from typing import Any, cast

from mangum import Mangum
from mangum.types import LambdaContext

from functions.api.app import build_app
from functions.bootstrap import Services
from functions.entry import entry

TEXT = ["text/", "application/json", "application/problem+json"]
"""What leaves as text; API Gateway would hand everything else to clients in base64."""
build_once = lru_cache(maxsize=4)(build_app)


def handle(event: dict[str, Any], services: Services) -> dict[str, Any]:
    """Answer one request, on an event loop of its own: it may come on any thread, and nothing outlives it."""
    app = build_once(services)
    with asyncio.Runner() as runner:
        asyncio.set_event_loop(runner.get_loop())
        try:
            return Mangum(app, lifespan="off", text_mime_types=TEXT)(event, cast(LambdaContext, None))
        finally:
            asyncio.set_event_loop(None)


lambda_handler = entry(handle)
