"""Rules and wall times, as pure functions without a database."""
