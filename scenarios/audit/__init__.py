"""The leakage audit at its rim: reading what a person gives, showing what was found."""
