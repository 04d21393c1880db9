"""Benchmarks: our page or act against the best that could be written by hand, A B A B in one run, median by median."""
