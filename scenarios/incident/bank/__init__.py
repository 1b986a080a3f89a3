"""The incidents: one mechanism a file, each injected into the running system."""
