#include "tests/unnamed.hpp"

#include <cctype>
#include <map>
#include <set>
#include <string_view>
#include <utility>

#include "tests/code.hpp"

namespace tests {
namespace {

enum class Brace { Unnamed, Named, Other };

Brace brace_after(std::string_view before) {
  while (before.ends_with(' ')) before.remove_suffix(1);
  if (before.ends_with("namespace")) return Brace::Unnamed;
  const std::vector<std::string> words = identifiers_of(before);
  return !words.empty() && (words[0] == "namespace" || words[0] == "inline") &&
                 before.find("namespace") != std::string_view::npos
             ? Brace::Named
             : Brace::Other;
}

// What a line at the margin defines; empty where it defines nothing or what another scope has declared.
std::string defined_in(std::string_view line) {
  if (line.empty() || std::isalpha(static_cast<unsigned char>(line[0])) == 0) return {};
  const std::vector<std::string> words = identifiers_of(line);
  static const std::set<std::string> kinds = {"struct", "class", "union", "enum"};
  static const std::set<std::string> nothing = {"namespace", "friend", "static_assert", "public"};
  if (nothing.contains(words[0]) || words[0].starts_with("TEST") ||
      words[0].starts_with("INSTANTIATE"))
    return {};
  // "using a::b" names what another scope has defined, "using b = a" defines.
  if (words[0] == "using") return line.find('=') == std::string_view::npos ? "" : words[1];
  if (kinds.contains(words[0])) {
    for (const std::string& word : words)
      if (!kinds.contains(word)) return word;
    return {};
  }
  const std::size_t end = line.find_first_of("({=;");
  if (end == std::string_view::npos) return {};
  const std::vector<std::string> until = identifiers_of(line.substr(0, end));
  if (until.size() < 2) return {};
  const std::size_t at = line.substr(0, end).rfind(until.back());
  return at >= 2 && line.substr(at - 2, 2) == "::" ? "" : until.back();
}

// "src/twin/link/gem/host.cpp" -> "src/twin/link"; its tests are a target of their own. Empty where each file is a
// program of its own, or nearly.
std::string target_of(const std::string& path) {
  const bool deep = starts_with_folder(path, "src");
  if (!deep && !starts_with_folder(path, "twins") && !starts_with_folder(path, "apps")) return {};
  std::size_t end = 0;
  for (int level = 0; level < (deep ? 3 : 2) && end != std::string::npos; ++level)
    end = path.find('/', end + 1);
  const bool test = path.ends_with(".test.cpp");
  return path.substr(0, end) + (test ? " (tests)" : "");
}

std::vector<std::string> names_of(const std::vector<std::string>& lines, Brace in) {
  std::vector<std::string> names;
  std::vector<Brace> open;
  for (const std::string& line : code_of(lines).bare) {
    if (!open.empty() && open.back() == in) {
      std::string name = defined_in(line);
      if (!name.empty()) names.push_back(std::move(name));
    }
    for (std::size_t i = 0; i < line.size(); ++i) {
      if (line[i] == '{') open.push_back(brace_after(std::string_view(line).substr(0, i)));
      if (line[i] == '}' && !open.empty()) open.pop_back();
    }
  }
  return names;
}

}  // namespace

std::vector<std::string> unnamed_names_of(const std::vector<std::string>& lines) {
  return names_of(lines, Brace::Unnamed);
}

Findings shared_unnamed_names(const Files& files) {
  std::map<std::pair<std::string, std::string>, std::string>
      owner;  // target and name -> the first file
  Findings findings;
  for (const File& file : files) {
    if (!file.path.ends_with(".cpp") || file.path.ends_with(".bench.cpp")) continue;
    const std::string target = target_of(file.path);
    if (target.empty() || file.path.ends_with("main.cpp")) continue;
    std::set<std::string> seen;
    for (const std::string& name : unnamed_names_of(file.lines)) {
      if (!seen.insert(name).second) continue;
      const auto [at, first] = owner.try_emplace({target, name}, file.path);
      if (!first)
        findings.push_back({file.path, 0,
                            name + " is in the unnamed namespace of " + at->second +
                                " too, which is compiled with it (rename one)"});
    }
  }
  return findings;
}

}  // namespace tests
