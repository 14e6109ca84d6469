"""Run one voice worker: ``python -m voice_node``."""

import sys

from shared.logs import configure
from shared.settings import BadSettings, one_thread_each


def main() -> int:
    """Serve until a signal, then let the open calls end; 2 when the environment lacks something."""
    one_thread_each()
    configure()
    # The libraries behind these must not be imported before their thread count is set.
    import uvloop

    from voice_node.bootstrap import NodeConfig
    from voice_node.serve import serve

    try:
        config = NodeConfig.from_environment()
    except BadSettings as fault:
        sys.stderr.write(f"{fault}\n")
        return 2
    uvloop.run(serve(config))
    return 0


if __name__ == "__main__":
    sys.exit(main())
