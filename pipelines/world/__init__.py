"""A subscription company, simulated month by month with exact truth.

Two layers: the *world* (`simulate`) makes events with a known hazard; the *recorder* (`recorder`)
turns them into the tables a warehouse would hold. Levers change the world, faults damage the record.
"""
