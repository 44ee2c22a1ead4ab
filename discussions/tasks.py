"""Doors to the work behind the pages."""

from __future__ import annotations
