"""The command: `mockpbx`, or `python -m mockpbx`."""

from __future__ import annotations

import sys

from .signals import exit_at_once, ignore_signals


def main() -> None:
    """Run the command."""
    serves = "serve" in sys.argv[1:]
    if serves:  # from before anything heavy is imported
        exit_at_once()
    try:
        from .cli import main as command

        command(prog_name="mockpbx")
    finally:
        if serves:  # a late signal would kill what ends anyway
            ignore_signals()


if __name__ == "__main__":
    main()
