"""Rules that are broken one at a time, to see that a test goes red for each."""
