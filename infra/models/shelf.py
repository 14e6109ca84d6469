"""The folder of models on this machine: what is there, and whether it is whole."""

import hashlib
import os
import shutil
from enum import StrEnum
from pathlib import Path

from infra.models.manifest import Model, ModelFile

BLOCK = 1024 * 1024
PARTIAL = ".partial"


class Presence(StrEnum):
    """How a model lies in the folder."""

    HERE = "here"
    MISSING = "missing"
    DAMAGED = "damaged"


def digest_of(path: Path) -> str:
    """The SHA-256 of a file, in hexadecimal."""
    digest = hashlib.sha256()
    with path.open("rb") as stream:
        while block := stream.read(BLOCK):
            digest.update(block)
    return digest.hexdigest()


class ModelShelf:
    """Models by name, each in a folder of its own that appears whole or not at all."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def presence(self, model: Model, *, thoroughly: bool) -> Presence:
        """Whether a model is there; its hashes are computed where ``thoroughly`` is asked, else sizes are compared."""
        place = self.folder / model.name
        if not place.is_dir():
            return Presence.MISSING
        whole = all(self._is_whole(place / file.path, file, thoroughly=thoroughly) for file in model.files)
        return Presence.HERE if whole else Presence.DAMAGED

    def partial(self, model: Model) -> Path:
        """Where the files of a model gather until all are there."""
        place = self.folder / PARTIAL / model.name
        place.mkdir(parents=True, exist_ok=True)
        return place

    def put(self, model: Model) -> Path:
        """Move the gathered files to their place, in one step."""
        place = self.folder / model.name
        if place.exists():
            shutil.rmtree(place)
        os.replace(self.partial(model), place)
        return place

    @staticmethod
    def _is_whole(path: Path, file: ModelFile, *, thoroughly: bool) -> bool:
        if not path.is_file() or path.stat().st_size != file.bytes:
            return False
        return not thoroughly or digest_of(path) == file.sha256
