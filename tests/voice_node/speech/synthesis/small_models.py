"""Voices of a few kilobytes that the real libraries load: each symbol of the text becomes a stretch of a tone."""

import json
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper

PIPER_RATE_HZ, KOKORO_RATE_HZ = 22_050, 24_000
SYMBOL_SAMPLES = 1_200


def _constant(name: str, value: np.ndarray) -> onnx.TensorProto:
    return numpy_helper.from_array(value, name)


def _tone(
    symbols: str, *, rate_hz: int, hertz: float, level: float
) -> tuple[list[onnx.NodeProto], list[onnx.TensorProto]]:
    """Nodes from a count of symbols (an int64 scalar) to ``tone``, so many stretches of a sine."""
    nodes = [
        helper.make_node("Mul", [symbols, "symbol_samples"], ["samples"]),
        helper.make_node("Range", ["zero", "samples", "one"], ["steps"]),
        helper.make_node("Cast", ["steps"], ["steps_float"], to=TensorProto.FLOAT),
        helper.make_node("Mul", ["steps_float", "radians"], ["angle"]),
        helper.make_node("Sin", ["angle"], ["sine"]),
        helper.make_node("Mul", ["sine", "level"], ["tone"]),
    ]
    constants = [
        _constant("symbol_samples", np.array(SYMBOL_SAMPLES, dtype=np.int64)),
        _constant("zero", np.array(0, dtype=np.int64)),
        _constant("one", np.array(1, dtype=np.int64)),
        _constant("radians", np.array(2 * np.pi * hertz / rate_hz, dtype=np.float32)),
        _constant("level", np.array(level, dtype=np.float32)),
    ]
    return nodes, constants


def _save(path: Path, nodes: Sequence[onnx.NodeProto], inputs: Sequence[onnx.ValueInfoProto],
          output: onnx.ValueInfoProto, constants: Sequence[onnx.TensorProto]) -> None:  # fmt: skip
    graph = helper.make_graph(list(nodes), "tone", list(inputs), [output], list(constants))
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)])
    model.ir_version = 8
    onnx.checker.check_model(model)
    path.parent.mkdir(parents=True, exist_ok=True)
    onnx.save(model, str(path))


def make_piper_voice(folder: Path, name: str = "en_US-tone-low", *, level: float = 0.3) -> None:
    """A Piper voice in its folder; its phonemes are the letters of the text."""
    nodes, constants = _tone("count", rate_hz=PIPER_RATE_HZ, hertz=400.0, level=level)
    path = folder / f"piper-{name}" / f"{name}.onnx"
    _save(
        path,
        [
            helper.make_node("Squeeze", ["input_lengths"], ["count"]),
            # Piper passes all three; onnxruntime refuses an input that the graph does not have.
            helper.make_node("ReduceSum", ["scales"], ["scale_sum"], keepdims=0),
            helper.make_node("Mul", ["scale_sum", "nothing"], ["no_scale"]),
            helper.make_node("ReduceSum", ["input"], ["id_sum"], keepdims=0),
            helper.make_node("Cast", ["id_sum"], ["id_float"], to=TensorProto.FLOAT),
            helper.make_node("Mul", ["id_float", "nothing"], ["no_id"]),
            *nodes,
            helper.make_node("Add", ["tone", "no_scale"], ["with_scale"]),
            helper.make_node("Add", ["with_scale", "no_id"], ["with_id"]),
            helper.make_node("Reshape", ["with_id", "shape"], ["output"]),
        ],
        [
            helper.make_tensor_value_info("input", TensorProto.INT64, [1, "symbols"]),
            helper.make_tensor_value_info("input_lengths", TensorProto.INT64, [1]),
            helper.make_tensor_value_info("scales", TensorProto.FLOAT, [3]),
        ],
        helper.make_tensor_value_info("output", TensorProto.FLOAT, [1, 1, 1, "samples"]),
        [*constants, _constant("nothing", np.array(0, dtype=np.float32)),
         _constant("shape", np.array([1, 1, 1, -1], dtype=np.int64))],
    )  # fmt: skip
    letters = "_^$ abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789.,?!'"
    described = {
        "audio": {"sample_rate": PIPER_RATE_HZ},
        "espeak": {"voice": "en-us"},
        "phoneme_type": "text",
        "num_symbols": len(letters),
        "num_speakers": 1,
        "inference": {"noise_scale": 0.667, "length_scale": 1.0, "noise_w": 0.8},
        "phoneme_id_map": {letter: [place] for place, letter in enumerate(letters)},
    }
    path.with_suffix(".onnx.json").write_text(json.dumps(described))


def make_kokoro(folder: Path, voices: Sequence[str] = ("af_heart", "bm_george"), *, level: float = 0.3) -> None:
    """A Kokoro model in its folder, with voices that all sound alike."""
    nodes, constants = _tone("count", rate_hz=KOKORO_RATE_HZ, hertz=400.0, level=level)
    path = folder / "kokoro-v1.0" / "kokoro-v1.0.onnx"
    _save(
        path,
        [
            helper.make_node("Size", ["tokens"], ["count"]),
            helper.make_node("ReduceSum", ["style"], ["style_sum"], keepdims=0),
            helper.make_node("ReduceSum", ["speed"], ["speed_sum"], keepdims=0),
            helper.make_node("Add", ["style_sum", "speed_sum"], ["both"]),
            helper.make_node("Mul", ["both", "nothing"], ["no_style"]),
            *nodes,
            helper.make_node("Add", ["tone", "no_style"], ["audio"]),
        ],
        [
            helper.make_tensor_value_info("tokens", TensorProto.INT64, [1, "symbols"]),
            helper.make_tensor_value_info("style", TensorProto.FLOAT, [1, 256]),
            helper.make_tensor_value_info("speed", TensorProto.FLOAT, [1]),
        ],
        helper.make_tensor_value_info("audio", TensorProto.FLOAT, ["samples"]),
        [*constants, _constant("nothing", np.array(0, dtype=np.float32))],
    )
    styles = {name: np.zeros((510, 1, 256), dtype=np.float32) for name in voices}
    with (path.parent / "voices-v1.0.bin").open("wb") as stream:
        np.savez(stream, **styles)  # type: ignore[arg-type]
