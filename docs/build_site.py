"""Builds the documentation as a site.

    PYTHONPATH=build/release/python build/docs-venv/bin/python docs/build_site.py --program build/release/noisetrap

The pages are those of docs/, which read as plain Markdown as well, the project's other Markdown files, and what the
program says of itself: the keys that its reader knows, the help of its commands, the docstrings of its Python package,
and the files of examples/. All of them are laid out in OUT/source, and OUT/html is the site. A warning is an error.
"""

import argparse
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent

# Pages that lie elsewhere, or are written from what lies elsewhere.
ELSEWHERE = {"README.md": "index.md", "CONTRIBUTING.md": "contributing.md", "CHANGELOG.md": "changelog.md",
             **{f"docs/{name}": name for name in ("command-line.md", "keys.md", "models.md", "python-reference.md")}}


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--program", type=Path, required=True, help="the built noisetrap")
    parser.add_argument("--out", type=Path, default=ROOT / "build/docs")
    options = parser.parse_args()
    source = options.out / "source"
    shutil.rmtree(source, ignore_errors=True)
    lay_out(source, options.program.resolve())
    done = subprocess.run([sys.executable, "-m", "sphinx", "-q", "-W", "--keep-going", "-j", "2", "-c",
                           str(ROOT / "docs"), str(source), str(options.out / "html")],
                          env={**os.environ, "PYTHONDONTWRITEBYTECODE": "1"}, check=False)
    if done.returncode == 0:
        print(f"written: {options.out / 'html/index.html'}")
    return done.returncode


def lay_out(source, program):
    for page in sorted((ROOT / "docs").rglob("*.md")):
        write(source / page.relative_to(ROOT / "docs"), page.read_text(encoding="utf-8"), page.parent)
    for name in ("CONTRIBUTING.md", "CHANGELOG.md"):
        write(source / name.lower(), (ROOT / name).read_text(encoding="utf-8"), ROOT)
    shutil.copytree(ROOT / "docs/images", source / "images")
    import reference

    for name, text in (("examples.md", examples()), ("command-line.md", command_line(program)),
                       ("keys.md", reference.keys()), ("models.md", reference.models()),
                       ("python-reference.md", reference.python_package())):
        write(source / name, text, ROOT / "docs")
    place_the_rest(source)


def place_the_rest(source):
    """Pages that index.md does not name come last."""
    index = source / "index.md"
    listed = {name for block in re.findall(r"^```{toctree}\n(.*?)^```", index.read_text(encoding="utf-8"),
                                           re.MULTILINE | re.DOTALL) for name in block.split()}
    pages = [str(page.relative_to(source).with_suffix("")) for page in sorted(source.rglob("*.md"))]
    rest = [page for page in pages if page not in {*listed, "index"}]
    if rest:
        more = "\n".join(["\n```{toctree}", ":hidden:", ":caption: More", "", *rest, "```", ""])
        index.write_text(index.read_text(encoding="utf-8") + more, encoding="utf-8")


def write(file, text, folder):
    """A page that lay in `folder`, with its links as they are in the site."""
    depth = len(file.relative_to(next(p for p in file.parents if p.name == "source")).parts) - 1
    file.parent.mkdir(parents=True, exist_ok=True)

    def link(found):
        words, target, anchor = found.groups()
        if "://" in target or not target:
            return found[0]
        place = (folder / target).resolve()
        if place.is_relative_to(ROOT / "docs") and place.suffix in (".md", ".svg", ".png") and place.exists():
            return f"[{words}]({'../' * depth}{place.relative_to(ROOT / 'docs')}{anchor or ''})"
        inside = str(place.relative_to(ROOT))
        if not place.exists() and inside not in ELSEWHERE:  # pages that are written have no file in docs/
            raise SystemExit(f"{file.name}: there is no {target}")
        page = ELSEWHERE.get(inside) or ("examples.md" if inside.startswith(("examples", "docs/")) else None)
        # A source of the program has no page, and is named.
        return f"[{words}]({'../' * depth}{page})" if page else words

    fenced = re.split(r"(^```.*?^```$)", text, flags=re.MULTILINE | re.DOTALL)
    linked = [part if part.startswith("```") else re.sub(r"\[([^\]]*)\]\(([^)#\s]*)(#[^)\s]*)?\)", link, part)
              for part in fenced]
    file.write_text("".join(linked), encoding="utf-8")


def examples():
    parts = ["# Files to start from\n\nEach of these runs as it is.\n"]
    titles = {"docs": "Comparison and phase diagram", "equations": "Models as formulas",
              "own_model": "A model of one's own in C++", "networks": "Networks on data sets"}
    for folder in [ROOT / "docs", *sorted(path for path in (ROOT / "examples").iterdir() if path.is_dir())]:
        parts.append(f"## {titles.get(folder.name, folder.name.capitalize())}\n")
        for file in sorted([*folder.glob("*.toml"), *folder.glob("*.hpp")]):
            language = "toml" if file.suffix == ".toml" else "cpp"
            parts.append(f"### {file.relative_to(ROOT)}\n\n```{language}\n{file.read_text(encoding='utf-8')}```\n")
    return "\n".join(parts)


def command_line(program):
    """The help of the program and of all its commands."""
    def help_of(*command):
        done = subprocess.run([program, *command, "--help"], capture_output=True, text=True, check=True,
                              env={**os.environ, "NO_COLOR": "1"})
        return done.stdout.rstrip()

    def commands_in(text):
        listed = re.search(r"^(?:Subcommands|SUBCOMMANDS):\n((?:  .*\n?)+)", text, re.MULTILINE)
        return re.findall(r"^  ([a-z][\w-]*)(?=\s|$)", listed[1], re.MULTILINE) if listed else []

    whole = help_of()
    if not commands_in(whole):
        raise SystemExit("noisetrap --help lists no commands that this script could read")
    parts = ["# Command line\n\nThis is what `noisetrap --help` and `noisetrap help COMMAND` print.\n",
             f"```text\n{whole}\n```\n"]
    for command in commands_in(whole):
        text = help_of(command)
        parts.append(f"## noisetrap {command}\n\n```text\n{text}\n```\n")
        parts += [f"### noisetrap {command} {inner}\n\n```text\n{help_of(command, inner)}\n```\n"
                  for inner in commands_in(text)]
    return "\n".join(parts)


if __name__ == "__main__":
    sys.exit(main())
