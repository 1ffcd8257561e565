"""A base on a Milvus server, for registries that outgrow a machine. Needs ``pymilvus``.

The collection holds what a snapshot holds: vectors under inner product, and hashes, whose 256 bits stand as
±1 in a float vector, so that their inner product is 256 less twice the bits in which they differ. (Milvus has
binary vectors, its local server has not; one form serves both.) What the collection is up to is a row of a
second one, written after the rows that it speaks of.
"""

import hashlib
import time
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from matching.engine.index.build import Source
from matching.engine.index.rows import HASH_BYTES, Hashes, Ids, Rows, Vectors
from matching.engine.index.snapshot import SnapshotMissing, SnapshotTorn, SnapshotWrongModel

_BITS: Final = 8 * HASH_BYTES
_PIECE: Final = 2000  # a message of gRPC has its bounds
_MOST_NEAR: Final = 100  # hashes asked for of each orientation
_PATIENCE_S: Final = 10
_STATE, _BUILDING = 0, 1


@dataclass(frozen=True)
class MilvusServer:
    """Where a server is, and in which of its databases to keep things."""

    address: str
    database: str = ""

    def client(self) -> Any:
        """This process's connection; raises ``SnapshotTorn`` where there is none."""
        try:
            return _client(self.address, self.database)
        except ImportError as error:
            raise SnapshotTorn(
                "MATCHING_INDEX names a Milvus server, but pymilvus is not installed"
            ) from error
        except Exception as error:
            raise SnapshotTorn(f"the Milvus server is out of reach: {error}") from error


@lru_cache(maxsize=4)
def _client(address: str, database: str) -> Any:
    from pymilvus import MilvusClient  # noqa: PLC0415 -- an extra, and slow

    return MilvusClient(uri=address, db_name=database, timeout=_PATIENCE_S)


class MilvusBase:
    """A collection to search in; see ``matching.engine.index.index.Base``."""

    def __init__(self, server: MilvusServer, collection: str, dimension: int, state: dict[str, Any]) -> None:
        self._server, self._collection, self.dimension = server, collection, dimension
        self._state = state
        self.identity = str(state["identity"])
        self.size = self._count()

    @classmethod
    def load(cls, server: MilvusServer, *, name: str, identity: str, dimension: int) -> "MilvusBase":
        """The collection as it is; raises ``SnapshotError``."""
        collection, state = _collection(name), cls.state(server, name)
        if (state["identity"], state["dimension"]) != (identity, dimension):
            raise SnapshotWrongModel(f"the collection is of {state['identity']}, not of {identity}")
        return cls(server, collection, dimension, state)

    @classmethod
    def state(cls, server: MilvusServer, name: str) -> dict[str, Any]:
        """What the collection says of itself; raises ``SnapshotError``."""
        state = _state(server, _collection(name), _STATE)
        if state is None:
            raise SnapshotMissing("the Milvus server has no such collection yet")
        return state

    @classmethod
    def build(
        cls,
        server: MilvusServer,
        source: Source,
        *,
        name: str,
        identity: str,
        dimension: int,
        seconds: float = float("inf"),
        progress: Callable[[int, int], None] = lambda done, total: None,
    ) -> bool:
        """Fill a collection with everything, or go on with it for ``seconds``; whether it is full."""
        collection, deadline = _collection(name), time.monotonic() + seconds
        under_way = _state(server, collection, _BUILDING)
        if under_way is None:
            marker, expected = source.marker(), source.count()
            _create(server, collection, dimension)
            under_way = {"marker": marker, "last": -1, "done": 0, "expected": expected}
        while True:
            rows = source.after(under_way["last"], _PIECE)
            if len(rows):
                _upsert(server, collection, rows)
                under_way["last"] = int(rows.ids[-1])
                under_way["done"] += len(rows)
            progress(under_way["done"], max(under_way["expected"], under_way["done"]))
            if len(rows) < _PIECE:
                break
            _keep(server, collection, _BUILDING, under_way)
            if time.monotonic() > deadline:
                return False
        facts = {"identity": identity, "dimension": dimension, "marker": under_way["marker"]}
        facts |= {"created": time.time(), "count": under_way["done"]}
        _keep(server, collection, _STATE, facts)
        _call(server, "delete", f"{collection}_state", ids=[_BUILDING])
        return True

    @classmethod
    def drop(cls, server: MilvusServer, *, name: str, identity: str, dimension: int) -> None:
        for collection in (_collection(name), f"{_collection(name)}_state"):
            _call(server, "drop_collection", collection)

    @property
    def marker(self) -> int:
        return int(self._state["marker"])

    @property
    def created(self) -> float:
        return float(self._state["created"])

    @property
    def age(self) -> float:
        return max(0.0, time.time() - self.created)

    def holds(self, ids: Ids) -> NDArray[np.bool_]:
        if not len(ids):
            return np.zeros(0, np.bool_)
        held: set[int] = set()
        for start in range(0, len(ids), _PIECE):
            some = ids[start : start + _PIECE].tolist()
            rows = _call(self._server, "get", self._collection, ids=some, output_fields=["id"])
            held.update(int(row["id"]) for row in rows)
        return np.array([id_ in held for id_ in ids.tolist()], np.bool_)

    def search(self, queries: Vectors, k: int) -> tuple[Vectors, Ids]:
        return self._nearest("vector", queries, k)

    def near(self, queries: Hashes, within: int) -> tuple[Ids, Ids]:
        """The nearest hundred hashes of each orientation that lie at most ``within`` bits away."""
        if not self.size:
            return np.zeros(0, np.int64), np.zeros(0, np.int64)
        products, ids = self._nearest("hash", _signs(queries), min(_MOST_NEAR, self.size))
        bits = np.rint((_BITS - products.ravel()) / 2).astype(np.int64)
        best: dict[int, int] = {}
        for id_, distance in zip(ids.ravel().tolist(), bits.tolist(), strict=True):
            if id_ >= 0 and distance <= within:
                best[id_] = min(distance, best.get(id_, distance))
        return np.array(list(best), np.int64), np.array(list(best.values()), np.int64)

    def fold(self, new: Rows, gone: Ids, marker: int) -> None:
        """Bring the collection up to ``marker``. Told twice, it is the same."""
        for start in range(0, len(gone), _PIECE):
            _call(self._server, "delete", self._collection, ids=gone[start : start + _PIECE].tolist())
        _upsert(self._server, self._collection, new)
        self.size = self._count()
        self._state |= {"marker": marker, "created": time.time(), "count": self.size}
        _keep(self._server, self._collection, _STATE, self._state)

    def _count(self) -> int:
        told = _call(self._server, "query", self._collection, filter="", output_fields=["count(*)"])
        return int(told[0]["count(*)"])

    def _nearest(self, field: str, queries: Vectors, k: int) -> tuple[Vectors, Ids]:
        told = _call(
            self._server,
            "search",
            self._collection,
            data=queries.tolist(),
            anns_field=field,
            limit=k,
            search_params={"metric_type": "IP"},
            output_fields=["id"],
        )
        scores = np.full((len(queries), k), -np.inf, np.float32)
        ids = np.full((len(queries), k), -1, np.int64)
        for at, hits in enumerate(told):
            for place, hit in enumerate(hits):
                scores[at, place], ids[at, place] = hit["distance"], hit["id"]
        return scores, ids


def _collection(name: str) -> str:
    return f"v_{hashlib.sha256(name.encode()).hexdigest()[:24]}"


def _call(server: MilvusServer, verb: str, *given: Any, **options: Any) -> Any:
    client = server.client()
    try:
        return getattr(client, verb)(*given, **options)
    except Exception as error:
        raise SnapshotTorn(f"the Milvus server did not {verb.replace('_', ' ')}: {error}") from error


def _create(server: MilvusServer, collection: str, dimension: int) -> None:
    from pymilvus import DataType, MilvusClient  # noqa: PLC0415 -- an extra, and slow

    for old in (collection, f"{collection}_state"):
        if _call(server, "has_collection", old):
            _call(server, "drop_collection", old)
    fields = {"hash": _BITS} | ({"vector": dimension} if dimension else {})
    schema = MilvusClient.create_schema(auto_id=False, enable_dynamic_field=False)
    schema.add_field("id", DataType.INT64, is_primary=True)
    indexes = MilvusClient.prepare_index_params()
    for field, length in fields.items():
        schema.add_field(field, DataType.FLOAT_VECTOR, dim=length)
        indexes.add_index(field_name=field, index_type="AUTOINDEX", metric_type="IP")
    strong = {"consistency_level": "Strong"}
    _call(server, "create_collection", collection, schema=schema, index_params=indexes, **strong)
    state = MilvusClient.create_schema(auto_id=False, enable_dynamic_field=False)
    state.add_field("id", DataType.INT64, is_primary=True)
    state.add_field("facts", DataType.JSON)
    state.add_field("nothing", DataType.FLOAT_VECTOR, dim=2)  # Milvus wants a vector in every collection
    index = MilvusClient.prepare_index_params()
    index.add_index(field_name="nothing", index_type="AUTOINDEX", metric_type="IP")
    _call(server, "create_collection", f"{collection}_state", schema=state, index_params=index, **strong)


def _upsert(server: MilvusServer, collection: str, rows: Rows) -> None:
    has_vectors = rows.vectors.shape[1] > 0
    for start in range(0, len(rows), _PIECE):
        some = slice(start, start + _PIECE)
        vectors, signs = rows.vectors[some].astype(np.float32), _signs(rows.hashes[some])
        data: list[dict[str, Any]] = [
            {"id": int(id_), "hash": sign.tolist()} for id_, sign in zip(rows.ids[some], signs, strict=True)
        ]
        if has_vectors:
            for row, vector in zip(data, vectors, strict=True):
                row["vector"] = vector.tolist()
        _call(server, "upsert", collection, data=data)


def _keep(server: MilvusServer, collection: str, row: int, facts: dict[str, Any]) -> None:
    data = [{"id": row, "facts": facts, "nothing": [1.0, 0.0]}]
    _call(server, "upsert", f"{collection}_state", data=data)


def _state(server: MilvusServer, collection: str, row: int) -> dict[str, Any] | None:
    if not _call(server, "has_collection", f"{collection}_state"):
        return None
    rows = _call(server, "get", f"{collection}_state", ids=[row], output_fields=["facts"])
    return dict(rows[0]["facts"]) if rows else None


def _signs(hashes: Hashes) -> Vectors:
    """``[n, 32]`` hashes as ``[n, 256]`` of ±1."""
    return np.unpackbits(np.ascontiguousarray(hashes), axis=1).astype(np.float32) * 2 - 1
