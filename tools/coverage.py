#!/usr/bin/env python3
"""Coverage by tests: of the guard's process every branch, of the parsers of bytes from outside 90 % of the lines and
80 % of the branches (docs/reliability.md).

Counted are the branches that gcov finds, without those of calls that may throw: gcov marks the way by an exception,
which no line of ours decides, and the way before it is that the call returned. Of a template or an inline function, a
way counts as taken if any instance of it took it. Conditions that were never reached at all are told apart for the
guard: gcov cannot say which of them are the clean-up of temporaries after an exception, so whoever reads the list must.
For the parsers they count as not taken.

  cmake --preset coverage && cmake --build --preset coverage --target twin_guard_tests apps_guard_tests
  (cd build/coverage && ctest -R 'Guard|Gate|RandomCommands') ; tools/coverage.py guard
  cmake --build --preset coverage --target twin_event_tests twin_record_tests twin_link_tests twin_sheet_tests twins_fab_tests
  for t in event record link sheet; do build/coverage/twin_${t}_tests; done
  build/coverage/twins_fab_tests --gtest_filter='Import*:*Import*:Table*:Mimac*:Smt*:Broken*:Bad*' ; tools/coverage.py parsers
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
GUARD_MAIN = "apps/guard/kernel_main.cpp"
GUARD_TARGETS = ["twin_guard", "twin_guard_tests", "apps_guard_kernel", "apps_guard_tests", "fabtwin-guard-kernel"]
# What reads bytes that somebody else wrote: lines, files, records.
PARSERS = """
  src/twin/link/secs/codec.cpp src/twin/link/secs/sml_parser.cpp src/twin/link/hsms/frame.cpp
  src/twin/link/hsms/session.cpp src/twin/link/uns.cpp src/twin/link/payload.cpp src/twin/link/json.cpp
  src/twin/link/http.cpp src/twin/link/ingest.cpp src/twin/link/note_text.hpp src/twin/link/gem/adapter.cpp
  src/twin/link/tool/description_reader.cpp src/twin/link/tool/sedd.cpp src/twin/link/tool/clock_text.cpp
  src/twin/event/csv_reader.cpp src/twin/event/log_reader.cpp src/twin/event/codec.cpp src/twin/event/packed.cpp
  src/twin/event/iso_time.cpp src/twin/event/rle.cpp src/twin/record/block.cpp src/twin/record/entry_codec.cpp
  src/twin/record/entry_view.cpp src/twin/record/segment.cpp src/twin/record/reader.cpp src/twin/record/gorilla.cpp
  src/twin/record/prov_json.cpp src/twin/record/daily_heads.cpp src/twin/record/snapshots.cpp src/twin/sheet/sheet.cpp
  twins/fab/import/calendars.cpp twins/fab/import/cell.cpp twins/fab/import/check.cpp twins/fab/import/mimac.cpp
  twins/fab/import/orders.cpp twins/fab/import/products.cpp twins/fab/import/routes.cpp twins/fab/import/setups.cpp
  twins/fab/import/smt2020.cpp twins/fab/import/table.cpp twins/fab/import/text.cpp twins/fab/import/tools.cpp
  twins/fab/import/transports.cpp
""".split()
PARSER_TARGETS = [f"twin_{m}{t}" for m in ("event", "record", "link", "sheet") for t in ("", "_tests")] + [
    "twins_fab", "twins_fab_tests"]
LINES_LEAST, BRANCHES_LEAST = 0.90, 0.80


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


def covered(build, files, targets):
    """(file, line) -> how often it ran; (file, line, number of the way on it) -> how often it was taken."""
    ran, taken = collections.Counter(), collections.Counter()
    for target in targets:
        for record in glob.glob(f"{build}/**/{target}.dir/**/*.gcda", recursive=True):
            found = subprocess.run(["gcov", "--json-format", "--stdout", "--branch-probabilities", record], cwd=build,
                                   stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, check=True).stdout
            for text in found.decode().splitlines():
                for source in json.loads(text)["files"]:
                    path = os.path.relpath(os.path.join(build, source["file"]), ROOT)
                    if path not in files:
                        continue
                    for line in source["lines"]:
                        ran[path, line["line_number"]] += line["count"]
                        for k, count in enumerate(decided(line["branches"])):
                            taken[path, line["line_number"], k] += count
    return ran, taken


def source_lines(path):
    with open(os.path.join(ROOT, path), encoding="utf-8") as file:
        return file.read().splitlines()


def guard(build):
    files = made_of(GUARD_MAIN)
    _, taken = covered(build, files, GUARD_TARGETS)
    # A condition that was never reached on a line: the clean-up after an exception, or one that no test comes to.
    unreached = {key for key in taken if taken[key] == 0 and taken[key[0], key[1], key[2] ^ 1] == 0}
    print(f"{len(unreached)} ways of conditions never reached, on lines:")
    print("  " + " ".join(sorted({f"{os.path.basename(path)}:{line}" for path, line, _ in unreached})))
    taken = {key: count for key, count in taken.items() if key not in unreached}
    for path in files:
        ways = {key: count for key, count in taken.items() if key[0] == path}
        print(f"{sum(count > 0 for count in ways.values()):4d} of {len(ways):4d}  {path}")
        lines = source_lines(path)
        for line in sorted({key[1] for key, count in ways.items() if count == 0}):
            print(f"      never taken: {path}:{line}: {lines[line - 1].strip()}")
    print(f"{sum(count > 0 for count in taken.values())} of {len(taken)} branches taken")
    return 0 if taken and min(taken.values()) > 0 else 1


def parsers(build):
    ran, taken = covered(build, PARSERS, PARSER_TARGETS)
    well = True

    def share(counts):
        return sum(c > 0 for c in counts) / len(counts) if counts else 1.0

    print("  lines  branches")
    for path in PARSERS:
        lines = [c for key, c in ran.items() if key[0] == path]
        ways = [c for key, c in taken.items() if key[0] == path]
        if not lines:
            print(f"                   {path}: not measured")
            well = False
            continue
        enough = share(lines) >= LINES_LEAST and share(ways) >= BRANCHES_LEAST
        print(f"{100 * share(lines):5.1f} %  {100 * share(ways):5.1f} %  {path}{'' if enough else '  too few'}")
        if not enough:
            text = source_lines(path)
            for line in sorted(line for (of, line), c in ran.items() if of == path and c == 0):
                print(f"      never run: {path}:{line}: {text[line - 1].strip()}")
            for line in sorted({key[1] for key, c in taken.items() if key[0] == path and c == 0}):
                if ran[path, line] > 0:
                    print(f"      never taken: {path}:{line}: {text[line - 1].strip()}")
    lines, ways = share(list(ran.values())), share(list(taken.values()))
    print(f"{100 * lines:5.1f} %  {100 * ways:5.1f} %  all of {len(ran)} lines and {len(taken)} ways")
    return 0 if well and lines >= LINES_LEAST and ways >= BRANCHES_LEAST else 1


def main():
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("what", choices=["guard", "parsers"])
    options.add_argument("--build", default=os.path.join(ROOT, "build", "coverage"))
    asked = options.parse_args()
    return {"guard": guard, "parsers": parsers}[asked.what](os.path.abspath(asked.build))


if __name__ == "__main__":
    sys.exit(main())
