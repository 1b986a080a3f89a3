"""From measurements to alerts: severity, cause, grouping into incidents, and what to do."""
