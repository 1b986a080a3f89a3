"""What a recorded run of the lab came from (`lab lineage`), and whether it comes back (`lab reproduce`)."""
