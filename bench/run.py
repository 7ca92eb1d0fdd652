"""`make bench`: all benchmarks one after the other, or those that are named: `make bench ARGS="assess pages"`."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

REPOSITORY = Path(__file__).resolve().parent.parent
ALL = (
    "assess",
    "eventlog",
    "side_by_side",
    "pages",
    "demonstration",
    "start",
    "api",
    "metrics",
    "isolation",
    "clocks",
    "work",
    "discovery",
    "conformance",
)


def main(named: list[str]) -> int:
    unknown = [name for name in named if name not in ALL]
    if unknown:
        print(f"There is no benchmark {', '.join(unknown)}. There are: {', '.join(ALL)}.", file=sys.stderr)
        return 2
    codes = [
        subprocess.run([sys.executable, "-m", f"bench.{name}"], cwd=REPOSITORY, check=False).returncode
        for name in named or ALL
    ]
    return max(codes)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
