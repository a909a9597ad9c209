#include "tests/arrows.hpp"

#include <algorithm>
#include <array>
#include <optional>
#include <regex>
#include <sstream>
#include <stdexcept>
#include <utility>

namespace tests {
namespace {

// Where a file or an include stands: the layer ("twin", "twins", "apps", ...) and the folder below it.
struct Home {
  std::string layer;
  std::string folder;
};

constexpr std::array<std::string_view, 7> Layers = {"twin",  "twins", "apps", "tests",
                                                    "cases", "bench", "fuzz"};

// "twin/core/x.hpp" -> {twin, core}; nothing when the first folder is no layer.
std::optional<Home> home_of(std::string_view path) {
  const std::size_t first = path.find('/');
  if (first == std::string_view::npos) return std::nullopt;
  const std::string_view layer = path.substr(0, first);
  if (std::ranges::find(Layers, layer) == Layers.end()) return std::nullopt;
  const std::size_t second = path.find('/', first + 1);
  const std::size_t count = second == std::string_view::npos ? 0 : second - first - 1;
  return Home{.layer = std::string(layer), .folder = std::string(path.substr(first + 1, count))};
}

struct Include {
  std::string target;
  bool quoted;
};

std::optional<Include> include_of(const std::string& line) {
  static const std::regex form(R"(^\s*#\s*include\s*(["<])([^">]+)[">])");
  std::smatch match;
  if (!std::regex_search(line, match, form)) return std::nullopt;
  return Include{.target = match[2], .quoted = match[1] == "\""};
}

// What is wrong with one include of a file at home in src/twin; empty: nothing.
std::string wrong_in_engine(const File& file, const Home& home, const Include& include,
                            const Arrows& arrows) {
  const std::optional<Home> target = include.quoted ? home_of(include.target) : std::nullopt;
  if (!target) {
    const bool standard = include.target.find_first_of("./") == std::string::npos;
    if (home.folder != "core" || is_test(file) || standard) return {};
    return "core includes <" + include.target + "> (core needs the standard library only)";
  }
  if (target->layer != "twin")
    return "src/twin includes " + include.target + " (the engine knows no " + target->layer + ")";
  if (is_test(file) && target->folder == "contract") return {};
  if (!arrows.contains(home.folder))
    return "module " + home.folder + " has no arrow in ARCHITECTURE.md";
  if (reachable(arrows, home.folder).contains(target->folder)) return {};
  return home.folder + " includes " + include.target + " (there is no arrow " + home.folder +
         " -> " + target->folder + ")";
}

std::string wrong_outside(const Home& home, const Include& include) {
  const std::optional<Home> target = include.quoted ? home_of(include.target) : std::nullopt;
  if (!target || target->layer == "twin") return {};
  if (home.layer == "twins") {
    if (target->layer == "twins" && target->folder == home.folder) return {};
    return "twins/" + home.folder + " includes " + include.target +
           " (a twin uses src/twin and itself, nothing else)";
  }
  if (home.layer == "apps" && target->layer != "twins" && target->layer != "apps")
    return "apps include " + include.target + " (programs need no " + target->layer + ")";
  return {};
}

// fabtwin_module(name LINKS a b USES l): the links are arrows too; l is a library from outside.
Findings find_broken_links(const File& cmake, const Arrows& arrows) {
  static const std::regex form(
      R"(^\s*fabtwin_module\((\w+)(?:\s+LINKS\s+([\w ]+?))?(?:\s+USES\s+[\w: ]+)?\))");
  Findings findings;
  for (std::size_t i = 0; i < cmake.lines.size(); ++i) {
    std::smatch match;
    if (!std::regex_search(cmake.lines[i], match, form)) continue;
    const std::string module = match[1];
    if (!arrows.contains(module)) {
      findings.push_back(
          {cmake.path, i + 1, "module " + module + " has no arrow in ARCHITECTURE.md"});
      continue;
    }
    const std::set<std::string> allowed = reachable(arrows, module);
    std::istringstream links(match[2].str());
    for (std::string link; links >> link;) {
      if (!allowed.contains(link))
        findings.push_back({cmake.path, i + 1, module + " links " + link + " (there is no arrow)"});
    }
  }
  return findings;
}

}  // namespace

Arrows read_arrows(const File& architecture) {
  static const std::regex form(R"(^(\w+)/?\s+->\s*([\w ]*))");
  Arrows arrows;
  bool announced = false;
  bool fenced = false;
  for (const std::string& line : architecture.lines) {
    if (line == "<!-- arrows -->") announced = true;
    if (line.starts_with("```")) {
      if (fenced) announced = false;
      fenced = !fenced;
      continue;
    }
    std::smatch match;
    if (!announced || !fenced || !std::regex_search(line, match, form)) continue;
    std::set<std::string>& targets = arrows[match[1]];
    std::istringstream names(match[2].str());
    for (std::string name; names >> name;) targets.insert(name);
  }
  for (const auto& [module, targets] : arrows) {
    for (const std::string& target : targets) {
      if (!arrows.contains(target))
        throw std::runtime_error("the arrow " + module + " -> " + target + " points at no module");
    }
  }
  return arrows;
}

std::set<std::string> reachable(const Arrows& arrows, const std::string& module) {
  std::set<std::string> found = {module};
  std::vector<std::string> open = {module};
  while (!open.empty()) {
    const std::string from = std::move(open.back());
    open.pop_back();
    const auto at = arrows.find(from);
    if (at == arrows.end()) continue;
    for (const std::string& to : at->second) {
      if (found.insert(to).second) open.push_back(to);
    }
  }
  return found;
}

Findings find_broken_arrows(const Files& files, const Arrows& arrows) {
  Findings findings;
  for (const File& file : files) {
    if (file.path == "CMakeLists.txt") {
      const Findings links = find_broken_links(file, arrows);
      findings.insert(findings.end(), links.begin(), links.end());
    }
    if (!is_cpp(file)) continue;
    const std::string_view path = file.path;
    const std::optional<Home> home = home_of(
        starts_with_folder(path, "src") ? path.substr(std::string_view("src/").size()) : path);
    if (!home) continue;
    for (std::size_t i = 0; i < file.lines.size(); ++i) {
      const std::optional<Include> include = include_of(file.lines[i]);
      if (!include) continue;
      std::string problem;
      if (include->quoted && !home_of(include->target)) {
        problem =
            "\"" + include->target + "\" (a quoted include is a full path, as twin/core/draw.hpp)";
      } else if (home->layer == "twin") {
        problem = wrong_in_engine(file, *home, *include, arrows);
      } else {
        problem = wrong_outside(*home, *include);
      }
      if (!problem.empty()) findings.push_back({file.path, i + 1, problem});
    }
  }
  return findings;
}

}  // namespace tests
