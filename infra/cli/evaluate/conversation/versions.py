"""Versions of what the agent says: the scripts of the project, or files and folders of others in their place."""

from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

import yaml

from shared.conversation import CallBrief, Move
from shared.conversation.phrasing import say
from shared.conversation.script import COMMON, SCRIPTS, Script, load_script, parse_script
from shared.kernel.clock import Clock
from shared.kernel.errors import Malformed, NotFound
from shared.kernel.yaml_text import read_yaml
from voice_node.agents.driver import Decider, Driver
from voice_node.brains.port import Brain
from voice_node.brains.scripted import ScriptedModel
from voice_node.cast import Actions


class DriverOfScript(Driver):
    """The node's driver with a script that it does not load itself."""

    def __init__(self, brief: CallBrief, *, script: Script, decider: Decider, actions: Actions, clock: Clock) -> None:
        super().__init__(brief, decider=decider, actions=actions, clock=clock)
        self._script = script


@dataclass(frozen=True, kw_only=True)
class Version:
    """A version by name. ``scripts`` replace those of the project that have the same name."""

    name: str = "ours"
    scripts: Mapping[str, Script] = field(default_factory=dict)

    def script(self, name: str) -> Script:
        """The script of that name.

        Raises:
            NotFound: Neither the version nor the project has it.
        """
        return self.scripts.get(name) or load_script(name)

    def driver(self, brief: CallBrief, *, decider: Decider, actions: Actions, clock: Clock) -> Driver:
        """What drives a call with this version's script."""
        script = self.scripts.get(brief.script)
        if script is None:
            return Driver(brief, decider=decider, actions=actions, clock=clock)
        return DriverOfScript(brief, script=script, decider=decider, actions=actions, clock=clock)

    def scripted_brain(self) -> Brain:
        """What words every line as this version's script has it."""
        return WordsOfVersion(self) if self.scripts else ScriptedModel()


@dataclass(frozen=True)
class WordsOfVersion:
    """The scripted brain of another version."""

    version: Version

    async def word(self, brief: CallBrief, move: Move, heard: str) -> AsyncIterator[str]:
        """The move's lines, in order."""
        for text in say(move.lines, state=move.state, brief=brief, script=self.version.script(brief.script)):
            yield text


def read_version(place: str) -> Version:
    """``ours``, or the scripts of a file or folder; what all scripts share may be there as ``common.yaml``.

    Raises:
        NotFound: There is no script.
        Malformed: A script breaks the rules; the message says where.
    """
    if place == "ours":
        return Version()
    path = Path(place)
    files = [path] if path.is_file() else sorted(path.glob("*.yaml"))
    own = {file.stem: file for file in files if file.stem != COMMON}
    common = (path if path.is_dir() else path.parent) / f"{COMMON}.yaml"
    shared = _read(common if common.is_file() else SCRIPTS / common.name)
    if not files:
        raise NotFound(f"{place}: no script (*.yaml) here; `ours` stands for those of the project")
    if not own:
        own = {file.stem: file for file in sorted(SCRIPTS.glob("*.yaml")) if file.stem != COMMON}
    return Version(name=place, scripts={name: parse_script(_read(file), shared=shared) for name, file in own.items()})


def _read(file: Path) -> Mapping[str, object]:
    try:
        found = read_yaml(file.read_text(encoding="utf-8"))
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        raise Malformed(f"{file}: {error}") from error
    if not isinstance(found, dict):
        raise Malformed(f"{file}: is no script")
    return found
