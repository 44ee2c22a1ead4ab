"""Seats at meetings, and whose turn it is to present."""
