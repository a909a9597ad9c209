#!/usr/bin/env python3
"""Branch coverage of the guard's process by its tests: which way of which branch was never taken?

Counted are the branches that gcov finds in the files that fabtwin-guard-kernel is made of (tests/guard_size.test.cpp
counts the same files), without those of calls that may throw: gcov marks the way by an exception, which no line of ours
decides, and the way before it is that the call returned. Of a template or an inline function, a way counts as taken if
any instance of it took it. Conditions that were never reached at all are told apart: gcov cannot say which of them are
the clean-up of temporaries after an exception, so whoever reads the list must.

  cmake --preset coverage && cmake --build --preset coverage --target twin_guard_tests apps_guard_tests
  (cd build/coverage && ctest -R 'Guard|Gate|RandomCommands') ; tools/guard_coverage.py
"""
import argparse
import collections
import glob
import json
import os
import re
import subprocess
import sys

ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
MAIN = "apps/guard/kernel_main.cpp"
TARGETS = ["twin_guard", "twin_guard_tests", "apps_guard_kernel", "apps_guard_tests", "fabtwin-guard-kernel"]


def made_of(main):
    files, todo = [], [main]
    while todo:
        path = todo.pop()
        if path in files or not os.path.exists(os.path.join(ROOT, path)):
            continue
        files.append(path)
        with open(os.path.join(ROOT, path), encoding="utf-8") as file:
            for header in re.findall(r'^#include "([^"]+)"', file.read(), re.M):
                todo += [folder + name for folder in ("", "src/") for name in (header, header[:-4] + ".cpp")]
    return sorted(files)


def decided(ways):
    """How often each way was taken, without the two ways out of a call that may throw."""
    counts = []
    for way in ways:
        if not way["throw"]:
            counts.append(way["count"])
        elif counts:
            counts.pop()  # the other way of the same call: it returned
    return counts


def branches(build, files):
    """(file, line, number of the way on it) -> how often it was taken."""
    taken = collections.Counter()
    for target in TARGETS:
        for record in glob.glob(f"{build}/**/{target}.dir/**/*.gcda", recursive=True):
            found = subprocess.run(["gcov", "--json-format", "--stdout", "--branch-probabilities", record], cwd=build,
                                   stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, check=True).stdout
            for text in found.decode().splitlines():
                for source in json.loads(text)["files"]:
                    path = os.path.relpath(os.path.join(build, source["file"]), ROOT)
                    if path not in files:
                        continue
                    for line in source["lines"]:
                        for k, count in enumerate(decided(line["branches"])):
                            taken[path, line["line_number"], k] += count
    return taken


def main():
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--build", default=os.path.join(ROOT, "build", "coverage"))
    files = made_of(MAIN)
    taken = branches(os.path.abspath(options.parse_args().build), files)
    # A condition that was never reached on a line: the clean-up after an exception, or one that no test comes to.
    unreached = {key for key in taken if taken[key] == 0 and taken[key[0], key[1], key[2] ^ 1] == 0}
    print(f"{len(unreached)} ways of conditions never reached, on lines:")
    print("  " + " ".join(sorted({f"{os.path.basename(path)}:{line}" for path, line, _ in unreached})))
    taken = {key: count for key, count in taken.items() if key not in unreached}
    for path in files:
        ways = {key: count for key, count in taken.items() if key[0] == path}
        print(f"{sum(count > 0 for count in ways.values()):4d} of {len(ways):4d}  {path}")
        with open(os.path.join(ROOT, path), encoding="utf-8") as file:
            lines = file.read().splitlines()
        for line in sorted({key[1] for key, count in ways.items() if count == 0}):
            print(f"      never taken: {path}:{line}: {lines[line - 1].strip()}")
    print(f"{sum(count > 0 for count in taken.values())} of {len(taken)} branches taken")
    return 0 if taken and min(taken.values()) > 0 else 1


if __name__ == "__main__":
    sys.exit(main())
