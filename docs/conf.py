"""How Sphinx makes the site. docs/build_site.py lays out the pages that it reads."""

import re

project = "noisetrap"
author = "The noisetrap developers"
extensions = ["myst_parser", "sphinx.ext.autodoc"]
exclude_patterns = []
myst_heading_anchors = 4
highlight_language = "text"
# TOML snippets with comments alone, and tables that end in an ellipsis, are no errors of a page.
suppress_warnings = ["misc.highlighting_failure"]

html_theme = "furo"
html_title = "noisetrap"
html_copy_source = False
html_show_sphinx = False
html_show_copyright = False
html_theme_options = {
    "sidebar_hide_name": False,
    "light_css_variables": {"color-brand-primary": "#0072B2", "color-brand-content": "#0072B2"},
    "dark_css_variables": {"color-brand-primary": "#56B4E9", "color-brand-content": "#56B4E9"},
}
html_static_path = ["static"]
html_css_files = ["site.css"]

autodoc_member_order = "bysource"
autodoc_default_options = {"members": True}
autodoc_typehints = "none"


def indent(line):
    return len(line) - len(line.lstrip())


def marked(text):
    """Plain text, in which `names` alone are marked."""
    return re.sub(r"`([^`]+)`", r"``\1``", re.sub(r"([*|\\])", r"\\\1", text))


def as_restructured_text(app, what, name, obj, options, lines):
    """Docstrings are plain text. Their columns, a name and its meaning, become lists of definitions; what stands
    indented below a colon is code; and no character means anything but itself."""
    shown, code, in_list = [], None, False
    for i, line in enumerate(lines):
        if code is not None and line.strip() and indent(line) < code:
            code = None
        if code is not None or line.lstrip().startswith(">>>"):
            shown.append(line)
            continue
        below = next((later for later in lines[i + 1:] if later.strip()), "")
        plain = marked(line)
        entry = re.match(r"(\S(?:.*?\S)??)\s{2,}(\S.*)$", line)
        if line.endswith(":") and i + 1 < len(lines) and not lines[i + 1].strip() and indent(below) > indent(line):
            code = indent(below)
            shown.append(plain + ":")
        elif entry:
            shown += ([] if in_list or not shown or not shown[-1] else [""]) + [f"``{entry[1]}``"]
            shown.append("    " + marked(entry[2]))
        elif in_list and indent(line) >= 4:
            shown.append("    " + plain.strip())
        else:
            shown += ([""] if in_list and line.strip() and shown[-1] else []) + [plain]
        in_list = bool(entry) or (in_list and indent(line) >= 4)
    lines[:] = shown


def setup(app):
    app.connect("autodoc-process-docstring", as_restructured_text)
