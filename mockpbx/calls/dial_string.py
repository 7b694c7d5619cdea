"""The form of a number that can be dialled."""

#: What can be dialled, or shown as who calls.
NUMBER = "[!-~]{1,64}"
