"""The files a decoder is started with: the language model and dictionary, made once and kept."""

import os
import tempfile
from dataclasses import dataclass
from hashlib import sha256
from importlib.resources import files
from pathlib import Path

from shared.kernel.errors import Unavailable
from voice_node.speech.corpus import content_hash, phrases
from voice_node.speech.language_model import END, START, learn
from voice_node.speech.own_phrases import own_phrases
from voice_node.speech.pronunciations import dictionary_for

GENERIC_WORDS = files("voice_node.speech") / "data" / "generic_words.txt"
RECIPE = "1"
"""Part of the files' names; raised when the way they are made changes."""


@dataclass(frozen=True, kw_only=True)
class SpeechModel:
    """Where the language model and the dictionary lie."""

    language_model: Path
    dictionary: Path


def prepare_model(cache: Path, own: Path | None = None) -> SpeechModel:
    """The model of the present phrase files, made in ``cache`` when it is not there yet.

    ``own`` has sentences to expect besides, one a line. Takes one or two seconds the first time. Safe to call from
    several processes at once.

    Raises:
        Unavailable: The ``pocketsphinx`` package is missing, or ``own`` cannot be read.
        Malformed: A phrase file cannot be read, or a word of ours has no pronunciation.
    """
    sentences = _sentences(own)
    recipe = f"{RECIPE} {content_hash()} {sentences if own else ''}".rstrip()
    digest = sha256(recipe.encode() + GENERIC_WORDS.read_bytes()).hexdigest()[:16]
    model = SpeechModel(language_model=cache / f"{digest}.arpa", dictionary=cache / f"{digest}.dict")
    if not model.language_model.exists():
        cache.mkdir(parents=True, exist_ok=True)
        expected = own_phrases(sentences, _full_dictionary())
        learned = learn((*phrases(), *expected), generic_words())
        words = {word for (word,) in learned.words} - {START, END}
        _replace(model.dictionary, dictionary_for(words, _full_dictionary()))
        _replace(model.language_model, learned.arpa())
    return model


def _sentences(own: Path | None) -> tuple[str, ...]:
    if own is None:
        return ()
    try:
        return tuple(filter(None, (line.strip() for line in own.read_text(encoding="utf-8").splitlines())))
    except (OSError, UnicodeDecodeError) as error:
        raise Unavailable(f"STT_PHRASES: {own} cannot be read: {error}") from error


def generic_words() -> dict[str, float]:
    """The commonest words of the decoder's own language model, with their frequencies."""
    pairs = (line.split() for line in GENERIC_WORDS.read_text(encoding="utf-8").splitlines())
    return {word: float(frequency) for word, frequency in pairs}


def _full_dictionary() -> Path:
    try:
        from pocketsphinx import get_model_path
    except ImportError as missing:
        raise Unavailable("speech recognition is missing: install the package pocketsphinx") from missing
    return Path(get_model_path("en-us/cmudict-en-us.dict"))


def _replace(target: Path, text: str) -> None:
    """Write a file so that nobody ever reads half of it."""
    descriptor, temporary = tempfile.mkstemp(dir=target.parent)
    with os.fdopen(descriptor, "w", encoding="utf-8") as file:
        file.write(text)
    Path(temporary).replace(target)
