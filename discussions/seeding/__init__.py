"""Threads to try the site with, on a developer's copy: our own, and those of a file."""
