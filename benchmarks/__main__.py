"""Run the benchmarks one after the other: `python -m benchmarks [NAME ...]`, all of them without a name."""

from __future__ import annotations

import argparse
import subprocess
import sys
from pathlib import Path

FOLDER = Path(__file__).resolve().parent
NAMES = sorted(path.stem for path in FOLDER.glob("*.py") if not path.stem.startswith("_"))


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=(__doc__ or "").split(":")[0])
    parser.add_argument("names", nargs="*", metavar="NAME", help=f"of {', '.join(NAMES)}")
    names = parser.parse_args().names
    unknown = sorted(set(names) - set(NAMES))
    if unknown:
        parser.error(f"There is no benchmark {', '.join(unknown)}. There are {', '.join(NAMES)}.")
    for name in names or NAMES:
        print(f"== {name}", flush=True)
        code = subprocess.run([sys.executable, str(FOLDER / f"{name}.py")], check=False).returncode
        if code:
            raise SystemExit(code)


if __name__ == "__main__":
    main()
