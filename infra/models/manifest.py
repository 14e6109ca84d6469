"""Which models there are: every file with its address, its size and its hash."""

from pathlib import Path
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from shared.kernel.errors import Malformed, NotFound
from shared.kernel.yaml_text import read_yaml

MANIFEST = Path(__file__).with_name("manifest.yaml")


class UnknownModel(NotFound):
    """The manifest has no model of this name."""


class _Row(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class ModelFile(_Row):
    """One file of a model; ``path`` is below the model's folder."""

    path: str = Field(pattern=r"^[A-Za-z0-9._-]+$")
    bytes: int = Field(ge=0)
    sha256: str = Field(pattern=r"^[0-9a-f]{64}$")
    url: str = Field(pattern=r"^https?://")


class Model(_Row):
    """A model: what it is for, under which terms it comes, from where."""

    name: str = Field(pattern=r"^[A-Za-z0-9][A-Za-z0-9._-]*$")
    what: str
    licence: str
    source: str
    files: tuple[ModelFile, ...] = Field(min_length=1)
    recommended: bool = False

    @property
    def size(self) -> int:
        """The bytes of all its files."""
        return sum(file.bytes for file in self.files)


class Manifest(_Row):
    """Every model, by name."""

    version: Literal[1]
    models: tuple[Model, ...]

    def chosen(self, names: tuple[str, ...]) -> tuple[Model, ...]:
        """The models of these names, or the recommended ones where none is named.

        Raises:
            UnknownModel: There is none of a name; the message says which there are.
        """
        if not names:
            return tuple(model for model in self.models if model.recommended)
        known = {model.name: model for model in self.models}
        for name in names:
            if name not in known:
                raise UnknownModel(f"there is no model {name!r}; there are {', '.join(sorted(known))}")
        return tuple(known[name] for name in names)


def load_manifest(path: Path = MANIFEST) -> Manifest:
    """The manifest in a file.

    Raises:
        Malformed: It cannot be read.
    """
    try:
        return Manifest.model_validate(read_yaml(path.read_text(encoding="utf-8")))
    except (OSError, ValidationError) as unreadable:
        raise Malformed(f"the list of models {path} cannot be read") from unreadable
