"""Where a Whisper model lies on this machine. Nothing here fetches anything: ``reauto models pull`` does."""

from pathlib import Path

from voice_node.speech.recognition.faults import ModelMissing

NEEDED = ("model.bin", "config.json", "tokenizer.json")
VOCABULARIES = ("vocabulary.json", "vocabulary.txt")


def whisper_folder(models: Path, name: str) -> Path:
    """The folder of a model in CTranslate2's format, such as ``whisper-base.en``, with everything it needs.

    Raises:
        ModelMissing: It is not there, or not whole.
    """
    folder = models / name
    todo = f"reauto models pull {name}"
    if not folder.is_dir():
        raise ModelMissing(f"the model {name} is missing in {models}: {todo}")
    lacking = [file for file in NEEDED if not (folder / file).is_file()]
    if not any((folder / file).is_file() for file in VOCABULARIES):
        lacking.append(VOCABULARIES[0])
    if lacking:
        raise ModelMissing(f"the model {name} in {models} lacks {', '.join(lacking)}: {todo}")
    return folder
