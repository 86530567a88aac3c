"""The sentence model written anew, so that it counts in 8-bit whole numbers.

Its package stores weights of 8 bits but turns them into floats before it computes, and so gains
memory only on disk. Here every row that meets a weight is itself rounded to 8 bits, each row by its
own largest number; processors multiply such numbers two to three times as fast. Weights stay as
they are.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

LAYERS, HEADS, DIMS = 6, 12, 384
# In these directions every text lies up to thirty times as far out as in others; rounding rows by
# them would lose the rest, so they are computed beside, as floats.
OUTLYING = (63, 99, 127, 157, 223, 267, 319, 338)
# The least that the model's activation gives is -.16998.
LIFTED = 0.17
EPSILON = 1e-12
OPSET, FORMAT = 18, 10
NOT_FUSED = ("SkipLayerNormFusion", "BiasGeluFusion")
_OWN = "com.microsoft"
_EMBEDDINGS = "inner.embeddings."

Floats = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class _Matrix:
    """Weights (k, n) as whole numbers, and what one of them is worth in each of n columns."""

    numbers: NDArray[np.int8]
    worth: Floats

    def floats(self) -> Floats:
        return self.numbers.astype(np.float32) * self.worth


@dataclass(frozen=True, slots=True)
class _Rounded:
    """Rows of 8 bits, and what one of them is worth in each row; names in the graph."""

    numbers: str
    worth: str
    zero: str


@dataclass(frozen=True, slots=True)
class _Graph:
    """A graph in the making."""

    nodes: list[Any] = field(default_factory=list)
    tensors: dict[str, Any] = field(default_factory=dict)

    def put(self, name: str, values: ArrayLike) -> str:
        """Keep a constant under a name; the same name keeps the same."""
        from onnx import numpy_helper  # noqa: PLC0415 - 0.3 s at start

        if name not in self.tensors:
            self.tensors[name] = numpy_helper.from_array(np.ascontiguousarray(values), name)
        return name

    def do(self, op: str, *inputs: str, outputs: int = 1, **settings: Any) -> Any:
        """Add a step; the name of what it gives, or a list of names."""
        from onnx import helper  # noqa: PLC0415 - as above

        own = op in {"MatMulIntegerToFloat", "MultiHeadAttention", "Gelu"}
        names = [f"{op}.{len(self.nodes)}.{at}" for at in range(outputs)]
        domain = _OWN if own else ""
        self.nodes.append(helper.make_node(op, inputs, names, domain=domain, **settings))
        return names if outputs > 1 else names[0]

    def written(self, given: Any, gives: Any) -> bytes:
        """Write it as a file."""
        from onnx import helper  # noqa: PLC0415 - as above

        graph = helper.make_graph(
            self.nodes, "whole numbers", [given], [gives], list(self.tensors.values())
        )
        opsets = [helper.make_opsetid("", OPSET), helper.make_opsetid(_OWN, 1)]
        model = helper.make_model(graph, opset_imports=opsets, ir_version=FORMAT)
        content: bytes = model.SerializeToString()
        return content

    def number(self, value: float) -> str:
        """Keep one float."""
        return self.put(f"number {value}", np.float32(value))

    def axes(self, *values: int) -> str:
        """Keep axes, or a shape."""
        return self.put(f"axes {values}", np.array(values, dtype=np.int64))

    def rounded(self, rows: str, *, positive: bool) -> _Rounded:
        """Round each row by its own largest number."""
        zero, most = (0, 255) if positive else (128, 127)
        sizes = rows if positive else self.do("Abs", rows)
        largest = self.do("ReduceMax", sizes, self.axes(-1), keepdims=1)
        worth = self.do("Mul", largest, self.number(1 / most))
        zero_name = self.put(f"zero {zero}", np.uint8(zero))
        shares = self.do("Div", rows, worth)
        whole = self.do("QuantizeLinear", shares, self.number(1), zero_name)
        return _Rounded(whole, worth, zero_name)

    def times(self, rows: _Rounded, name: str, matrix: _Matrix) -> str:
        """Multiply rounded rows by weights."""
        numbers, worth = (
            self.put(f"{name}.numbers", matrix.numbers),
            self.put(f"{name}.worth", matrix.worth),
        )
        product: str = self.do(
            "MatMulIntegerToFloat", rows.numbers, numbers, self.number(1), worth, rows.zero
        )
        shares: str = self.do("Mul", product, rows.worth)
        return shares


@dataclass(frozen=True, slots=True)
class _Source:
    """The tensors of the package's own graph."""

    tensors: Mapping[str, NDArray[Any]]
    matrices: Sequence[_Matrix]

    def bias(self, layer: int, name: str) -> Floats:
        return self.tensors[f"inner.encoder.layer.{layer}.{name}.bias"]


def in_whole_numbers(content: bytes) -> bytes:
    """Write the model's graph anew.

    Parameters
    ----------
    content : bytes
        The file of the package.

    Returns
    -------
    bytes
        A graph from ``ids`` int64 (n, pieces), texts of one length with their two marks, to the
        mean state of each, float32 (n, 384). Open it without the optimisers of `NOT_FUSED`: one
        is eight times slower than what it replaces.

    Notes
    -----
    Against the package's own graph vectors turned by a cosine of .0002 in the mean, on 195 short
    messages, sentences and comments of one word; by .001 at most, in comments of two pieces.

    References
    ----------
    Dettmers and others (2022), arXiv:2208.07339, for directions that are computed beside.
    """
    from onnx import TensorProto, helper  # noqa: PLC0415 - as above

    graph, source = _Graph(), _source(content)
    rows = _embedded(graph, source)
    shape = graph.do("Concat", graph.do("Shape", "ids"), graph.axes(DIMS), axis=0)
    for layer in range(LAYERS):
        rows = _layer(graph, source, layer, rows, shape)
    states = graph.do("Reshape", rows, shape)
    mean = graph.do("ReduceMean", states, graph.axes(1), keepdims=0)
    ids = helper.make_tensor_value_info("ids", TensorProto.INT64, ["texts", "pieces"])
    means = helper.make_tensor_value_info(mean, TensorProto.FLOAT, ["texts", DIMS])
    return graph.written(ids, means)


def multiplies_exactly(runtime: Any) -> bool:
    """Say whether sums of 8-bit products are exact here; on older processors they are cut off.

    Parameters
    ----------
    runtime : module
        onnxruntime.
    """
    from onnx import TensorProto, helper  # noqa: PLC0415 - as above

    graph = _Graph()
    zero = graph.put("zero", np.uint8(0))
    weights = graph.put("weights", np.full((DIMS, DIMS), 127, dtype=np.int8))
    one = graph.number(1)
    product = graph.do("MatMulIntegerToFloat", "rows", weights, one, one, zero)
    rows = helper.make_tensor_value_info("rows", TensorProto.UINT8, [None, DIMS])
    sums = helper.make_tensor_value_info(product, TensorProto.FLOAT, [None, DIMS])
    session = runtime.InferenceSession(
        graph.written(rows, sums), providers=["CPUExecutionProvider"]
    )
    found = session.run(None, {"rows": np.full((16, DIMS), 255, dtype=np.uint8)})[0]
    return bool((found == 255 * 127 * DIMS).all())


def _source(content: bytes) -> _Source:
    import onnx  # noqa: PLC0415 - as above

    graph = onnx.load_model_from_string(content).graph
    tensors = {each.name: onnx.numpy_helper.to_array(each) for each in graph.initializer}
    # Weights have no telling names; they stand in the order in which the layers need them.
    names = [each.input[0] for each in graph.node if each.op_type == "Cast"]
    weights = [name.removesuffix("_q") for name in names if name.startswith("val_")]
    matrices = [_Matrix(tensors[f"{name}_q"], tensors[f"{name}_scale"].ravel()) for name in weights]
    return _Source(tensors, matrices)


def _embedded(graph: _Graph, source: _Source) -> str:
    """Give a row for each piece: the piece and its place."""

    def words(part: str) -> NDArray[Any]:
        return source.tensors[_EMBEDDINGS + part]

    numbers = graph.put("pieces.numbers", words("word_embeddings.weight_q"))
    worth = graph.put("pieces.worth", words("word_embeddings.weight_scale"))
    whole = graph.do("Cast", graph.do("Gather", numbers, "ids"), to=1)
    pieces = graph.do("Mul", whole, graph.do("Gather", worth, "ids"))
    places = words("position_embeddings.weight_q") * words("position_embeddings.weight_scale")
    first = words("token_type_embeddings.weight")[0]
    known = graph.put("places", (places + first).astype(np.float32))
    count = graph.do("Shape", "ids", start=1, end=2)
    placed = graph.do("Slice", known, graph.axes(0), count, graph.axes(0))
    flat = graph.do("Reshape", graph.do("Add", pieces, placed), graph.axes(-1, DIMS))
    return _levelled(graph, source, _EMBEDDINGS + "LayerNorm", flat)


def _layer(graph: _Graph, source: _Source, layer: int, rows: str, shape: str) -> str:
    name = f"layer {layer}"
    query, key, value, after, up, down = source.matrices[6 * layer : 6 * layer + 6]
    asked = _Matrix(
        np.concatenate([each.numbers for each in (query, key, value)], axis=1),
        np.concatenate([each.worth for each in (query, key, value)]),
    )
    parts = ("query", "key", "value")
    shifts = np.concatenate([source.bias(layer, f"attention.self.{part}") for part in parts])
    threefold = _beside_outlying(graph, f"{name} asked", rows, asked, shifts)
    split = graph.do("Split", threefold, outputs=3, axis=-1, num_outputs=3)
    folded = [graph.do("Reshape", each, shape) for each in split]
    heard = graph.do("MultiHeadAttention", *folded, num_heads=HEADS)
    flat = graph.do("Reshape", heard, graph.axes(-1, DIMS))
    answered = graph.times(graph.rounded(flat, positive=False), f"{name} after", after)
    shift = source.bias(layer, "attention.output.dense")
    levelled = _joined(graph, source, f"{layer}.attention.output", (answered, rows), shift)
    wide = _beside_outlying(
        graph, f"{name} up", levelled, up, source.bias(layer, "intermediate.dense")
    )
    lifted = graph.do("Add", graph.do("Gelu", wide), graph.number(LIFTED))
    narrow = graph.times(graph.rounded(lifted, positive=True), f"{name} down", down)
    shift = source.bias(layer, "output.dense") - np.float32(LIFTED) * down.floats().sum(axis=0)
    return _joined(graph, source, f"{layer}.output", (narrow, levelled), shift)


def _beside_outlying(graph: _Graph, name: str, rows: str, matrix: _Matrix, shift: Floats) -> str:
    """Multiply rows by weights and add a shift: outlying directions as floats, others rounded."""
    others = np.ones(DIMS, dtype=np.float32)
    others[list(OUTLYING)] = 0
    kept = graph.do("Mul", rows, graph.put("others", others))
    most = graph.times(graph.rounded(kept, positive=False), name, matrix)
    far = graph.do("Gather", rows, graph.axes(*OUTLYING), axis=1)
    far = graph.do("Pad", far, graph.axes(0, 0, 0, 1), graph.number(1))
    weights = np.concatenate([matrix.floats()[list(OUTLYING)], shift[None]])
    both: str = graph.do("Gemm", far, graph.put(f"{name}.far", weights), most)
    return both


def _joined(graph: _Graph, source: _Source, name: str, rows: tuple[str, str], shift: Floats) -> str:
    """Add new rows and a shift to those they came from, and level them."""
    new, old = rows
    moved = graph.do("Add", old, graph.put(f"{name}.shift", shift))
    total = graph.do("Add", new, moved)
    return _levelled(graph, source, f"inner.encoder.layer.{name}.LayerNorm", total)


def _levelled(graph: _Graph, source: _Source, name: str, rows: str) -> str:
    weight, shift = (
        graph.put(f"{name}.{part}", source.tensors[f"{name}.{part}"]) for part in ("weight", "bias")
    )
    level: str = graph.do("LayerNormalization", rows, weight, shift, axis=-1, epsilon=EPSILON)
    return level
