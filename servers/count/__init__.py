"""The documentation's two count servers: one counter a session, or any number."""
