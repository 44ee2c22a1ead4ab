"""Founding a group, coming in, going out."""
