"""Data to try the site with, on a developer's copy: real papers, invented members.

All of it comes from fixed random seeds, so that two developers look at the same lists.
"""
