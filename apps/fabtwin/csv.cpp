#include "apps/fabtwin/csv.hpp"

#include <fmt/format.h>

#include <type_traits>

#include "apps/fabtwin/figures.hpp"

namespace apps::fabtwin {
namespace {

using twins::fab::ClassKpi;
using twins::fab::Kpi;
using twins::fab::Layout;
using twins::fab::RunResult;
using twins::fab::WindowKpi;

template <class K>
std::vector<CsvColumn> with(std::vector<CsvColumn> columns, std::span<const Figure<K>> figures) {
  for (const Figure<K>& f : figures)
    columns.push_back(
        {fmt::format("{}{}", f.name, f.unit == "1" ? "" : fmt::format(" [{}]", f.unit)), f.text});
  return columns;
}

std::vector<CsvColumn> class_columns() {
  return with(
      {{"replication", "number of the replication"},
       {"class",
        "a stream of `order.txt`, the lots of a product at time zero, `regular "
        "lots` (lowest priority) or `all lots` of the streams"},
       {"product", "its product; blank for several"},
       {"priority", "its priority; blank for several"},
       {"in the fab at time zero", "yes: their age is unknown, so they have no cycle time"}},
      class_figures());
}

std::vector<CsvColumn> group_columns() {
  return with({{"replication", "number of the replication"},
               {"group", "tool group"},
               {"area", "its area"},
               {"tools", "how many it has"}},
              group_figures());
}

std::vector<CsvColumn> window_columns() {
  return with({{"replication", "number of the replication"},
               {"windows",
                "`litho`: those that end at a step of an area whose name begins with `Litho`; "
                "`others`; `all`"}},
              window_figures());
}

std::vector<CsvColumn> day_columns() {
  return {{"replication", "number of the replication"},
          {"day", "its end, counted from time zero, the warm-up too"},
          {"wip [lots]", "lots in the fab at its end"},
          {"released [lots]", "lots that entered the fab"},
          {"finished [lots]", "lots that left it complete"},
          {"lots with a cycle time", "those of them that were released in the run"},
          {"cycle time [day]", "their mean; blank where there are none"},
          {"moves [lot-steps]", "steps begun"}};
}

template <class K>
std::string cells(std::span<const Figure<K>> figures, const K& kpi) {
  std::string line;
  for (const Figure<K>& f : figures) {
    bool unknown = false;
    if constexpr (std::is_same_v<K, ClassKpi>) unknown = is_unknown(f, kpi);
    line += unknown ? "," : fmt::format(",{}", kpi.*f.value);
  }
  return line + "\n";
}

std::string classes(const Layout& layout, const RunResult& result) {
  std::string text = title_line(class_columns());
  for (const auto& r : result.replications) {
    for (std::size_t c = 0; c < r.kpi.classes.size(); ++c) {
      const auto& info = layout.classes[c];
      text += fmt::format("{},{},{},{},{}", r.member, csv_cell(info.name),
                          csv_cell(layout.description.products[info.product].name), info.priority,
                          info.initial ? "yes" : "no") +
              cells(class_figures(), r.kpi.classes[c]);
    }
    text += fmt::format("{},regular lots,,,no", r.member) + cells(class_figures(), r.kpi.regular);
    text += fmt::format("{},all lots,,,no", r.member) + cells(class_figures(), r.kpi.all);
  }
  return text;
}

std::string groups(const RunResult& result) {
  std::string text = title_line(group_columns());
  for (const auto& r : result.replications) {
    for (const auto& k : r.kpi.groups)
      text += fmt::format("{},{},{},{}", r.member, csv_cell(k.name), csv_cell(k.area), k.tools) +
              cells(group_figures(), k);
  }
  return text;
}

std::string windows(const RunResult& result) {
  std::string text = title_line(window_columns());
  for (const auto& r : result.replications) {
    text += fmt::format("{},litho", r.member) + cells(window_figures(), r.kpi.windows_litho);
    text += fmt::format("{},others", r.member) + cells(window_figures(), r.kpi.windows_rest);
    text += fmt::format("{},all", r.member) + cells(window_figures(), r.kpi.windows);
  }
  return text;
}

std::string days(const RunResult& result) {
  std::string text = title_line(day_columns());
  for (const auto& r : result.replications) {
    for (const auto& d : r.days) {
      const std::string cycle =
          d.cycle_lots > 0.0 ? fmt::format("{}", d.cycle_days / d.cycle_lots) : std::string();
      text += fmt::format("{},{},{},{},{},{},{},{}\n", r.member, d.day, d.wip, d.released,
                          d.finished, d.cycle_lots, cycle, d.moves);
    }
  }
  return text;
}

}  // namespace

std::string csv_cell(const std::string& text) {
  if (text.find_first_of(",\"\r\n") == std::string::npos) return text;
  std::string quoted = "\"";
  for (const char c : text) quoted += c == '"' ? std::string("\"\"") : std::string(1, c);
  return quoted + "\"";
}

std::string title_line(const std::vector<CsvColumn>& columns) {
  std::string line;
  for (const CsvColumn& c : columns) line += (line.empty() ? "" : ",") + c.title;
  return line + "\n";
}

std::vector<CsvSheet> csv_sheets() {
  return {{"classes.csv", "one row a replication and class of lots", class_columns()},
          {"groups.csv", "one row a replication and tool group", group_columns()},
          {"windows.csv", "one row a replication and kind of queue-time window", window_columns()},
          {"days.csv", "one row a replication and day", day_columns()}};
}

std::map<std::string, std::string> csv_files(const Layout& layout, const RunResult& result) {
  return {{"classes.csv", classes(layout, result)},
          {"groups.csv", groups(result)},
          {"windows.csv", windows(result)},
          {"days.csv", days(result)}};
}

}  // namespace apps::fabtwin
