"""The laws of the house that a linter does not know."""

import ast
import subprocess
import sys
from pathlib import Path

import pytest

import shared
from tests.architecture.source import ROOT, Source, calls, dotted, modules, written_tests

LINES_CEILING = 250
MAY_CATCH_EVERYTHING = {"functions/entry.py", "voice_node/session.py", "infra/local/runner.py"}
COMPOSITION_ROOTS = {
    "functions/bootstrap.py",
    "functions/cloud.py",
    "functions/answering.py",
    "functions/receiving.py",
    "voice_node/bootstrap.py",
    "voice_node/__main__.py",
    "infra/local/__main__.py",
    "infra/local/backstage_main.py",
    "infra/simulator/__main__.py",
    "infra/simulator/ollama/__main__.py",
    "infra/cli/__main__.py",
    "infra/local/machine.py",
}
CLOCK_READERS = {"datetime.now", "datetime.utcnow", "datetime.today", "date.today", "datetime.datetime.now"}
TOP_LEVEL = {
    "functions", "voice_node", "infra", "shared", "migrations", "tests",
    "template.yaml", "pyproject.toml", "README.md", "Makefile", "uv.lock", "LICENSE", "CHANGELOG.md",
}  # fmt: skip
LOGGING = {"debug", "info", "warning", "error", "exception", "critical"}
PERSONAL = {"phone", "first_name", "last_name", "name", "email", "text", "words", "transcript", "said", "quote"}


def test_shared_is_this_projects_own() -> None:
    assert Path(shared.__file__).is_relative_to(ROOT)


def test_the_import_contracts_hold() -> None:
    ran = subprocess.run(
        [Path(sys.executable).with_name("lint-imports"), "--no-cache"], cwd=ROOT, capture_output=True, text=True
    )

    assert ran.returncode == 0, ran.stdout


def test_nothing_imports_infra_or_tests_but_infra_and_tests() -> None:
    offenders = [
        source.name
        for source in modules()
        if not source.name.startswith("infra/")
        and any(module.split(".")[0] in {"infra", "tests"} for module in imported(source))
    ]

    assert offenders == []


def test_modules_stay_below_the_ceiling() -> None:
    long = {source.name: source.text.count("\n") for source in modules() if source.text.count("\n") > LINES_CEILING}

    assert long == {}


def test_the_middle_module_is_short() -> None:
    sizes = sorted(source.text.count("\n") for source in modules() if source.path.name != "__init__.py")

    assert sizes[len(sizes) // 2] <= 120


def test_every_exception_is_caught_only_at_the_edges() -> None:
    offenders = [
        f"{source.name}:{node.lineno}"
        for source in modules()
        if source.name not in MAY_CATCH_EVERYTHING
        for node in ast.walk(source.tree)
        if isinstance(node, ast.ExceptHandler)
        and (node.type is None or dotted(node.type) in {"Exception", "BaseException"})
    ]

    assert offenders == []


def test_time_is_passed_in() -> None:
    offenders = [
        f"{source.name}:{call.lineno}"
        for source in modules()
        if source.name not in COMPOSITION_ROOTS
        for name, call in calls(source)
        if name in CLOCK_READERS
    ]

    assert offenders == []


def test_only_settings_read_the_environment() -> None:
    offenders = [
        f"{source.name}:{node.lineno}"
        for source in modules()
        if source.name not in {"shared/settings.py", "shared/light_settings.py"}
        for node in ast.walk(source.tree)
        if (isinstance(node, ast.Attribute) and dotted(node) in {"os.environ", "os.getenv"})
        or (isinstance(node, ast.ImportFrom) and node.module == "os" and "environ" in {a.name for a in node.names})
    ]

    assert offenders == []


def test_business_sql_never_asks_the_database_for_the_time() -> None:
    offenders = [
        source.name
        for source in modules()
        if source.name.startswith(("shared/storage/", "migrations/"))
        and source.name != "shared/storage/light/clock.py"
        and any(
            word in source.text.lower() for word in ("func.now(", "now()", "current_timestamp", "clock_timestamp()")
        )
    ]

    assert offenders == []


def test_log_messages_are_constant_and_name_nobody() -> None:
    offenders = []
    for source in modules():
        for name, call in calls(source):
            if not (name.split(".")[-1] in LOGGING and "log" in name.lower()):
                continue
            if call.args and not isinstance(call.args[0], ast.Constant):
                offenders.append(f"{source.name}:{call.lineno}: message is not constant")
            for keyword in call.keywords:
                if keyword.arg == "extra" and isinstance(keyword.value, ast.Dict):
                    named = {str(key.value) for key in keyword.value.keys if isinstance(key, ast.Constant)}
                    offenders += [f"{source.name}:{call.lineno}: {key}" for key in named & PERSONAL]

    assert offenders == []


def test_tests_patch_nothing_and_skip_nothing_silently() -> None:
    offenders = [
        source.name
        for source in written_tests()
        if source.path.parent.name != "architecture" and ("mock.patch" in source.text or "unittest.mock" in source.text)
    ]

    assert offenders == []


def test_the_top_level_holds_only_what_it_should() -> None:
    tracked = subprocess.run(
        ["git", "ls-files", "-co", "--exclude-standard"], cwd=ROOT, capture_output=True, text=True, check=False
    )
    if tracked.returncode:
        pytest.skip("not a git checkout")
    top = {line.split("/")[0] for line in tracked.stdout.splitlines()}

    assert {name for name in top if not name.startswith(".")} <= TOP_LEVEL


def imported(source: Source) -> set[str]:
    """The modules a source imports, by absolute name."""
    names: set[str] = set()
    for node in ast.walk(source.tree):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            names.add(node.module)
    return names
