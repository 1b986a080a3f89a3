"""Sample answers of known worth, each worked out from the public files alone."""
