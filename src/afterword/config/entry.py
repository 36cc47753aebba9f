"""Where the command `afterword` begins: the language check at once, everything else through config.cli.

A commit hook or an editor calls `afterword lint` again and again, and what the other commands load would
take longer than the check itself.
"""

from __future__ import annotations

import sys


def main() -> None:
    """Run the command line with the arguments of this process."""
    if sys.argv[1:2] == ["lint"]:
        from afterword.linter.command import main as lint

        raise SystemExit(lint(sys.argv[2:]))
    from afterword.config.cli import main as run

    run()


if __name__ == "__main__":
    main()
