"""Run a voice node: ``python -m voice_node``."""

import socket
import sys
from collections.abc import Callable
from dataclasses import replace

from shared.kernel.errors import Unavailable
from shared.logs import configure
from shared.settings import BadSettings, one_thread_each

BACKLOG = 512


def main() -> int:
    """Hold workers until a signal, then let the open calls end; 2 when the environment lacks something."""
    one_thread_each()
    configure()
    # The libraries behind these must not be imported before their thread count is set.
    import uvloop

    from voice_node.config import NodeConfig
    from voice_node.pool.family import cores
    from voice_node.pool.names import worker_names
    from voice_node.pool.supervisor import Supervisor
    from voice_node.preload import preload
    from voice_node.serve import serve

    try:
        config = NodeConfig.from_environment()
    except BadSettings as fault:
        sys.stderr.write(f"{fault}\n")
        return 2

    def work(name: str, control: socket.socket, is_warm: Callable[[], None]) -> int:
        own = replace(config, worker=config.worker.model_copy(update={"worker": name}))
        try:
            uvloop.run(serve(own, control, is_warm))
        except Unavailable as fault:
            sys.stderr.write(f"{name} cannot start: {fault}\n")
            return 1
        return 0

    listener = socket.create_server((config.worker.host, config.worker.port), backlog=BACKLOG)
    preload()
    return Supervisor(worker_names(config.worker, cores=cores()), listener=listener, work=work).run()


if __name__ == "__main__":
    sys.exit(main())
