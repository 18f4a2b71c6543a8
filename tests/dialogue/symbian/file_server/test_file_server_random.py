"""Clients that do as they like, each against a model of its own: no byte is lost."""

from collections.abc import Callable
from random import Random
from typing import TypeAlias

import pytest

from servers.fileserver.client import RFile, RFs
from servers.fileserver.modes import EFileShareAny, EFileWrite
from userlib import Leave, RThread, TRequestStatus, User

Tell: TypeAlias = Callable[[Callable[[RFs], None]], None]

CLIENTS = 4
STEPS = 60
NAMES = ("a", "B", "long name.txt", "é")


class Client:
    """Works in a directory nobody else uses; the model is name to contents."""

    def __init__(self, fs: RFs, letter: str, number: int, seed: int) -> None:
        self.fs = fs
        self.random = Random(seed)
        self.path = f"{letter}:\\client{number}\\"
        self.model: dict[str, bytearray] = {}
        fs.mk_dir(self.path)
        fs.set_session_path(self.path)

    def step(self) -> None:
        name = self.random.choice(NAMES)
        work = self.random.choice(
            (self.write, self.write, self.append, self.cut, self.move, self.delete)
        )
        try:
            work(name)
        except Leave:
            assert name not in self.model
        assert self.read(name) == self.model.get(name)

    def write(self, name: str) -> None:
        data = self.random.randbytes(self.random.randrange(5000))
        with RFile().replace(self.fs, name) as file:
            file.write(data)
        self.model[name] = bytearray(data)

    def append(self, name: str) -> None:
        data = self.random.randbytes(self.random.randrange(3000))
        with RFile().open(self.fs, name, EFileShareAny | EFileWrite) as file:
            place = self.random.randrange(8000)
            file.write_at(place, data)
        held = self.model[name]
        place = min(place, len(held))
        held[place : place + len(data)] = data

    def cut(self, name: str) -> None:
        size = self.random.randrange(6000)
        with RFile().open(self.fs, name, EFileWrite) as file:
            file.set_size(size)
        held = self.model[name]
        held[:] = held[:size].ljust(size, b"\0")

    def move(self, name: str) -> None:
        other = self.random.choice(NAMES)
        self.fs.replace(name, other)
        self.model[other] = self.model.pop(name)

    def delete(self, name: str) -> None:
        self.fs.delete(name)
        del self.model[name]

    def read(self, name: str) -> bytes | None:
        try:
            with RFile().open(self.fs, name.swapcase()) as file:
                return file.contents()
        except Leave:
            return None

    def check(self) -> None:
        sizes = {entry.name: entry.size for entry in self.fs.entries("")}
        assert sizes == {name: len(held) for name, held in self.model.items()}
        for name, held in self.model.items():
            assert self.read(name) == held
        assert self.fs.resource_count() == 0


@pytest.mark.parametrize("kind", ["host"], indirect=True)
def test_clients_on_both_drives_lose_no_byte(tell: Tell) -> None:
    def story(_: RFs) -> None:
        done: list[int] = []

        def client(number: int) -> None:
            with RFs().connect() as mine:
                working = Client(mine, "CD"[number % 2], number, number)
                for _ in range(STEPS):
                    working.step()
                working.check()
            done.append(number)

        ends = [TRequestStatus() for _ in range(CLIENTS)]
        for number, end in enumerate(ends):
            with RThread().create(f"client{number}", client, args=(number,)) as thread:
                thread.logon(end)
                thread.resume()
        for end in ends:
            User.wait_for_request(end)
        assert sorted(done) == list(range(CLIENTS))

    tell(story)
