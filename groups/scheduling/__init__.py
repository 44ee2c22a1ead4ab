"""Rules and wall times: pure, without a database."""
