"""Sample answers of known worth; each works from the public files alone."""
