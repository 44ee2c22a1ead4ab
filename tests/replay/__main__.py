"""Run the replay server: `python -m tests.replay --folder DIR`."""

from __future__ import annotations

import argparse
import os
import threading
import time
from pathlib import Path

from tests.replay.faults import Fault, FaultPlan
from tests.replay.limits import FixedWindow
from tests.replay.server import ReplayServer


def main() -> None:
    parser = argparse.ArgumentParser(description="Replay saved answers over HTTP.")
    parser.add_argument("--folder", type=Path, required=True)
    parser.add_argument("--port", type=int, default=0)
    parser.add_argument("--rate", default="500/300", help="requests/seconds, as the real one")
    parser.add_argument("--faults", type=int, default=None, metavar="SEED")
    parser.add_argument("--fault-share", type=float, default=0.3)
    parser.add_argument("--without", default="", help="kinds of faults to leave out, by name")
    asked = parser.parse_args()

    quota, window = map(int, asked.rate.split("/"))
    left_out = set(filter(None, asked.without.split(",")))
    kinds = [fault for fault in Fault if fault.name not in left_out]
    server = ReplayServer(
        asked.folder,
        port=asked.port,
        plan=FaultPlan(seed=asked.faults, share=asked.fault_share, kinds=kinds),
        limit=FixedWindow(quota=quota, window=window),
    )
    threading.Thread(target=_end_with_parent, daemon=True).start()
    print(server.url, flush=True)
    server.serve_forever()


def _end_with_parent() -> None:
    """A campaign that was killed must leave nothing that listens."""
    parent = os.getppid()
    while os.getppid() == parent:
        time.sleep(1)
    os._exit(0)


if __name__ == "__main__":
    main()
