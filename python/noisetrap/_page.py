"""Pages of results, drawn in this process."""

import pathlib


def draw(folder):
    """index.html and figures/ beside the JSON in the folder; needs matplotlib."""
    from noisetrap_report.__main__ import write_reports

    write_reports(pathlib.Path(folder))
    return pathlib.Path(folder) / "index.html"
