"""Doors for the worker: what each does stands in the module that it calls."""
