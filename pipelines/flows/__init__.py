"""The Prefect flows that drive the stages, and the local server they report to. Prefect is imported nowhere else."""
