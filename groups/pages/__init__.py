"""What the pages of a group show, fetched in a stated number of queries."""
