"""What the REST interface refuses, in the carrier's own codes."""

from typing import Any


class ApiRefusal(Exception):
    """A request the carrier answers with an error body."""

    def __init__(self, status: int, code: int, message: str) -> None:
        super().__init__(message)
        self.status = status
        self.code = code
        self.message = message

    def body(self) -> dict[str, Any]:
        """The published form of an error."""
        return {
            "code": self.code,
            "message": self.message,
            "more_info": f"https://www.twilio.com/docs/errors/{self.code}",
            "status": self.status,
        }


def bad_request(code: int, message: str) -> ApiRefusal:
    """A parameter or a state the carrier does not accept."""
    return ApiRefusal(400, code, message)


def not_found(path: str) -> ApiRefusal:
    """There is no such resource."""
    return ApiRefusal(404, 20404, f"The requested resource {path} was not found")


def not_authenticated() -> ApiRefusal:
    """The credentials are missing or wrong."""
    return ApiRefusal(401, 20003, "Authenticate")


def too_many_requests() -> ApiRefusal:
    """The request was not accepted because there are too many."""
    return ApiRefusal(429, 20429, "Too Many Requests")


def too_many_at_once() -> ApiRefusal:
    """The account has as many calls as it may have at once; nothing rings."""
    return ApiRefusal(429, 10004, "Call concurrency limit exceeded")


def server_failed() -> ApiRefusal:
    """The carrier itself failed; whether the request took effect is not said."""
    return ApiRefusal(503, 20503, "Service is unavailable. Please try again.")
