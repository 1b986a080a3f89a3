"""Self-paced mode: the scenarios as an ordered path of small tasks, checked on save."""
