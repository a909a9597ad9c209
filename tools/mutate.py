#!/usr/bin/env python3
"""Mutation score of the guard: would its tests notice if one operator or constant were another?

One mutant is one token of src/twin/guard/*.cpp replaced: < <= > >= == != && || + - * / % swapped, ! and
unary - dropped, true and false swapped, a number raised by one. Each mutant is compiled (-O0), linked
with the other objects and the tests of the preset `test`, and the tests run with fewer random commands. A mutant
is killed if a test fails, crashes or hangs; one that does not compile does not count. Strings, includes and comments are
left alone.

  cmake --build --preset test --target twin_guard_tests && tools/mutate.py [--sample N] [--seed S] [--file NAME]
"""
import argparse
import glob
import os
import random
import re
import subprocess
import sys
import tempfile

ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
BUILD = os.path.join(ROOT, "build", "test")
SWAPS = {"<=": ["<"], ">=": [">"], "==": ["!="], "!=": ["=="], "&&": ["||"], "||": ["&&"], " < ": [" <= "],
         " > ": [" >= "], " + ": [" - "], " - ": [" + "], " * ": [" / "], " / ": [" * "], " % ": [" / "],
         "+=": ["-="], "*=": ["+="], "true": ["false"], "false": ["true"]}
TOKEN = re.compile(r"'(?:\\.|[^'\\])'|\"(?:\\.|[^\"\\])*\"|//.*|"
                   r"<=>|<=|>=|==|!=|&&|\|\|| [<>+*/%-] |\+=|\*=|!(?=[a-zA-Z(])|"
                   r"(?<=[=(?:,] )-(?=[a-z])|\btrue\b|\bfalse\b|\b\d[\d']*U?\b")


def mutants_of(text):
    """(from, to, replacement) of each."""
    offset = 0
    for line in text.splitlines(keepends=True):
        if not re.match(r"\s*(#|template|\}  // namespace|static_assert)", line):
            for token in TOKEN.finditer(line):
                word, begin, end = token.group(), offset + token.start(), offset + token.end()
                if word in SWAPS:
                    if word == "&&" and re.search(r"(auto|[A-Z]\w*)$", line[:token.start()].rstrip()):
                        continue
                    for other in SWAPS[word]:
                        yield begin, end, other
                elif word in ("!", "-"):
                    yield begin, end, ""
                elif word[0].isdigit():
                    digits = word.rstrip("U").replace("'", "")
                    base = 8 if len(digits) > 1 and digits[0] == "0" else 10
                    yield begin, end, str(int(digits, base) + 1)
        offset += len(line)


def objects(target):
    return sorted(glob.glob(f"{BUILD}/CMakeFiles/{target}.dir/**/*.o", recursive=True))


def killed(source, mutated, tests, whole, folder):
    """None: it does not compile."""
    path, out = os.path.join(folder, "mutant.cpp"), os.path.join(folder, "mutant.o")
    with open(path, "w", encoding="utf-8") as file:
        file.write(mutated)
    flags = ["-std=c++20", "-O0", "-w", "-I", f"{ROOT}/src", "-I", ROOT]
    if subprocess.run(["g++", *flags, "-c", path, "-o", out], stderr=subprocess.DEVNULL, check=False).returncode != 0:
        return None
    program = os.path.join(folder, "tests")
    others = [o for s, o in whole.items() if s != source]
    link = ["g++", out, *others, *tests, *objects("twin_core"), "-o", program,
            "-lgtest", "-lgmock", "-lgtest_main", "-lsodium", "-lfmt", "-pthread"]
    if subprocess.run(link, stderr=subprocess.DEVNULL, check=False).returncode != 0:
        return None
    environment = dict(os.environ, TWIN_GUARD_RANDOM="20000", GTEST_FAIL_FAST="1")
    try:
        return subprocess.run([program], cwd=ROOT, env=environment, timeout=600, stdout=subprocess.DEVNULL,
                              stderr=subprocess.DEVNULL, check=False).returncode != 0
    except subprocess.TimeoutExpired:
        return True


def main():
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--sample", type=int, default=0, help="so many, chosen by seed; 0: all")
    options.add_argument("--seed", type=int, default=1)
    options.add_argument("--file", default="", help="of this file alone")
    options.add_argument("--list", action="store_true", help="count them and end")
    options.add_argument("--tests", nargs="*", help="objects of the tests, where not the preset's")
    chosen = options.parse_args()
    tests = chosen.tests or objects("twin_guard_tests")
    todo = []
    for path in sorted(glob.glob(f"{ROOT}/src/twin/guard/*.cpp")):
        if path.endswith(".test.cpp") or chosen.file not in path:
            continue
        with open(path, encoding="utf-8") as file:
            text = file.read()
        todo += [(path, text, *m) for m in mutants_of(text)]
    print(f"{len(todo)} mutants", flush=True)
    if chosen.list:
        return 0
    if chosen.sample:
        todo = random.Random(chosen.seed).sample(todo, min(chosen.sample, len(todo)))
    tried = dead = 0
    with tempfile.TemporaryDirectory() as folder:
        # The preset compiles many files at once, so each is compiled by itself here, once.
        whole = {}
        for path in sorted({source for source in glob.glob(f"{ROOT}/src/twin/guard/*.cpp")
                            if not source.endswith(".test.cpp")}):
            whole[path] = os.path.join(folder, os.path.basename(path) + ".o")
            subprocess.run(["g++", "-std=c++20", "-O0", "-w", "-I", f"{ROOT}/src", "-I", ROOT, "-c", path, "-o",
                            whole[path]], check=True)
        first, text = todo[0][:2]
        if killed(first, text, tests, whole, folder) is not False:
            sys.exit("the tests do not pass, or do not link, without any mutant")
        for path, text, begin, end, other in todo:
            result = killed(path, text[:begin] + other + text[end:], tests, whole, folder)
            if result is None:
                continue
            tried, dead = tried + 1, dead + result
            print(f"{dead} of {tried}", end="\r", flush=True)
            if not result:
                line = text.count("\n", 0, begin)
                print(f"survived: {os.path.relpath(path, ROOT)}:{line + 1}: '{text[begin:end]}' -> '{other}' in "
                      f"{text.splitlines()[line].strip()}", flush=True)
    print(f"{dead} of {tried} killed: {100 * dead / max(tried, 1):.1f} %")
    return 0


if __name__ == "__main__":
    sys.exit(main())
