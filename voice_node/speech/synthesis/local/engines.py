"""Piper and Kokoro as engines of the node; their processes are started with it."""

import json
from collections.abc import Mapping
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

from voice_node.speech.synthesis.process_engine import ProcessEngine

PACKAGE = "voice_node.speech.synthesis.local"


def piper_engine(folder: Path, cast: Mapping[str, str], *, threads: int) -> ProcessEngine:
    """Piper with the voices of a cast, from the folder of models."""
    return _engine("piper", "piper-tts", folder, cast, threads)


def kokoro_engine(folder: Path, cast: Mapping[str, str], *, threads: int) -> ProcessEngine:
    """Kokoro with the voices of a cast, from the folder of models."""
    return _engine("kokoro", "kokoro-onnx", folder, cast, threads)


def _engine(name: str, wheel: str, folder: Path, cast: Mapping[str, str], threads: int) -> ProcessEngine:
    told = json.dumps(dict(cast), sort_keys=True)
    module = f"{PACKAGE}.{name}_process"
    return ProcessEngine(
        module, str(folder.resolve()), told, str(threads), name=name, version=f"{_version(wheel)}/{told}"
    )


def _version(wheel: str) -> str:
    try:
        return version(wheel)
    except PackageNotFoundError:
        return "missing"
