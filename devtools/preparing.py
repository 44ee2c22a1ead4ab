"""Refuse a Python that is too old, then prepare the virtual environment and run a module in it.

Whatever Python a machine has must be able to read this file, or the one sentence would
be a syntax error: so no annotations and no f-strings here, and all else in
`devtools.installing`.
"""

import sys

if sys.version_info < (3, 11):  # noqa: UP036 (the Makefile starts any Python)
    sys.exit(
        "Octavo needs Python 3.11 or newer, and this one is %d.%d. "  # noqa: UP031
        "Name another: make start PYTHON=python3.12" % sys.version_info[:2]
    )

from devtools import installing

if __name__ == "__main__":
    sys.exit(installing.main(sys.argv[1:]))
