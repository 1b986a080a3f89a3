"""Is the delivered data fit to be scored at all? Contracts learnt from good months, and the checks against them."""
