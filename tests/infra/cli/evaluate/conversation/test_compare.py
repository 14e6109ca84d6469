"""Two versions of a script, side by side."""

from pathlib import Path

import pytest
import yaml
from rich.console import Console

from infra.cli.evaluate.conversation.compare import differences, print_comparison
from infra.cli.evaluate.conversation.play import Cast
from infra.cli.evaluate.conversation.run import Pass, play_all
from infra.cli.evaluate.conversation.versions import Version, read_version
from shared.conversation.script import SCRIPTS
from shared.kernel.errors import Malformed, NotFound
from tests.infra.cli.evaluate.conversation.calls import make_scenario
from voice_node.agents.graph import decide_plainly

NAME = "seller_home_value"


def changed(folder: Path) -> Path:
    script = yaml.safe_load((SCRIPTS / f"{NAME}.yaml").read_text())
    script["questions"] = script["questions"][:1]
    script["questions"][0]["ask"] = ["When would you like to move?"]
    script["required"] = ["timeline"]
    file = folder / f"{NAME}.yaml"
    file.write_text(yaml.safe_dump(script))
    return file


async def passed(version: Version) -> Pass:
    return await play_all([make_scenario()], Cast(decider=decide_plainly, version=version))


async def test_what_the_other_version_does_otherwise_is_told(tmp_path: Path) -> None:
    ours, other = await passed(read_version("ours")), await passed(read_version(str(changed(tmp_path))))

    found = {each.what: each for each in differences(ours, other)}
    assert int(found["turns"].second) < int(found["turns"].first)
    assert found["words"].second == "Great, thanks, Alex. I'll be brief. When would you like to move?" or (
        "move" in found["words"].second
    )


async def test_a_version_beside_itself_differs_by_no_word(tmp_path: Path) -> None:
    first, second = await passed(Version()), await passed(read_version(str(SCRIPTS)))
    console = Console(record=True, width=120)

    print_comparison(("ours", "copy"), (first, second), console)

    assert "not by a word" in console.export_text()


def test_what_is_no_version_is_named(tmp_path: Path) -> None:
    with pytest.raises(NotFound, match="no script"):
        read_version(str(tmp_path))
    (tmp_path / "x.yaml").write_text("questions: 3")
    with pytest.raises(Malformed):
        read_version(str(tmp_path))
