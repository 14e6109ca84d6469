"""Our voice node with stub models: ``python -m infra.cli.bench_voice.our_node <order>``.

Sockets, admission, pipeline, turns, dialogue, decisions and wording are the node's own; what lies outside is in memory.
"""

import sys
from pathlib import Path

from infra.cli.bench_voice.orders import SystemOrder, read_order
from shared.logs import configure
from shared.settings import one_thread_each


def main() -> int:
    """Serve until a signal, as ``python -m voice_node`` does."""
    one_thread_each()
    configure()
    # The libraries behind these must not be imported before their thread count is set.
    import uvloop

    from infra.cli.bench_voice.our_parts import serve

    uvloop.run(serve(read_order(SystemOrder, Path(sys.argv[1]))))
    return 0


if __name__ == "__main__":
    sys.exit(main())
