"""Set the bounds of this process, then run the script in it. Started with `python -I`: it imports nothing of ours."""

from __future__ import annotations

import resource
import runpy
import sys


def main() -> None:
    _, memory, seconds, file, script, *arguments = sys.argv
    resource.setrlimit(resource.RLIMIT_AS, (int(memory), int(memory)))
    resource.setrlimit(resource.RLIMIT_CPU, (int(seconds), int(seconds)))
    resource.setrlimit(resource.RLIMIT_FSIZE, (int(file), int(file)))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    sys.argv = [script, *arguments]
    runpy.run_path(script, run_name="__main__")


if __name__ == "__main__":
    main()
