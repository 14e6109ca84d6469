"""Versions of what the agent says: the scripts of the project, or files and folders of others in their place."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml

from shared.conversation import CallBrief
from shared.conversation.script import COMMON, SCRIPTS, parse_script
from shared.kernel.errors import Malformed, NotFound
from shared.kernel.yaml_text import read_yaml

OURS = "ours"


@dataclass(frozen=True, kw_only=True)
class Version:
    """A version by name. ``bodies`` are whole scripts as JSON, in place of the project's of the same name."""

    name: str = OURS
    bodies: Mapping[str, str] = field(default_factory=dict)

    def spoken(self, brief: CallBrief) -> CallBrief:
        """The brief of a call that speaks this version."""
        return brief.model_copy(update={"script_body": self.bodies.get(brief.script, brief.script_body)})


def read_version(place: str) -> Version:
    """``ours``, or the scripts of a file or folder; what all scripts share may be there as ``common.yaml``.

    Raises:
        NotFound: There is no script.
        Malformed: A script breaks the rules; the message says where.
    """
    if place == OURS:
        return Version()
    path = Path(place)
    folder = path if path.is_dir() else path.parent
    files = [path] if path.is_file() else sorted(path.glob("*.yaml"))
    if not files:
        raise NotFound(f"{place}: no script (*.yaml) here; `{OURS}` stands for those of the project")
    common = folder / f"{COMMON}.yaml"
    shared = _read(common if common.is_file() else SCRIPTS / common.name)
    own = [file for file in files if file.stem != COMMON] or [
        file for file in sorted(SCRIPTS.glob("*.yaml")) if file.stem != COMMON
    ]
    return Version(name=place, bodies={file.stem: _body(file, shared) for file in own})


def _body(file: Path, shared: Mapping[str, Any]) -> str:
    return parse_script(_read(file), shared=shared).model_dump_json()


def _read(file: Path) -> Mapping[str, Any]:
    try:
        found = read_yaml(file.read_text(encoding="utf-8"))
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        raise Malformed(f"{file}: {error}") from error
    if not isinstance(found, dict):
        raise Malformed(f"{file}: is no script")
    return found
