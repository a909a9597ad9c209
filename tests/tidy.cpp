#include "tests/tidy.hpp"

#include <algorithm>
#include <array>
#include <cctype>
#include <regex>
#include <set>
#include <string>
#include <utility>

#include "tests/code.hpp"
#include "tests/unnamed.hpp"

namespace tests {
namespace {

std::string number(std::size_t n) { return std::to_string(n); }

std::string without_end_blanks(std::string line) {
  while (!line.empty() && (line.back() == ' ' || line.back() == '\t')) line.pop_back();
  return line;
}

// Prose and formats that have no lines of their own: Markdown, JSON, CITATION.cff.
bool is_measured(const File& file) {
  return !is_markdown(file) && !file.path.ends_with(".json") && !file.path.ends_with(".cff");
}

// C++: 100 columns, as clang-format keeps them; 120 for what only a comment makes longer, and for rows of a table kept
// from clang-format. Scripts and CMake files, which nothing wraps: 120.
Findings long_lines(const Files& files) {
  Findings findings;
  for (const File& file : files) {
    if (!is_measured(file)) continue;
    const Code code = is_cpp(file) ? code_of(file.lines) : Code{};
    bool table = !is_cpp(file);
    for (std::size_t i = 0; i < file.lines.size(); ++i) {
      const std::string& line = file.lines[i];
      if (line.find("// clang-format off") != std::string::npos) table = true;
      if (line.find("// clang-format on") != std::string::npos) table = false;
      const std::size_t all = columns_of(line);
      const std::size_t alone = table ? 0 : columns_of(without_end_blanks(code.uncommented[i]));
      if (all > TableColumns || alone > CodeColumns) {
        findings.push_back({file.path, i + 1,
                            number(all) + " columns (at most 100, 120 for a comment or a table)"});
      }
    }
  }
  return findings;
}

Findings headers_without_test(const Files& files) {
  std::set<std::string> paths;
  for (const File& file : files) paths.insert(file.path);
  Findings findings;
  for (const File& file : files) {
    const bool tested = std::ranges::any_of(
        std::array{"src", "twins", "apps", "tests"},
        [&](std::string_view folder) { return starts_with_folder(file.path, folder); });
    if (!tested || !is_header(file)) continue;
    const std::string test = file.path.substr(0, file.path.size() - 4) + ".test.cpp";
    if (!paths.contains(test)) findings.push_back({file.path, 0, "no test beside it: " + test});
  }
  return findings;
}

std::string lower(std::string word) {
  for (char& c : word) c = static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
  return word;
}

// Nouns that say nothing about a fab. "data" in lower case stays allowed: std::data, v.data().
bool is_empty_noun(const std::string& word) {
  static const std::set<std::string> in_any_case = {"manager", "handler", "helper", "util",
                                                    "utils"};
  return word == "Data" || in_any_case.contains(lower(word));
}

Findings empty_nouns(const Files& files) {
  static const std::set<std::string> foreign = {"sa_handler", "error_handler_t", "set_new_handler",
                                                "get_new_handler"};
  Findings findings;
  for (const File& file : files) {
    if (!is_cpp(file)) continue;
    const std::string stem = file.path.substr(file.path.rfind('/') + 1);
    for (const std::string& word : words_of(stem.substr(0, stem.find('.')))) {
      if (is_empty_noun(word))
        findings.push_back({file.path, 0, "the file's name says '" + word + "'"});
    }
    const Code code = code_of(file.lines);
    for (std::size_t i = 0; i < code.bare.size(); ++i) {
      if (code.bare[i].starts_with("TEST")) continue;  // a test's name is a sentence, not a thing
      for (const std::string& identifier : identifiers_of(code.bare[i])) {
        if (foreign.contains(identifier)) continue;
        for (const std::string& word : words_of(identifier)) {
          if (is_empty_noun(word))
            findings.push_back(
                {file.path, i + 1, identifier + " says '" + word + "' (name the thing)"});
        }
      }
    }
  }
  return findings;
}

// One finding for each line that matches: the patterns are looked for in every file.
Findings lines_matching(const Files& files, const std::regex& pattern, const std::string& problem) {
  Findings findings;
  for (const File& file : files) {
    for (std::size_t i = 0; i < file.lines.size(); ++i) {
      std::smatch match;
      if (std::regex_search(file.lines[i], match, pattern))
        findings.push_back({file.path, i + 1, match.str() + ": " + problem});
    }
  }
  return findings;
}

// The repository speaks of fabs; how its text came about belongs elsewhere. The words are put together here so that
// this file does not contain them.
Findings words_out_of_place(const Files& files) {
  static const std::regex pattern(std::string("\\b(") + "this ses" + "sion|age" + "nts?|assis" +
                                      "tants?|" + "language mod" + "els?|co-auth" + "ored-by)\\b",
                                  std::regex::icase | std::regex::optimize);
  // One of them is a term of W3C PROV, which its JSON must use: allowed as "prov:..." and, where that JSON is read and
  // written, as a name in quotes.
  static const std::regex term(std::string("prov:age") + "nt\\b|\"age" + "nt\"");
  Files spoken = files;
  for (File& file : spoken) {
    if (!file.path.starts_with("src/twin/record/prov")) continue;
    for (std::string& line : file.lines) line = std::regex_replace(line, term, "");
  }
  return lines_matching(spoken, pattern, "not a word of this repository");
}

// A note for later is an issue: its number stands in brackets behind the mark.
Findings notes_without_issue(const Files& files) {
  static const std::regex pattern(std::string("\\b(TO") + "DO|FIX" + "ME|X" +
                                  "XX)\\b(?!\\(#[0-9]+\\))");
  return lines_matching(files, pattern, "a note for later needs its issue, as (#12)");
}

// A path that exists on one machine only.
Findings machine_paths(const Files& files) {
  static const std::regex pattern(R"((^|[^\w.)~}*])/(work|tmp|home|root)/)", std::regex::optimize);
  return lines_matching(files, pattern, "a path of one machine");
}

Findings headers_without_pragma(const Files& files) {
  Findings findings;
  for (const File& file : files) {
    if (!is_header(file)) continue;
    const Code code = code_of(file.lines);
    const auto first = std::ranges::find_if(
        code.uncommented, [](const std::string& l) { return !without_end_blanks(l).empty(); });
    if (first == code.uncommented.end() || *first != "#pragma once")
      findings.push_back({file.path, 0, "the first line of code must be #pragma once"});
  }
  return findings;
}

Findings headers_without_reason(const Files& files) {
  Findings findings;
  for (const File& file : files) {
    if (is_header(file) && (file.lines.empty() || !file.lines.front().starts_with("// ")))
      findings.push_back({file.path, 1, "the first line must say why the file exists"});
  }
  return findings;
}

Findings long_files(const Files& files) {
  Findings findings;
  for (const File& file : files) {
    if (is_cpp(file) && file.lines.size() > FileLines)
      findings.push_back(
          {file.path, 0, number(file.lines.size()) + " lines (at most 600: one idea a file)"});
  }
  return findings;
}

Findings blanks(const Files& files) {
  Findings findings;
  for (const File& file : files) {
    for (std::size_t i = 0; i < file.lines.size(); ++i) {
      const std::string& line = file.lines[i];
      if (line.find('\r') != std::string::npos) {
        findings.push_back({file.path, i + 1, "carriage return"});
      } else if (without_end_blanks(line) != line) {
        findings.push_back({file.path, i + 1, "blanks at the end of the line"});
      }
      if (is_cpp(file) && line.find('\t') != std::string::npos)
        findings.push_back({file.path, i + 1, "tab (write \\t in a literal, blanks elsewhere)"});
    }
    if (!file.text.empty() && file.text.back() != '\n')
      findings.push_back({file.path, file.lines.size(), "no line feed at the end of the file"});
  }
  return findings;
}

constexpr std::array All = {
    Check{.name = "LineLength", .find = long_lines},
    Check{.name = "HeaderHasTest", .find = headers_without_test},
    Check{.name = "EmptyNouns", .find = empty_nouns},
    Check{.name = "WordsOutOfPlace", .find = words_out_of_place},
    Check{.name = "NotesHaveIssue", .find = notes_without_issue},
    Check{.name = "MachinePaths", .find = machine_paths},
    Check{.name = "PragmaOnce", .find = headers_without_pragma},
    Check{.name = "HeaderSaysWhy", .find = headers_without_reason},
    Check{.name = "FileLength", .find = long_files},
    Check{.name = "Blanks", .find = blanks},
    Check{.name = "UnnamedNames", .find = shared_unnamed_names},
};

}  // namespace

std::span<const Check> checks() { return All; }

}  // namespace tests
