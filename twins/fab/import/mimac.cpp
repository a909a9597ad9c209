#include "twins/fab/import/mimac.hpp"

#include <fmt/core.h>

#include <algorithm>
#include <cmath>
#include <optional>

#include "twin/core/error.hpp"
#include "twins/fab/import/cell.hpp"
#include "twins/fab/import/folder.hpp"
#include "twins/fab/import/message.hpp"
#include "twins/fab/import/names.hpp"
#include "twins/fab/import/text.hpp"

namespace twins::fab::import {
namespace {

using twin::core::Error;
using twin::core::Place;

constexpr std::uint64_t MaxGroups = 100'000, MaxRoutes = 10'000, MaxStates = 1'000;
constexpr std::uint64_t MaxTools = 1'000'000, MaxJobs = 10'000;
constexpr std::uint64_t MaxChanges = 4'000'000;            // entries of all setup matrices
constexpr std::uint64_t MimacEndless = 1'000'000'000'000;  // [jobs] of a release without a number
constexpr std::string_view NoState = "DEF_SETUP";  // what a tool starts with, and a bare step needs

struct Token {
  std::string_view text;
  std::size_t line = 0, cell = 0;  // 1-based
};

// The file's lines with something on them, as tokens between blanks.
class Lines {
 public:
  Lines(std::string file, std::string_view text) : file_(std::move(file)) {
    std::size_t line = 0;
    for (std::size_t begin = 0; begin < text.size();) {
      ++line;
      const std::size_t end = std::min(text.find('\n', begin), text.size());
      const std::string_view whole = text.substr(begin, end - begin);
      begin = end + 1;
      const std::string_view plain = trim(whole.substr(0, whole.find('#')));
      if (!plain.empty()) lines_.push_back({plain, line, 0});
    }
  }
  [[nodiscard]] bool more() const { return next_ < lines_.size(); }
  Token line(std::string_view what) {
    if (!more()) {
      throw Error(Place{file_, 0, {}},
                  sentence(fmt::format("the file ends before {}", what), "is it cut off?"));
    }
    return lines_[next_++];
  }
  static std::vector<Token> split(const Token& line) {
    std::vector<Token> tokens;
    constexpr std::string_view Blank = " \t\r";
    for (std::size_t at = 0;;) {
      at = line.text.find_first_not_of(Blank, at);
      if (at == std::string_view::npos) return tokens;
      const std::size_t end = std::min(line.text.find_first_of(Blank, at), line.text.size());
      tokens.push_back({line.text.substr(at, end - at), line.line, tokens.size() + 1});
      at = end;
    }
  }
  [[noreturn]] void fail(const Token& at, std::string_view problem, std::string_view why,
                         std::string_view suggestion = {}) const {
    throw Error(Place{file_, at.line, at.cell == 0 ? std::string{} : std::to_string(at.cell)},
                sentence(problem, why, suggestion));
  }
  double number(const Token& token, std::string_view text) const {
    const auto value = parse_number(text);
    if (!value || *value < 0 || *value > MaxTimeMs / MinuteMs) {
      const std::string guess = value ? std::string{} : probable_number(text);
      fail(token, quote(text) + " is not a number of minutes", "zero or more, with a decimal point",
           guess.empty() ? guess : "did you mean " + guess + "?");
    }
    return *value;
  }
  std::uint64_t count(const Token& token, std::string_view text, std::uint64_t max) const {
    const auto value = parse_number(text);
    if (!value || *value < 1 || *value != std::floor(*value) || *value > static_cast<double>(max)) {
      fail(token, quote(text) + " is no valid count",
           fmt::format("a whole number from 1 to {}", max));
    }
    return static_cast<std::uint64_t>(*value);
  }

 private:
  std::string file_;
  std::vector<Token> lines_;
  std::size_t next_ = 0;
};

std::vector<std::string_view> parts_of(std::string_view token) {
  std::vector<std::string_view> parts;
  for (std::size_t at = 0; at <= token.size();) {
    const std::size_t end = std::min(token.find(';', at), token.size());
    parts.push_back(token.substr(at, end - at));
    at = end + 1;
  }
  return parts;
}

class MimacReader {
 public:
  MimacReader(const std::string& file, std::string_view text, const MimacOptions& options)
      : options_(options), lines_(file, text) {
    fab_.name = file;
  }

  Description read() {
    const Token groups = lines_.line("the number of machine groups");
    fab_.tool_groups.resize(lines_.count(groups, groups.text, MaxGroups));
    const Token routes = lines_.line("the number of routes");
    fab_.routes.resize(lines_.count(routes, routes.text, MaxRoutes));
    states_.resize(fab_.tool_groups.size());
    bare_setup_.assign(fab_.tool_groups.size(), None);
    first_setup_.assign(fab_.tool_groups.size(), None);
    seen_.assign(fab_.tool_groups.size(), 0);
    counted_.assign(fab_.tool_groups.size(), 0);
    if (!options_.releases.empty() && options_.releases.size() != fab_.routes.size()) {
      throw Error(fmt::format("{} releases for {} routes (each route needs its own)",
                              options_.releases.size(), fab_.routes.size()));
    }
    for (Route& route : fab_.routes) read_machines(route);
    for (Route& route : fab_.routes) read_times(route);
    while (lines_.more()) read_group();
    finish_groups();
    finish_steps();
    release();
    return std::move(fab_);
  }

 private:
  void read_machines(Route& route) {
    const std::size_t number = wanted_.size() + 1;
    route.name = fmt::format("route_{}", number);
    wanted_.emplace_back();
    for (const Token& token :
         lines_.split(lines_.line(fmt::format("the machines of route {}", number)))) {
      const auto parts = parts_of(token.text);
      if (parts.size() > 2 || (parts.size() == 2 && parts[1].empty())) {
        lines_.fail(token, quote(token.text) + " is no machine", "a group number, or number;setup");
      }
      Step step;
      step.name = fmt::format("{}", route.steps.size() + 1);
      step.group =
          static_cast<std::uint32_t>(lines_.count(token, parts[0], fab_.tool_groups.size()) - 1);
      wanted_.back().push_back({token, parts.size() == 2 ? parts[1] : std::string_view{}});
      route.steps.push_back(std::move(step));
    }
  }

  void read_times(Route& route) {
    const Token line = lines_.line("the times of " + route.name);
    const std::vector<Token> tokens = lines_.split(line);
    if (tokens.size() != route.steps.size()) {
      lines_.fail(line,
                  fmt::format("{} times for {} operations", tokens.size(), route.steps.size()),
                  "each operation of " + route.name + " needs one");
    }
    for (std::size_t i = 0; i < tokens.size(); ++i) {
      const auto parts = parts_of(tokens[i].text);
      Step& step = route.steps[i];
      if (parts.size() != 1 && parts.size() != 3) {
        lines_.fail(tokens[i], quote(tokens[i].text) + " is no time",
                    "minutes, or minutes;batch;maximum");
      }
      step.process.mean_ms = lines_.number(tokens[i], parts[0]) * MinuteMs;
      if (parts.size() == 1) continue;
      if (parts[1].empty())
        lines_.fail(tokens[i], "blank batch", "minutes;batch;maximum is needed");
      step.batch_key = batches_.add(fmt::format("{}\n{}", step.group, parts[1]), line.line);
      step.batch_max = static_cast<std::uint32_t>(lines_.count(tokens[i], parts[2], MaxJobs));
      fab_.tool_groups[step.group].batch = true;
    }
  }

  // One line of a group's block: its number, or a keyword and what follows it.
  void read_group() {
    static const std::vector<std::string> Words = {"machineName", "numInGroup", "setup"};
    const Token line = lines_.line("a group");
    if (parse_number(line.text)) {
      group_ =
          static_cast<std::uint32_t>(lines_.count(line, line.text, fab_.tool_groups.size()) - 1);
      if (seen_[*group_] != 0)
        lines_.fail(line, "group " + quote(line.text) + " appears twice", "one block each");
      seen_[*group_] = 1;
      return;
    }
    if (line.text == "machineReleaseDates" || line.text == "jobs" || line.text == "jobs_dynamic") {
      lines_.fail(line, "unsupported section " + quote(line.text),
                  "releases come from the options");
    }
    if (std::find(Words.begin(), Words.end(), line.text) == Words.end()) {
      lines_.fail(line, "unknown word " + quote(line.text), "machineName, numInGroup or setup",
                  did_you_mean(line.text, Words));
    }
    if (!group_)
      lines_.fail(line, quote(line.text) + " before any group number",
                  "a block starts with its number");
    ToolGroup& group = fab_.tool_groups[*group_];
    if (line.text == "setup") return read_matrix(group);
    const Token value = lines_.line("the value of " + std::string(line.text));
    if (line.text == "machineName") {
      group.name = std::string(value.text.substr(0, 200));
      if (names_.find(group.name) != None)
        lines_.fail(value, "name " + quote(value.text) + " appears twice",
                    "names tell groups apart");
      names_.add(group.name, value.line);
    } else {
      group.tools = static_cast<std::uint32_t>(lines_.count(value, value.text, MaxTools));
      counted_[*group_] = 1;
    }
  }

  // From the row's state into the column's, in minutes; x: no change.
  void read_matrix(ToolGroup& group) {
    const Token count = lines_.line("the number of setup states");
    const std::uint64_t n = lines_.count(count, count.text, MaxStates);
    Names& states = states_[*group_];
    if (states.size() != 0) lines_.fail(count, "a second setup matrix", "one a group");
    changes_ += n * n;
    if (changes_ > MaxChanges)
      lines_.fail(count, "too many setup states", "at most 4 million changes");
    std::vector<std::vector<Token>> rows;
    for (std::uint64_t i = 0; i < n; ++i) {
      rows.push_back(lines_.split(lines_.line("the end of the setup matrix")));
      const Token state = rows.back()[0];
      if (rows.back().size() != n + 1) {
        lines_.fail(state,
                    fmt::format("{} times in a row of the setup matrix", rows.back().size() - 1),
                    fmt::format("{} states need {}", n, n));
      }
      if (states.find(state.text) != None)
        lines_.fail(state, "state " + quote(state.text) + " appears twice", "one row each");
      states.add(state.text, state.line);
      fab_.setups.push_back({fmt::format("{}/{}", *group_ + 1, state.text), 0});
    }
    const auto first = static_cast<std::uint32_t>(fab_.setups.size() - n);
    for (std::uint32_t i = 0; i < n; ++i) {
      for (std::uint32_t j = 0; j < n; ++j) {
        const Token& cell = rows[i][j + 1];
        const double ms =
            cell.text == "x" || cell.text == "X" ? 0.0 : lines_.number(cell, cell.text) * MinuteMs;
        if (i == j && ms > 0)
          lines_.fail(cell, "a change into itself takes time", "x belongs here");
        if (i != j) fab_.setup_changes.push_back({first + i, first + j, ms});
      }
    }
    first_setup_[*group_] = first;
    if (const std::uint32_t bare = states.find(NoState); bare != None) {
      group.initial_setup = bare_setup_[*group_] = first + bare;
    }
  }

  void finish_groups() {
    std::uint64_t tools = 0;
    for (std::size_t g = 0; g < fab_.tool_groups.size(); ++g) {
      ToolGroup& group = fab_.tool_groups[g];
      if (counted_[g] == 0) {
        throw Error(Place{fab_.name, 0, {}},
                    sentence(fmt::format("no numInGroup of machine group {}", g + 1),
                             "each group needs its block"));
      }
      tools += group.tools;
      if (group.name.empty()) group.name = fmt::format("machine_{}", g + 1);
      group.rank = options_.rank;
    }
    if (tools > MaxTools)
      throw Error(Place{fab_.name, 0, {}},
                  sentence("too many tools", "at most 1 million in a fab"));
    // State names belong to a group: two groups may use one name for different things.
    for (std::size_t g = 0; g < fab_.tool_groups.size(); ++g) {
      for (std::uint32_t s = 0; s < states_[g].size(); ++s) {
        fab_.setups[first_setup_[g] + s].name = fab_.tool_groups[g].name + "/" + states_[g].name(s);
      }
    }
  }

  void finish_steps() {
    const double fill = options_.batch_fill_min;
    for (std::size_t r = 0; r < fab_.routes.size(); ++r) {
      for (std::size_t i = 0; i < fab_.routes[r].steps.size(); ++i) {
        Step& step = fab_.routes[r].steps[i];
        const auto& [token, state] = wanted_[r][i];
        const Names& states = states_[step.group];
        if (!state.empty() && states.find(state) == None) {
          lines_.fail(token, "unknown setup state " + quote(state),
                      fmt::format("machine group {} has none of that name", step.group + 1),
                      did_you_mean(state, states.all()));
        }
        step.setup =
            state.empty() ? bare_setup_[step.group] : first_setup_[step.group] + states.find(state);
        if (!fab_.tool_groups[step.group].batch) continue;
        step.per = Step::Per::Batch;
        step.batch_max = std::max(step.batch_max, 1U);  // a step without batch runs job by job
        // The small subtraction keeps 0.6 * 5 = 3.0000000000000004 from asking for four jobs.
        const double jobs = std::ceil(fill * step.batch_max - 1e-9);
        step.batch_min =
            std::clamp(static_cast<std::uint32_t>(std::max(jobs, 1.0)), 1U, step.batch_max);
      }
    }
  }

  void release() {
    for (std::uint32_t r = 0; r < fab_.routes.size(); ++r) {
      fab_.products.push_back(
          {fmt::format("product_{}", r + 1), fmt::format("product_{}", r + 1), r});
      if (options_.releases.empty()) continue;
      const MimacRelease& release = options_.releases[r];
      Stream stream;
      stream.name = fmt::format("jobs_{}", r + 1);
      stream.product = r;
      stream.wafers = 1;
      stream.interval = {release.law, release.interval_min * MinuteMs, 0.0};
      if (release.first == MimacRelease::First::AfterInterval)
        stream.start_ms = stream.interval.mean_ms;
      stream.count = MimacEndless;
      for (const Step& s : fab_.routes[r].steps) stream.due_offset_ms += s.process.mean_ms;
      stream.due_offset_ms *= release.due_factor;
      stream.weight = release.weight;
      fab_.streams.push_back(std::move(stream));
    }
  }

  struct Wanted {
    Token token;
    std::string_view state;
  };
  MimacOptions options_;
  Lines lines_;
  Description fab_;
  std::vector<std::vector<Wanted>> wanted_;  // [route][step] setup state by name
  std::vector<Names> states_;                // [group] its setup states
  std::vector<std::uint32_t> bare_setup_;    // [group] index of DEF_SETUP in fab_.setups, or None
  std::vector<std::uint32_t> first_setup_;   // [group] index of its first state in fab_.setups
  std::vector<char> seen_, counted_;         // [group] its block was met; numInGroup was given
  Names names_, batches_;
  std::optional<std::uint32_t> group_;  // whose block is being read
  std::uint64_t changes_ = 0;
};

void check_mimac(const MimacOptions& options) {
  if (!(options.batch_fill_min >= 0 && options.batch_fill_min <= 1)) {
    throw Error(fmt::format("batch_fill_min = {} (a share from 0 to 1)", options.batch_fill_min));
  }
  for (const MimacRelease& r : options.releases) {
    if (!(r.interval_min * MinuteMs >= 1 && r.interval_min * MinuteMs <= MaxTimeMs)) {
      throw Error(
          fmt::format("interval_min = {} min (an interval lasts 1 ms or more)", r.interval_min));
    }
    if (r.law == Duration::Law::Uniform)
      throw Error("uniform releases (only constant and exponential ones)");
    if (!(r.due_factor >= 0 && r.due_factor <= 1e6)) {
      throw Error(fmt::format("due_factor = {} (from 0 to a million)", r.due_factor));
    }
    if (!(r.weight >= 0 && std::isfinite(r.weight))) {
      throw Error(fmt::format("weight = {} (zero or more)", r.weight));
    }
  }
}

}  // namespace

Description read_mimac(const std::string& file, std::string_view bytes,
                       const MimacOptions& options) {
  check_mimac(options);
  const std::string text = decode(bytes, file);
  return MimacReader(file, text, options).read();
}

Description read_mimac(const std::filesystem::path& file, const MimacOptions& options) {
  Description fab = read_mimac(file.filename().string(), read_file(file), options);
  fab.name = file.stem().string();
  return fab;
}

}  // namespace twins::fab::import
