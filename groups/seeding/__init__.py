"""Groups of a demonstration, with a past."""
