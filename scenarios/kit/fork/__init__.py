"""Handing a case out: a secret, whom it is for, a pack with the case alone, and a look through it before it leaves."""
