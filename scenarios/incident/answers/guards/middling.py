"""The dashboard's lights in code: rows, and missing cells."""


def check(month_tables, history):
    """Rows that jump, or cells that go missing."""
    found = []
    features, before = month_tables["features"], history[-1]["features"]
    if abs(len(features) / len(before) - 1) > 0.1:
        found.append(f"features: {len(features)} rows, {len(before)} before")
    if features.isna().mean().mean() > before.isna().mean().mean() + 0.02:
        found.append("features: more cells are missing")
    return found
