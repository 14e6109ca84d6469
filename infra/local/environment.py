"""What each process of the machine is told: addresses, ports, and keys that live as long as this run."""

import math
import secrets
from dataclasses import dataclass, field
from pathlib import Path

from infra.local.child import free_port
from shared.kernel.clock import CivilTime
from voice_node.pool.family import cores

SIMULATED_ACCOUNT = "AC" + "5" * 32
OUR_NUMBER = "+15125550000"
SIMULATED_CALLS_PER_SECOND = "2"


@dataclass(frozen=True, kw_only=True)
class Environment:
    """The environment of one run.

    ``personas`` is ``None`` with a real carrier; ``prepares`` is whether the database keeps prepared statements.
    ``slots`` is how many calls the voice node must be able to hold, over all its ``workers``. ``recordings`` is where
    those are kept, sealed with ``recording_keys``. ``our_numbers`` are the account's at the simulated carrier,
    ``phrases`` a file of sentences that the recogniser is to expect.
    """

    home: Path
    port: int
    database_url: str
    node_database_url: str
    redis_url: str
    personas: Path | None
    slots: int
    civil_time: CivilTime | None
    recordings: str = ""
    recording_keys: str = ""
    prepares: bool = True
    our_numbers: tuple[str, ...] = (OUR_NUMBER,)
    phrases: Path | None = None
    workers: int = field(default_factory=cores)
    api_key: str = field(default_factory=lambda: secrets.token_urlsafe(32))
    call_token_secret: str = field(default_factory=lambda: secrets.token_urlsafe(32))
    carrier_token: str = field(default_factory=lambda: secrets.token_hex(16))
    node_port: int = field(default_factory=free_port)
    carrier_port: int = field(default_factory=free_port)

    @property
    def diary(self) -> Path:
        """Where the simulated people write what they said."""
        return self.home / "diary.jsonl"

    def common(self) -> dict[str, str]:
        """What every process is told."""
        carrier = {
            "TWILIO_ACCOUNT_SID": SIMULATED_ACCOUNT,
            "TWILIO_AUTH_TOKEN": self.carrier_token,
            "TWILIO_BASE_URL": f"http://127.0.0.1:{self.carrier_port}",
            "TWILIO_CALLS_PER_SECOND": SIMULATED_CALLS_PER_SECOND,
            "PUBLIC_BASE_URL": f"http://127.0.0.1:{self.port}",
        }
        return {
            **(carrier if self.personas else {}),
            "DATABASE_URL": self.database_url,
            "DATABASE_PREPARES": str(self.prepares).lower(),
            "REDIS_URL": self.redis_url,
            "CALL_TOKEN_SECRET": self.call_token_secret,
            "REAUTO_CLOCK": str(self.civil_time or ""),
            "RECORDINGS": self.recordings,
            "OPENBLAS_NUM_THREADS": "1",
            "OMP_NUM_THREADS": "1",
        }

    def control(self) -> dict[str, str]:
        """For the functions."""
        return {
            **self.common(),
            "DATABASE_POOL_SIZE": "12",
            "CONTROL_PORT": str(self.port),
            "REAUTO_API_KEY": self.api_key,
            "POWERTOOLS_METRICS_DISABLED": "true",  # CloudWatch's lines, which nobody reads here
        }

    def node(self) -> dict[str, str]:
        """For the voice node, whose database login may do little."""
        workers = min(self.workers, self.slots)
        return {
            **self.common(),
            "DATABASE_URL": self.node_database_url,
            "NODE_PORT": str(self.node_port),
            "NODE_WORKERS": str(workers),
            "NODE_SLOTS": str(math.ceil(self.slots / workers)),
            "RECORDING_KEYS": self.recording_keys,
            "NODE_SPOOL": str(self.home / "spool"),
            "NODE_CACHE": str(self.home / "models"),
            "VOICE_PREPARED": str(self.home / "prepared"),
            **({"STT_PHRASES": str(self.phrases)} if self.phrases else {}),
        }

    def simulator(self) -> dict[str, str]:
        """For the simulated carrier and its people."""
        return {
            **self.common(),
            "SIMULATOR_PORT": str(self.carrier_port),
            "SIMULATOR_PERSONAS": str(self.personas),
            "SIMULATOR_DIARY": str(self.diary),
            "SIMULATOR_OUR_NUMBERS": ",".join(self.our_numbers),
        }
