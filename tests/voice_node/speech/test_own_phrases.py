"""An installation's own sentences join what the recogniser expects."""

from pathlib import Path

import pytest

from shared.kernel.errors import Unavailable
from voice_node.speech.own_phrases import own_phrases
from voice_node.speech.speech_model import prepare_model

DICTIONARY = "tire T AY R\nshop SH AA P\nshop(2) SH AA P S\n"


def test_a_word_nobody_can_pronounce_is_left_out(tmp_path: Path) -> None:
    full = tmp_path / "full.dict"
    full.write_text(DICTIONARY)

    assert [phrase.text for phrase in own_phrases(["Zzyx tire shop.", "zzyx", "tire shop"], full)] == ["tire shop"]


def test_they_make_another_model_beside_the_first(tmp_path: Path) -> None:
    own = tmp_path / "own.txt"
    own.write_text("the quick brown fox jumps\n")

    plain, ours = prepare_model(tmp_path / "cache"), prepare_model(tmp_path / "cache", own)

    assert plain != ours
    assert "fox jumps" in ours.language_model.read_text()
    assert "fox jumps" not in plain.language_model.read_text()


def test_a_file_that_is_not_there_is_said_so(tmp_path: Path) -> None:
    with pytest.raises(Unavailable, match="STT_PHRASES"):
        prepare_model(tmp_path, tmp_path / "nowhere.txt")
