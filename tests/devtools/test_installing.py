"""The virtual environment, made where it is needed and nowhere else."""

from __future__ import annotations

from devtools import installing


def test_an_environment_borrowed_from_another_checkout_is_left_as_it_is(tmp_path, monkeypatch):
    theirs, ours = tmp_path / "theirs", tmp_path / "ours"
    (theirs / "bin").mkdir(parents=True)
    (theirs / "bin" / "python").touch()
    ours.symlink_to(theirs)
    monkeypatch.setattr(installing, "VENV", ours)

    installing._make_venv(ours / "bin" / "python")

    assert [path.name for path in (theirs / "bin").iterdir()] == ["python"]
    assert (ours / "bin" / "python").exists()
    assert not ours.is_symlink()
