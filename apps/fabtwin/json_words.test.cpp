#include "apps/fabtwin/json_words.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <cstdio>
#include <nlohmann/json.hpp>
#include <set>

#include "apps/fabtwin/changing_log.hpp"
#include "apps/fabtwin/comparison.hpp"
#include "apps/fabtwin/figures.hpp"
#include "twin/record/scratch_folder.hpp"

namespace apps::fabtwin {
namespace {

using nlohmann::json;

std::string output_of(const std::string& words) {
  std::FILE* const pipe = ::popen((FABTWIN_PROGRAM " " + words).c_str(), "r");
  std::string out;
  std::array<char, 4096> block{};
  while (const std::size_t n = std::fread(block.data(), 1, block.size(), pipe))
    out.append(block.data(), n);
  EXPECT_EQ(::pclose(pipe), 0) << words;
  return out;
}

bool is_figure(const std::string& name) {
  const auto in = [&](const auto& figures) {
    return std::ranges::any_of(figures, [&](const auto& f) { return f.name == name; });
  };
  return in(fab_figures()) || in(class_figures()) || in(group_figures()) || in(window_figures()) ||
         in(measures());
}

// Where a figure's name stands, its path ends in "*". (The "groups[]" of `check` have other names.)
bool holds_figures(const std::string& path) {
  static const std::set<std::string> places = {"fab", "regular", "all", "litho", "rest", "windows"};
  const std::string last = path.substr(path.rfind('.') + 1);
  return path.starts_with("units.") || path.ends_with("classes[]") || path.ends_with(".groups[]") ||
         path.starts_with("rules[]") || path == "differences[]" || places.contains(last);
}

std::set<std::string> without(std::set<std::string> all, const std::set<std::string>& some) {
  std::erase_if(all, [&](const std::string& one) { return some.contains(one); });
  return all;
}

void add_paths(const json& value, const std::string& path, std::set<std::string>& paths) {
  if (value.is_object() && !value.empty() && !value.contains("half_width")) {
    for (const auto& [name, part] : value.items()) {
      const bool any =
          path == "measured" || path == "parameters" || (holds_figures(path) && is_figure(name));
      add_paths(part, (path.empty() ? "" : path + ".") + (any ? "*" : name), paths);
    }
  } else if (value.is_array() && !value.empty()) {
    for (const json& part : value) add_paths(part, path + "[]", paths);
  } else {
    paths.insert(path + (value.is_array() ? "[]" : ""));
  }
}

// The reference would explain names that do not exist, or pass over some that do.
TEST(JsonWords, AreThoseThatTheProgramWrites) {
  const twin::record::ScratchFolder folder("json_words");
  write_changing_log(folder / "log.ftel");
  const std::string fab = " data/minifab --json";
  const std::string experiment = " data/experiments/lorenz63.toml --json";
  const std::array<std::pair<std::string, std::vector<std::string>>, 7> runs = {{
      {"simulate", {" --days 45", " --days 3 --replications 2"}},
      {"compare", {" --days 3 --replications 2 --rule fifo --rule cr"}},
      {"sweep", {" --days 3 --warmup 0 --loads 0.5,1"}},
      {"check", {""}},
      {"bench", {" --days 1 --times 1"}},
      {"calibrate", {" --events " + (folder / "log.ftel").string()}},
      {"assimilate", {" --seeds 2 --cycles 4 --burn-in 1"}},
  }};
  for (const auto& [command, options] : runs) {
    std::set<std::string> written, explained;
    for (const std::string& one : options)
      add_paths(json::parse(output_of(command +
                                      (command == "calibrate"    ? " data/example-fab --json"
                                       : command == "assimilate" ? experiment
                                                                 : fab) +
                                      one)),
                "", written);
    for (const JsonWord& word : json_words(command)) {
      EXPECT_TRUE(explained.insert(word.path).second) << word.path << " twice";
      EXPECT_FALSE(word.text.empty()) << word.path;
    }
    EXPECT_EQ(without(explained, written), std::set<std::string>{}) << command;
    EXPECT_EQ(without(written, explained), std::set<std::string>{}) << command;
  }
}

}  // namespace
}  // namespace apps::fabtwin
