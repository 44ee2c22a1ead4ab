"""Who reads the threads of meetings."""
