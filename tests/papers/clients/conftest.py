"""What the tests of all clients share."""

from __future__ import annotations

import tarfile
from typing import TYPE_CHECKING

import pytest

from tests.data import data_folder

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator


@pytest.fixture
def hostile_files() -> Callable[[str], Iterator[bytes]]:
    """Read the files of one archive of bad inputs."""

    def read(name: str) -> Iterator[bytes]:
        with tarfile.open(data_folder("hostile") / name) as archive:
            for member in archive:
                if member.isfile() and (file := archive.extractfile(member)):
                    yield file.read(1_000_000)

    return read
