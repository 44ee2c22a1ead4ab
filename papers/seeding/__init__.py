"""Sample data for development: real papers, invented members.

All of it comes from fixed random seeds, so that all developers see the same lists.
"""
