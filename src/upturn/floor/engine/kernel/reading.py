"""How compiled code reaches the rows of a floor: `need_at(state, 3).node`, to read and to write.

The state is one record and goes from function to function as one pointer. Arrays instead would
cost a hundred arguments a call, counted references, and a minute of compiling.
"""

from llvmlite import ir
from numba import types
from numba.extending import intrinsic
from numba.np.numpy_support import from_dtype

from upturn.floor.engine.kernel.compiling import compiled
from upturn.floor.engine.kernel.records import ROWS, offset_of


def _rows(name):
    """Give the function `(state, number) -> record` for the rows of this name."""
    dtype, record = ROWS[name], from_dtype(ROWS[name])
    offset = offset_of(f"{name}_rows")

    @intrinsic
    def row_at(_typing, state, number):
        def build(context, builder, signature, arguments):
            word, byte = ir.IntType(64), ir.IntType(8).as_pointer()
            number = context.cast(builder, arguments[1], signature.args[1], types.int64)
            start = builder.gep(builder.bitcast(arguments[0], byte), [word(offset)])
            rows = builder.load(builder.bitcast(start, word.as_pointer()))
            place = builder.add(rows, builder.mul(number, word(dtype.itemsize)))
            return builder.inttoptr(place, context.get_value_type(record))

        return record(state, number), build

    return row_at


server_at, need_at, node_at = _rows("server"), _rows("need"), _rows("node")
kind_at, cell_at, timer_at = _rows("kind"), _rows("cell"), _rows("timer")
point_at, station_at, tour_at = _rows("point"), _rows("station"), _rows("tour")
filled_at, order_at = _rows("filled"), _rows("order")
_hand, _walk, _rank, _adjacent = _rows("hand"), _rows("walk"), _rows("rank"), _rows("adjacent")


@compiled
def walk_s(state, start, end):
    """Seconds at the normal pace from node to node."""
    return _walk(state, start * state.nodes + end).value


@compiled
def hand_at(state, server, item):
    """What a server carries of an item, and can."""
    return _hand(state, server * state.items + item)


@compiled
def rank_of(state, server, kind):
    """How much a server prefers a kind of need, 0 first; -1: cannot."""
    return _rank(state, server * state.kinds + kind).value


@compiled
def is_adjacent(state, server, node):
    """Whether a table lies in the own section or in one of its neighbours."""
    return _adjacent(state, server * state.nodes + node).value > 0
