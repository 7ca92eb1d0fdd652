"""The job worker process. Started by `backdesk run`, `backdesk serve` and `backdesk worker`."""

from __future__ import annotations

import argparse
import gc

from backdesk.cli.processes import follow_parent


def main() -> None:
    parser = argparse.ArgumentParser(prog="backdesk.cli.work")
    parser.add_argument("--concurrency", type=int, default=2)
    parser.add_argument("--sole", action="store_true")
    options = parser.parse_args()
    follow_parent()
    work(concurrency=options.concurrency, sole=options.sole)


def work(*, concurrency: int, sole: bool) -> None:
    import django

    django.setup()

    from backdesk.platform.jobs import worker

    # What is loaded stays: looked through for garbage, it would take a quarter of an import's time.
    gc.freeze()
    worker.work(concurrency=concurrency, sole=sole)


if __name__ == "__main__":
    main()
