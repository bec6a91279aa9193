"""python -m bench [reports|import|pages|all] [--quick]: measure, print, and end with 1 where a limit is not held."""

import argparse
import sys
import time

import bench
from bench.database import bench_school

# ruff: noqa: T201 (this is a command)


def main() -> int:
    parser = argparse.ArgumentParser(prog="bench", description=bench.__doc__)
    parser.add_argument("part", nargs="?", default="all", choices=["all", *bench.part_names()])
    parser.add_argument("--quick", action="store_true", help=f"{bench.QUICK_SCHOOL} students instead of {bench.SCHOOL}")
    chosen = parser.parse_args()
    wanted = bench.part_names() if chosen.part == "all" else [chosen.part]
    with bench_school(bench.QUICK_SCHOOL if chosen.quick else bench.SCHOOL):
        figures = [figure for name in wanted for figure in _measured(name, chosen.quick)]
    missed = [figure.name for figure in figures if not figure.held]
    if missed:
        print(f"Not held: {', '.join(missed)}")
    return 1 if missed else 0


def _measured(name: str, quick: bool) -> list[bench.Figure]:
    began = time.monotonic()
    figures = bench.measure_of(name)(quick)
    print(f"\n{name} ({time.monotonic() - began:.0f} s)")
    for figure in figures:
        print(f"  {figure}", flush=True)
    return figures


if __name__ == "__main__":
    sys.exit(main())
