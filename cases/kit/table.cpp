#include "cases/kit/table.hpp"

#include <fcntl.h>
#include <fmt/core.h>
#include <gtest/gtest.h>
#include <sys/file.h>
#include <unistd.h>

#include <cmath>
#include <cstdlib>
#include <fstream>
#include <nlohmann/json.hpp>
#include <sstream>
#include <string_view>

namespace cases {
namespace {

const std::filesystem::path Results = "cases/results.json";
constexpr std::string_view Between = " > ";  // between the heading and the case in a row's name

std::string number(double value, const Published& as) {
  return fmt::format("{:.{}f}{}{}", value, as.digits, as.unit.empty() ? "" : " ", as.unit);
}

}  // namespace

Lock::Lock() : file_(open("cases", O_RDONLY | O_CLOEXEC)) {
  if (file_ >= 0) flock(file_, LOCK_EX);
}

Lock::~Lock() {
  if (file_ >= 0) close(file_);
}

bool reaches(const Published& p, double ours) {
  if (!std::isfinite(ours)) return false;
  switch (p.near) {
    case Published::Near::Relative:
      return std::abs(ours - p.value) <= p.tolerance * std::abs(p.value);
    case Published::Near::Absolute: return std::abs(ours - p.value) <= p.tolerance;
    case Published::Near::AtMost: return ours <= p.value;
  }
  return false;
}

Row row_of(const std::string& setting, const std::string& source, const Published& p,
           const Ours& ours) {
  Row row{setting, number(p.value, p), source, number(ours.value, p), reaches(p, ours.value)};
  if (p.near == Published::Near::AtMost) row.published = "at most " + row.published;
  if (p.near == Published::Near::Relative && p.tolerance > 0.0)
    row.published += fmt::format(" ± {:g} %", 100.0 * p.tolerance);
  if (p.near == Published::Near::Absolute && p.tolerance > 0.0)
    row.published += fmt::format(" ± {:g}", p.tolerance);
  if (ours.half_width) row.ours += fmt::format(" (± {:.{}f})", *ours.half_width, p.digits);
  if (p.near == Published::Near::Relative && p.value != 0.0)
    row.ours += fmt::format(", {:+.2f} %", 100.0 * (ours.value / p.value - 1.0));
  return row;
}

Table load(const std::filesystem::path& file) {
  Table table;
  std::ifstream in(file);
  if (!in) return table;
  const nlohmann::json rows = nlohmann::json::parse(in);
  for (const auto& [name, row] : rows.items()) {
    table[name] = {row.at("setting"), row.at("published"), row.at("source"), row.at("ours"),
                   row.at("reached")};
  }
  return table;
}

void save(const std::filesystem::path& file, const Table& table) {
  nlohmann::ordered_json out = nlohmann::ordered_json::object();
  for (const auto& [name, row] : table) {
    out[name] = {{"setting", row.setting},
                 {"published", row.published},
                 {"source", row.source},
                 {"ours", row.ours},
                 {"reached", row.reached}};
  }
  std::ofstream(file) << out.dump(1) << '\n';
}

std::string markdown(const Table& table) {
  std::size_t reached = 0;
  for (const auto& [name, row] : table) reached += row.reached ? 1U : 0U;
  std::ostringstream out;
  out << "# Published results, and ours\n\n"
         "One line a published number, reached or not. This page is written from results.json by "
         "the cases themselves:\n`FABTWIN_BLESS=1 ctest --preset test -R Case` runs them all "
         "and "
         "writes both; without it each case fails when it\nno longer gives what stands here. "
         "Intervals in brackets: half-widths at 95 % over replications.\n\n"
      << reached << " of " << table.size() << " reached.\n";
  std::string group;
  for (const auto& [name, row] : table) {
    const std::string mine = name.substr(0, name.find(Between));
    if (mine != group) {
      group = mine;
      out << "\n## " << group << "\n\n| case | setting | published | source | ours | reached? |\n"
          << "|---|---|---|---|---|---|\n";
    }
    out << "| " << name.substr(name.find(Between) + Between.size()) << " | " << row.setting << " | "
        << row.published << " | " << row.source << " | " << row.ours << " | "
        << (row.reached ? "yes" : "**no**") << " |\n";
  }
  return out.str();
}

bool blessing() {
  const char* given = std::getenv("FABTWIN_BLESS");
  return given != nullptr && std::string(given) == "1";
}

std::string complaint(const Table& recorded, const std::string& name, const Row& row) {
  const auto found = recorded.find(name);
  if (found == recorded.end())
    return "'" + name +
           "' stands not in cases/results.json (FABTWIN_BLESS=1 writes it); ours: " + row.ours;
  if (found->second == row) return {};
  return "'" + name +
         "' differs from cases/results.json (FABTWIN_BLESS=1 renews it)\n  recorded: " +
         found->second.ours + (found->second.reached ? ", reached" : ", not reached") +
         "\n  now:      " + row.ours + (row.reached ? ", reached" : ", not reached") +
         "\n  published: " + row.published;
}

void publish(const std::string& name, const Row& row) {
  if (!blessing()) {
    EXPECT_EQ(complaint(load(Results), name, row), "");
    return;
  }
  const Lock lock;
  Table table = load(Results);
  table[name] = row;
  save(Results, table);
  std::ofstream("cases/README.md") << markdown(table);
}

}  // namespace cases
