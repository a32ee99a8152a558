"""Problems with running the site, which its start page shows to superusers. Higher apps report them."""

_callbacks = []  # functions that return problems


def report_problems(callback):
    """Register a function of a higher app that returns problems.

    Each has a `state`, "error" or "warning", and a `message` in the active language.
    """
    _callbacks.append(callback)
    return callback


def problems():
    """All current problems."""
    return [problem for callback in _callbacks for problem in callback()]
