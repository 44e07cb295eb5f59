#!/usr/bin/env python3
"""Reads changed files, a line each; prints the .cpp files of services/ among them, and those which include a changed
header, themselves or through others. includers.py < FILES"""
import re, sys
from pathlib import Path

services = Path("services")
includes = {}
for path in services.rglob("*"):
    if path.suffix in (".cpp", ".h"):
        includes[path] = {services / name for name in re.findall(r'^#include "([^"]+)"', path.read_text(), re.MULTILINE)}
found = {Path(line.strip()) for line in sys.stdin if line.strip()}
while more := {path for path, named in includes.items() if path not in found and named & found}:
    found |= more
for path in sorted(found):
    if path.suffix == ".cpp" and path in includes:
        print(path)
