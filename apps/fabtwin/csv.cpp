#include "apps/fabtwin/csv.hpp"

#include <fmt/format.h>

#include "apps/fabtwin/figures.hpp"

namespace apps::fabtwin {
namespace {

using twins::fab::ClassKpi;
using twins::fab::Kpi;
using twins::fab::Layout;
using twins::fab::RunResult;
using twins::fab::WindowKpi;

template <class K>
std::string titles(const std::string& keys, std::span<const Figure<K>> figures) {
  std::string line = keys;
  for (const Figure<K>& f : figures)
    line += fmt::format(",{}{}", f.name, f.unit == "1" ? "" : fmt::format(" [{}]", f.unit));
  return line + "\n";
}

template <class K>
std::string cells(std::span<const Figure<K>> figures, const K& kpi, double finished = 1.0) {
  std::string line;
  for (const Figure<K>& f : figures) {
    const bool unknown = f.basis == Basis::Lots && finished <= 0.0;
    line += unknown ? "," : fmt::format(",{}", kpi.*f.value);
  }
  return line + "\n";
}

std::string classes(const Layout& layout, const RunResult& result) {
  std::string text =
      titles("replication,class,product,priority,in the fab at time zero", class_figures());
  for (const auto& r : result.replications) {
    for (std::size_t c = 0; c < r.kpi.classes.size(); ++c) {
      const auto& info = layout.classes[c];
      text += fmt::format("{},{},{},{},{}", r.member, csv_cell(info.name),
                          csv_cell(layout.description.products[info.product].name), info.priority,
                          info.initial ? "yes" : "no") +
              cells(class_figures(), r.kpi.classes[c], r.kpi.classes[c].finished);
    }
    text += fmt::format("{},regular lots,,,no", r.member) +
            cells(class_figures(), r.kpi.regular, r.kpi.regular.finished);
    text += fmt::format("{},all lots,,,no", r.member) +
            cells(class_figures(), r.kpi.all, r.kpi.all.finished);
  }
  return text;
}

std::string groups(const RunResult& result) {
  std::string text = titles("replication,group,area,tools", group_figures());
  for (const auto& r : result.replications) {
    for (const auto& k : r.kpi.groups)
      text += fmt::format("{},{},{},{}", r.member, csv_cell(k.name), csv_cell(k.area), k.tools) +
              cells(group_figures(), k);
  }
  return text;
}

std::string windows(const RunResult& result) {
  std::string text = titles("replication,windows", window_figures());
  for (const auto& r : result.replications) {
    text += fmt::format("{},litho", r.member) + cells(window_figures(), r.kpi.windows_litho);
    text += fmt::format("{},others", r.member) + cells(window_figures(), r.kpi.windows_rest);
    text += fmt::format("{},all", r.member) + cells(window_figures(), r.kpi.windows);
  }
  return text;
}

std::string days(const RunResult& result) {
  std::string text =
      "replication,day,wip [lots],released [lots],finished [lots],lots with a cycle time,"
      "cycle time [day],moves [lot-steps]\n";
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

std::map<std::string, std::string> csv_files(const Layout& layout, const RunResult& result) {
  return {{"classes.csv", classes(layout, result)},
          {"groups.csv", groups(result)},
          {"windows.csv", windows(result)},
          {"days.csv", days(result)}};
}

}  // namespace apps::fabtwin
