"""The whole system on one machine: servers, functions, voice node, and a simulated carrier in place of a real one."""

import secrets
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

from infra.local.databases import ensure_database
from infra.local.environment import OUR_NUMBER, Environment
from infra.local.home import claim
from infra.local.interrupts import Interrupts
from infra.local.ports import claimed_port
from infra.local.postgres import embedded_postgres
from infra.local.processes import Program, Supervisor, answers_http, python_module
from infra.local.redis import EmbeddedRedis, checked_redis
from shared.access.api_key import new_key
from shared.kernel.clock import CivilClock, CivilTime
from shared.recording_settings import RecordingSettings
from shared.settings import MachineSettings, child_environment, read
from shared.storage.logins import ensure_login, login_url
from shared.storage.migrate import upgrade

NODE_LOGIN = "reauto_voice"


@dataclass(frozen=True, kw_only=True)
class Plan:
    """What to start. ``personas`` turns the simulated carrier on; ``port`` and ``node_port`` 0 take a free one.

    ``slots`` is how many calls the voice node may hold; ``civil_time`` moves the clock of the whole machine.
    Without ``recording_keys`` no call is recorded. ``our_numbers`` and ``phrases`` are as in ``Environment``.
    """

    settings: MachineSettings
    database: str
    is_fresh: bool
    personas: Path | None
    port: int = 0
    slots: int = 8
    civil_time: CivilTime | None = None
    node_port: int = 0
    api_key: str = field(default_factory=new_key)
    recording_keys: str = ""
    our_numbers: tuple[str, ...] = (OUR_NUMBER,)
    phrases: Path | None = None


@dataclass(frozen=True, kw_only=True)
class Machine:
    """A running system."""

    environment: Environment
    supervisor: Supervisor
    clock: CivilClock

    @property
    def api_url(self) -> str:
        """Where the REST API is reached."""
        return f"http://127.0.0.1:{self.environment.port}"


def machine_now() -> datetime:
    """The machine's own time, UTC."""
    return datetime.now(UTC)


def _untold(phase: str) -> None:
    """Nobody asks what goes on."""


@contextmanager
def running(plan: Plan, *, tell: Callable[[str], None] = _untold) -> Iterator[Machine]:
    """Start everything, wait until it is ready, and stop it at the end, whatever happens between.

    ``tell`` is told what goes on, in words, each time something else does.

    Raises:
        AlreadyRunning: Another process runs on the same folder.
        Unavailable: A part could not be started; the message says which and why.
    """
    port = claimed_port(plan.port)
    home = plan.settings.home.resolve()
    with claim(home), Interrupts() as interrupts, Supervisor(interrupts) as supervisor:
        tell("looking for the servers")
        environment = _servers(plan, home, port, supervisor, tell=tell)
        supervisor.start(*_programs(environment), waiting=lambda names: tell(f"waiting for {_listed(names)}"))
        clock = CivilClock(machine_now, plan.civil_time)
        yield Machine(environment=environment, supervisor=supervisor, clock=clock)


def _listed(names: Sequence[str]) -> str:
    return " and ".join(filter(None, [", ".join(names[:-1]), names[-1]]))


def _servers(plan: Plan, home: Path, port: int, supervisor: Supervisor, *, tell: Callable[[str], None]) -> Environment:
    """Start the servers that the settings do not name, and bring the database to the newest schema."""
    if plan.settings.redis_url:
        checked_redis(plan.settings.redis_url)
    postgres = None if plan.settings.database_url else embedded_postgres(home, bin_folder=plan.settings.postgres_bin)
    redis = None if plan.settings.redis_url else EmbeddedRedis(home)
    tell("starting PostgreSQL and Redis")
    supervisor.start(*(server for server in (redis, postgres) if server))
    tell("bringing the database to the newest schema")
    server_url = plan.settings.database_url or (postgres.url() if postgres else "")
    database_url = ensure_database(server_url, plan.database, fresh=plan.is_fresh)
    upgrade(database_url)
    password = secrets.token_urlsafe(18)
    ensure_login(database_url, user=NODE_LOGIN, password=password, role="reauto_node")
    return Environment(
        home=home,
        port=port,
        database_url=database_url,
        node_database_url=login_url(database_url, user=NODE_LOGIN, password=password),
        redis_url=plan.settings.redis_url or (redis.url() if redis else ""),
        personas=plan.personas.resolve() if plan.personas else None,
        slots=plan.slots,
        civil_time=plan.civil_time,
        prepares=postgres is not None or plan.settings.database_prepares,
        api_key=plan.api_key,
        recordings=read(RecordingSettings).place or str(home / "recordings"),
        recording_keys=plan.recording_keys,
        node_port=claimed_port(plan.node_port),
        our_numbers=plan.our_numbers,
        phrases=plan.phrases,
    )


def _programs(environment: Environment) -> list[Program]:
    """Our own processes, the one with the longest start first."""
    programs = [
        _program("voice-node", "voice_node", environment.node(), environment, environment.node_port, "/ready"),
        _program("control", "infra.local", environment.control(), environment, environment.port, "/v1/health"),
    ]
    if environment.personas is not None:
        environment.diary.unlink(missing_ok=True)
        told, port = environment.simulator(), environment.carrier_port
        programs.append(_program("simulator", "infra.simulator", told, environment, port, "/simulator/faults"))
    return programs


def _program(
    name: str, module: str, told: Mapping[str, str], environment: Environment, port: int, path: str
) -> Program:
    return Program(
        name,
        python_module(module),
        logs=environment.home / "logs",
        probe=answers_http(port, path),
        env=child_environment(told),
    )
