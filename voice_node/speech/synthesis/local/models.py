"""Models in the folder of models, as onnxruntime sees them."""

from pathlib import Path

import onnxruntime
from onnxruntime.capi.onnxruntime_pybind11_state import Fail, InvalidGraph, InvalidProtobuf, NoSuchFile

from shared.kernel.errors import Unavailable

BROKEN = (Fail, InvalidGraph, InvalidProtobuf, NoSuchFile)


class MissingModel(Unavailable):
    """A model is not in its folder, or is damaged; the message says how to fetch it."""

    def __init__(self, name: str, folder: Path, *, is_damaged: bool = False) -> None:
        how = "is damaged" if is_damaged else "is missing"
        super().__init__(f"the model {name} {how} in {folder}: fetch it with: reauto models pull {name}")
        self.name = name


def find_files(folder: Path, name: str, *files: str) -> tuple[Path, ...]:
    """The files of a model.

    Raises:
        MissingModel: One of them is not there.
    """
    found = tuple(folder / name / file for file in files)
    if not all(path.is_file() for path in found):
        raise MissingModel(name, folder)
    return found


def open_session(path: Path, *, model: str, folder: Path, threads: int) -> onnxruntime.InferenceSession:
    """A model that is ready to run, on so many threads.

    Raises:
        MissingModel: The file is not whole.
    """
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = threads
    options.inter_op_num_threads = 1
    try:
        return onnxruntime.InferenceSession(str(path), sess_options=options, providers=["CPUExecutionProvider"])
    except BROKEN as broken:
        raise MissingModel(model, folder, is_damaged=True) from broken
