"""What comments, docstrings and documents name is in the tree: a file that moved is found here."""

from __future__ import annotations

import ast
import importlib
import io
import re
import tokenize
from pathlib import Path

from celery import current_app
from django.apps import apps

ROOT = Path(__file__).resolve().parent.parent
APPS = ("accounts", "common", "config", "devtools", "discussions", "groups", "papers", "tests")
FOLDERS = [ROOT, ROOT / "templates", ROOT / "static", ROOT / "docs", *(ROOT / app for app in APPS)]
FILE = re.compile(r"(?<![\w/.:*<>{}-])(?:[\w-]+/)+[\w.-]+\.(?:py|html|jinja|js|css|md|toml)\b")
DOTTED = re.compile(rf"(?<![\w/.@:-])(?:{'|'.join(APPS)})(?:\.[A-Za-z_]\w*)+(?![\w-]*[/@:])")
COMMENTS = {
    ".html": re.compile(r"\{#.*?#\}|\{% comment %\}.*?\{% endcomment %\}|<!--.*?-->", re.DOTALL),
    ".jinja": re.compile(r"\{#.*?#\}", re.DOTALL),
    ".js": re.compile(r"/\*.*?\*/|(?<!:)//[^\n]*", re.DOTALL),
    ".css": re.compile(r"/\*.*?\*/", re.DOTALL),
    ".md": re.compile(r".+", re.DOTALL),
    ".toml": re.compile(r"#[^\n]*"),
}
# Decisions and the changelog tell of what was.
HISTORY = ("docs/decisions/", "CHANGELOG.md")


def written_files() -> list[Path]:
    folders = [*APPS, "templates", "static", "docs"]
    found = [path for name in folders for path in (ROOT / name).rglob("*.*")]
    found += [*ROOT.glob("*.md"), *ROOT.glob("*.toml")]
    return sorted(
        path
        for path in found
        if path.suffix in {*COMMENTS, ".py"}
        and not {"migrations", "vendor"} & set(path.parts)
        and not str(path.relative_to(ROOT)).startswith(HISTORY)
    )


def said_in(path: Path) -> str:
    """Return the comments and docstrings of a file, or all of a document."""
    text = path.read_text()
    if path.suffix != ".py":
        return "\n".join(COMMENTS[path.suffix].findall(text))
    tokens = tokenize.generate_tokens(io.StringIO(text).readline)
    said = [token.string for token in tokens if token.type == tokenize.COMMENT]
    documented = ast.Module | ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef
    nodes = ast.walk(ast.parse(text))
    said += [ast.get_docstring(node) or "" for node in nodes if isinstance(node, documented)]
    return "\n".join(said)


def is_a_file(name: str, near: Path) -> bool:
    return any((folder / name).exists() for folder in (*FOLDERS, near.parent))


def is_a_name(dotted: str) -> bool:
    """Whether it is a module, something in one, a model by its label, a task or a file."""
    if dotted in current_app.tasks or is_a_file(dotted, ROOT / "docs" / "x"):
        return True
    label, *rest = dotted.split(".")
    if len(rest) == 1 and label in apps.app_configs and rest[0].lower() in apps.all_models[label]:
        return True
    thing: object = importlib.import_module(label)
    for at, part in enumerate(rest, start=1):
        if not hasattr(thing, part):
            try:
                importlib.import_module(".".join([label, *rest[:at]]))
            except ImportError:
                return False
        thing = getattr(thing, part)
    return True


def test_what_is_named_is_there():
    missing = {}
    for path in written_files():
        said = said_in(path)
        names = [name for name in FILE.findall(said) if not is_a_file(name, path)]
        names += [name for name in DOTTED.findall(said) if not is_a_name(name)]
        if names:
            missing[str(path.relative_to(ROOT))] = names

    assert not missing
