"""Read once by the process that all parts are forked from: what takes seconds to import, every script's word lists."""

from infra.cli.bench_conversation.killed_part import hold_part
from shared.conversation.script import load_script, script_names
from shared.conversation.turn import warm_up

__all__ = ["hold_part"]

for _name in script_names():
    warm_up(load_script(_name))
