"""TwiML documents: reading them, and the addresses inside them."""

from dataclasses import dataclass
from urllib.parse import urljoin, urlsplit
from xml.etree import ElementTree
from xml.etree.ElementTree import Element

UNREADABLE = 12100
NOT_SCHEMA = 12200
WRONG_TYPE = 12300
BAD_ADDRESS = 11100
XML_TYPES = frozenset({"text/xml", "application/xml", "text/html", ""})


class BadTwiml(Exception):
    """The document cannot be run; ``code`` is the carrier's error."""

    def __init__(self, code: int) -> None:
        super().__init__(code)
        self.code = code


@dataclass(frozen=True, kw_only=True)
class Document:
    """Verbs in order and the address they came from, blank when they were given inline."""

    verbs: tuple[Element, ...]
    url: str


def read_document(text: str | bytes, *, url: str, content_type: str = "") -> Document:
    """The document in ``text``.

    Raises:
        BadTwiml: It is no XML, or its root is not ``<Response>``.
    """
    if content_type.split(";")[0].strip().lower() not in XML_TYPES:
        raise BadTwiml(WRONG_TYPE)
    try:
        root = ElementTree.fromstring(text)  # noqa: S314 - written by the account that is being simulated
    except ElementTree.ParseError as error:
        raise BadTwiml(UNREADABLE) from error
    if root.tag != "Response":
        raise BadTwiml(UNREADABLE)
    return Document(verbs=tuple(root), url=url)


def resolve(document_url: str, address: str) -> str:
    """``address`` as seen from the document; blank means the document itself.

    Raises:
        BadTwiml: The result is no http(s) address.
    """
    absolute = urljoin(document_url, address.strip()) if address else document_url
    parts = urlsplit(absolute)
    if parts.scheme not in ("http", "https") or not parts.hostname:
        raise BadTwiml(BAD_ADDRESS)
    return absolute


def words_of(element: Element) -> str:
    """All text inside an element, blanks collapsed."""
    return " ".join("".join(element.itertext()).split())


def seconds_of(element: Element, name: str, default: float) -> float:
    """A numeric attribute, the default when it is missing or no number at or above zero."""
    text = element.get(name, "")
    return float(text) if text.isdecimal() else default


def times_of(element: Element) -> int:
    """The ``loop`` attribute; 0, which means for ever, is a thousand times."""
    text = element.get("loop", "1")
    times = int(text) if text.isdecimal() else 1
    return times or 1000
