"""Our voice node with stub models: ``python -m infra.cli.bench_voice.our_node <order>``.

Sockets, admission, pipeline, turns, dialogue, decisions and wording are the node's own; what lies outside is in memory.
"""

import socket
import sys
from collections.abc import Callable
from pathlib import Path

from infra.cli.bench_voice.orders import SystemOrder, read_order
from shared.logs import configure
from shared.settings import one_thread_each

BACKLOG = 512


def main() -> int:
    """Serve until a signal, as ``python -m voice_node`` does."""
    one_thread_each()
    configure()
    # The libraries behind these must not be imported before their thread count is set.
    import uvloop

    from infra.cli.bench_voice.our_parts import serve
    from voice_node.pool.supervisor import Supervisor
    from voice_node.preload import preload

    order = read_order(SystemOrder, Path(sys.argv[1]))

    def work(name: str, control: socket.socket, is_warm: Callable[[], None]) -> int:
        uvloop.run(serve(order, name, control, is_warm))
        return 0

    listener = socket.create_server(("127.0.0.1", order.port), backlog=BACKLOG)
    preload()
    return Supervisor(order.workers, listener=listener, work=work).run()


if __name__ == "__main__":
    sys.exit(main())
