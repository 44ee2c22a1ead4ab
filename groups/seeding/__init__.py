"""Demonstration groups with a history."""
