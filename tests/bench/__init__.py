"""How fast the site is: `make bench`. Figures are printed, never asserted in tests."""
