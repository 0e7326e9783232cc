"""A cache with a bound in bytes that forgets what was not used longest."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Hashable
from typing import Generic, TypeVar

K = TypeVar("K", bound=Hashable)
V = TypeVar("V")


class RecentlyUsed(Generic[K, V]):
    """Keeps values up to ``capacity`` in total size; for one thread."""

    def __init__(self, capacity: int) -> None:
        self._capacity = capacity
        self._size = 0
        self._kept: OrderedDict[K, tuple[int, V]] = OrderedDict()

    def get(self, key: K) -> V | None:
        """The value, which becomes the most recently used."""
        found = self._kept.get(key)
        if found is None:
            return None
        self._kept.move_to_end(key)
        return found[1]

    def put(self, key: K, value: V, size: int) -> None:
        """Keep a value of ``size`` bytes; one that takes more than an eighth is not kept."""
        self.discard(key)
        if size > self._capacity // 8:
            return
        self._kept[key] = (size, value)
        self._size += size
        while self._size > self._capacity:
            _, (freed, _) = self._kept.popitem(last=False)
            self._size -= freed

    def discard(self, key: K) -> None:
        """Forget a key, if it is there."""
        found = self._kept.pop(key, None)
        if found is not None:
            self._size -= found[0]

    @property
    def size(self) -> int:
        """The total size of what is kept."""
        return self._size

    def __len__(self) -> int:
        return len(self._kept)
