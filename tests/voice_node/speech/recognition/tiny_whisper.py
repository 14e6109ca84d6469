"""A real Whisper model in CTranslate2's format, a few hundred kilobytes small, that always says the same.

Its layers pass on what they get; each position of the decoder points at one token, so it spells a fixed text byte by
byte whatever it hears. Everything around it is the library's own: files, tokenizer, features, generation, scores.
"""

from pathlib import Path
from typing import Any

import numpy as np
from ctranslate2.specs import WhisperSpec, common_spec
from tokenizers import Tokenizer, decoders, models, pre_tokenizers

WIDTH = 64
MELS = 80
SPECIAL = [
    "<|endoftext|>", "<|startoftranscript|>", "<|en|>", "<|translate|>", "<|transcribe|>",
    "<|startoflm|>", "<|startofprev|>", "<|nospeech|>", "<|notimestamps|>",
]  # fmt: skip
MERGES = [("Ġ", "-"), ("Ġ", "'"), ("Ġ", "â")]
"""The library never lets a text begin with these; were they two tokens, it would forbid the space."""
PROMPT = 2
"""An English-only model is asked with the start of a transcript and "no timestamps"."""


def make_tiny_whisper(folder: Path, says: str, *, no_speech: float = 0.01, sureness: float = 8.0) -> Path:
    """Write a model that says a text of at most 60 bytes; returns its folder.

    ``no_speech`` is the probability of silence it gives, ``sureness`` how far its tokens stand out from the others.
    """
    alphabet = sorted(pre_tokenizers.ByteLevel.alphabet())
    tokens = alphabet + [one + other for one, other in MERGES] + SPECIAL
    tokenizer = Tokenizer(models.BPE(vocab={token: i for i, token in enumerate(tokens)}, merges=MERGES))
    tokenizer.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    tokenizer.decoder = decoders.ByteLevel()
    tokenizer.add_special_tokens(SPECIAL)
    spelled = [*tokenizer.encode(says).ids, tokens.index("<|endoftext|>")]
    folder.mkdir(parents=True)
    _spec(tokens, spelled, no_speech, sureness).save(str(folder))
    tokenizer.save(str(folder / "tokenizer.json"))
    return folder


def _spec(tokens: list[str], spelled: list[int], no_speech: float, sureness: float) -> Any:
    spec = WhisperSpec(1, 1, 1, 1)
    noise = np.random.default_rng(0)
    encoder, decoder = spec.encoder, spec.decoder
    for convolution, channels in ((encoder.conv1, MELS), (encoder.conv2, WIDTH)):
        convolution.weight = _small(noise, WIDTH, channels, 3)
        convolution.bias = np.zeros(WIDTH, np.float32)
    encoder.position_encodings.encodings = _small(noise, 1500, WIDTH)
    decoder.position_encodings.encodings = _pointers()
    decoder.embeddings.weight = np.zeros((len(tokens), WIDTH), np.float32)
    projection = np.zeros((len(tokens), WIDTH), np.float32)
    per_unit = 1 / np.sqrt(WIDTH)  # what the last layer norm makes of a single one among zeros
    for position, token in enumerate(spelled, start=PROMPT - 1):
        projection[token, position] += sureness * per_unit
    others = len(tokens) - 1
    projection[tokens.index("<|nospeech|>"), 0] = per_unit * np.log(no_speech * others / (1 - no_speech))
    decoder.projection.weight = projection
    for norm in (encoder.layer_norm, decoder.layer_norm):
        _normalise(norm)
    for layer in (*encoder.layer, *decoder.layer):
        _pass_on(layer)
    spec.register_vocabulary(tokens)
    spec.config.suppress_ids, spec.config.suppress_ids_begin = [], []
    spec.config.lang_ids, spec.config.alignment_heads = [], [(0, 0)]
    spec.validate()
    return spec


def _small(noise: np.random.Generator, *shape: int) -> Any:
    return noise.normal(0.0, 0.02, shape).astype(np.float32)


def _pointers() -> Any:
    encodings = np.zeros((448, WIDTH), np.float32)
    for position in range(448):
        encodings[position, min(position, WIDTH - 1)] = 10.0
    return encodings


def _normalise(norm: common_spec.LayerNormSpec) -> None:
    norm.gamma, norm.beta = np.ones(WIDTH, np.float32), np.zeros(WIDTH, np.float32)


def _pass_on(layer: Any) -> None:
    """Attention and feed-forward add nothing."""
    attentions = [layer.self_attention, *([layer.attention] if hasattr(layer, "attention") else [])]
    for attention in attentions:
        _normalise(attention.layer_norm)
        sizes = [3 * WIDTH, WIDTH] if attention is layer.self_attention else [WIDTH, 2 * WIDTH, WIDTH]
        for linear, size in zip(attention.linear, sizes, strict=True):
            linear.weight, linear.bias = np.zeros((size, WIDTH), np.float32), np.zeros(size, np.float32)
    _normalise(layer.ffn.layer_norm)
    for linear in (layer.ffn.linear_0, layer.ffn.linear_1):
        linear.weight, linear.bias = np.zeros((WIDTH, WIDTH), np.float32), np.zeros(WIDTH, np.float32)
