from collections.abc import Callable

from bot.web.memory import Memory


class Library:
    def __init__(self) -> None:
        self.version, self.now, self.n_computed = 1, 0.0, 0

    def compute(self) -> int:
        self.n_computed += 1
        return self.version

    def memory(self, most: int = 10) -> Memory:
        return Memory(lambda: self.version, lambda: self.now, most)


def test_nothing_is_worked_out_twice_while_the_library_is_the_same() -> None:
    library = Library()
    memory = library.memory()
    assert [memory.get("a", library.compute) for _ in range(3)] == [1, 1, 1]
    assert library.n_computed == 1


def test_what_has_changed_is_seen_after_a_second() -> None:
    library = Library()
    memory = library.memory()
    memory.get("a", library.compute)
    library.version = 2
    assert memory.get("a", library.compute) == 1
    library.now = 1.0
    assert memory.get("a", library.compute) == 2


def test_what_was_worked_out_while_the_library_changed_is_not_kept() -> None:
    library = Library()
    memory = library.memory()

    def compute() -> int:
        found, library.version, library.now = library.version, 2, library.now + 2
        memory.get("b", library.compute)  # another thread notices the change
        return found

    assert memory.get("a", compute) == 1
    assert memory.get("a", library.compute) == 2


def test_the_longest_unused_go_first() -> None:
    library = Library()
    memory = library.memory(most=2)

    def get(key: str) -> Callable[[], int]:
        return lambda: memory.get(key, library.compute)

    for key in ("a", "b", "a", "c"):
        get(key)()
    assert library.n_computed == 3
    get("a")()
    assert library.n_computed == 3
    get("b")()
    assert library.n_computed == 4
