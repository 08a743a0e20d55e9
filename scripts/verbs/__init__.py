"""The verbs of `govcloud`: each module is one verb with a `register(app)`."""
