class LabError(ValueError):
    pass
