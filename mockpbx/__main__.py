"""`python -m mockpbx` is `mockpbx`."""

from .cli import main

main(prog_name="mockpbx")
