"""Part of `make check`: rules about the sources that no linter knows. Prints what breaks one, exits 1 if anything does."""

import re
import shutil
import subprocess
import sys
from pathlib import Path

import polib

ROOT = Path(__file__).resolve().parent.parent
OWN = Path(__file__).relative_to(ROOT)
RULES = {
    "a string is marked safe outside parcai/lib/html.py": (
        r"\bmark_safe\(|\|safe\b|\bSafeString\(|autoescape off",
        {"parcai/lib/html.py"},
    ),
    "a broker is called outside the timetable": (r"\.delay\(|\.apply_async\(|send_task\(", set()),
    "a mark of unfinished work": (r"\b(?:TODO|FIXME|XXX)\b|NotImplementedError", set()),
    "an inline style, script or handler": (
        # A data block for search engines runs nowhere.
        r"<style|<script(?![^>]*(?:\bsrc=|\btype=\"application/ld\+json\"))|\son[a-z]+=\"|\sstyle=\"",
        {"templates/messages/layout.html"},  # mail programs know nothing else
    ),
    "a path of one machine": (r"/(?:home|root|Users|work)/\w", set()),
    "a package registry": (r"pypi\.org|files\.pythonhosted|registry\.npmjs|index-url|find-links", set()),
    "an import inside a function of the apps": (
        r"^\s+(?:from|import) (?:agencies|notifications|plan|articles|feedback|indexes)\b",
        set(),
    ),
}
ENDINGS = {".py", ".html", ".txt", ".md", ".toml", ".js", ".css", ".yml", ".conf", ".sh"}


def tracked() -> list[Path]:
    command = [shutil.which("git") or "git", "ls-files", "-z"]
    listed = subprocess.run(command, cwd=ROOT, capture_output=True, check=True).stdout.decode()
    paths = [Path(name) for name in listed.split("\0") if name]
    return [path for path in paths if path != OWN and path.parts[0] != "tests" and path.suffix in ENDINGS]


def broken_rules() -> list[str]:
    found = []
    for path in tracked():
        if not (ROOT / path).exists():
            continue
        for number, line in enumerate((ROOT / path).read_text(encoding="utf-8").splitlines(), 1):
            for rule, (pattern, allowed) in RULES.items():
                if str(path) not in allowed and re.search(pattern, line):
                    found.append(f"{path}:{number}: {rule}: {line.strip()[:100]}")
    return found


def stale_catalogues() -> list[str]:
    """Compiled translations are kept in the tree, because the bare machine has no msgfmt; they must match their text."""
    found = []
    for source in (ROOT / "parcai" / "locale").rglob("*.po"):
        text = {entry.msgid: entry.msgstr or entry.msgstr_plural for entry in polib.pofile(str(source))}
        compiled = polib.mofile(str(source.with_suffix(".mo")))
        if text != {entry.msgid: entry.msgstr or entry.msgstr_plural for entry in compiled}:
            found.append(f"{source.relative_to(ROOT)}: compile it again (make translations)")
        found += [
            f"{source.relative_to(ROOT)}: not translated: {key}" for key, value in text.items() if not value
        ]
    return found


if __name__ == "__main__":
    problems = broken_rules() + stale_catalogues()
    print("\n".join(problems) or "Sources keep the project's rules.")
    sys.exit(bool(problems))
