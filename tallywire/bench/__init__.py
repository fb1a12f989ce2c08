"""Benchmarks: how fast and how large each part is, measured on the machine that runs them.

::

    python -m tallywire.bench [--only CASE] [--gold FOLDER] [--markdown docs/benchmarks.md]

Each case is run by itself, repeats what it measures and reports medians.  What is compared is measured in pairs in
the same run.  None is a test: no figure makes anything fail.
"""
