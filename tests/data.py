"""Where the larger sets of real data are, on a machine that has them."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

_DEFAULT = Path(__file__).resolve().parents[2] / "shared" / "data"


def data_folder(name: str) -> Path:
    """Return the folder of one set, or skip the test where the sets are absent."""
    folder = Path(os.environ.get("OCTAVO_DATA", _DEFAULT)) / name
    if not folder.exists():
        pytest.skip(f"The data set {name} is not here; name its folder in OCTAVO_DATA.")
    return folder
