"""A stand-in for the services that papers come from: real HTTP, saved answers, real faults."""
