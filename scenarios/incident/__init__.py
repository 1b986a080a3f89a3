"""The incident scenario: a silent failure of a running system, its cause, its victims, and the guard that stays."""
