#include "twins/fab/rules/qualification.hpp"

#include <algorithm>
#include <map>
#include <string>

#include "twin/core/error.hpp"
#include "twins/fab/rules/named.hpp"

namespace twins::fab {

namespace {

constexpr std::string_view Not = "not.", Only = "only.";

struct QualificationReading {
  const Layout& m;
  std::string_view whole;

  [[noreturn]] void wrong(const NamedValue& p, const std::string& why) const {
    throw twin::core::Error(std::string(p.name) + "=" + std::string(p.value) + " in rule '" +
                            std::string(whole) + "' (" + why + ")");
  }
  [[nodiscard]] std::uint32_t tool(const NamedValue& p) const {
    const std::string_view name = p.name.substr(p.name.find('.') + 1);
    if (const std::uint32_t t = tool_named(m, name); t != None) return t;
    wrong(p, "no tool of this name" + guess_tool(m, name));
  }
  // [step] 1: it is of that product, is that step, or needs that setup.
  [[nodiscard]] std::vector<std::uint8_t> steps(const NamedValue& p) const {
    std::vector<std::uint8_t> of(m.steps.size(), 0);
    const auto& d = m.description;
    if (const std::uint32_t product = index_named(d.products, p.value); product != None) {
      const RouteInfo& route = m.routes[d.products[product].route];
      std::fill_n(of.begin() + route.first_step, route.steps, std::uint8_t{1});
      return of;
    }
    if (const std::uint32_t setup = index_named(d.setups, p.value); setup != None) {
      for (std::uint32_t s = 0; s < of.size(); ++s) of[s] = m.steps[s].setup == setup;
      return of;
    }
    for (std::uint32_t s = 0; s < of.size(); ++s) {
      if (!same_name(m.step_name(s), p.value)) continue;
      of[s] = 1;
      return of;
    }
    wrong(p, "no product, step or setup of this name" + guess(d.products, p.value));
  }
};

void check_left(const Layout& m, const Qualification& q, std::string_view whole) {
  std::vector<std::uint8_t> left(m.steps.size(), 0);
  for (std::uint32_t t = 0; t < m.tools(); ++t)
    for (std::uint32_t s = 0; s < m.steps.size(); ++s)
      if (m.steps[s].group == m.tool_group[t] && q.allows(t, s)) left[s] = 1;
  for (std::uint32_t s = 0; s < m.steps.size(); ++s)
    if (left[s] == 0)
      throw twin::core::Error("step " + m.step_name(s) + " under rule '" + std::string(whole) +
                              "' (no tool of " + m.description.tool_groups[m.steps[s].group].name +
                              " is left that does it)");
}

// A batch is what stands in one line: a tool does all of it, or none.
void check_qualified_batches(const Layout& m, const Qualification& q, std::string_view whole) {
  for (std::uint32_t t = 0; t < m.tools(); ++t) {
    if (q.row[t] == None || !m.groups[m.tool_group[t]].batch) continue;
    std::map<std::uint32_t, bool> allowed;  // by line
    for (std::uint32_t s = 0; s < m.steps.size(); ++s) {
      if (m.steps[s].group != m.tool_group[t]) continue;
      const auto [at, fresh] = allowed.try_emplace(m.steps[s].line, q.allows(t, s));
      if (!fresh && at->second != q.allows(t, s))
        throw twin::core::Error("step " + m.step_name(s) + " under rule '" + std::string(whole) +
                                "' (its lots share batches with others that " + m.tool_name(t) +
                                " treats otherwise)");
    }
  }
}

}  // namespace

bool is_qualification_parameter(std::string_view name) {
  return name.starts_with(Not) || name.starts_with(Only);
}

std::optional<Qualification> qualification(const Layout& m, std::span<const NamedValue> parameters,
                                           std::string_view whole) {
  if (parameters.empty()) return std::nullopt;
  const QualificationReading reading{m, whole};
  Qualification q;
  q.row.assign(m.tools(), None);
  q.group.assign(m.groups.size(), 0);
  // All that a tool is for, by the parameters that say "only": together, not each in turn.
  std::map<std::uint32_t, std::vector<std::uint8_t>> only;
  const auto row_of = [&](std::uint32_t tool) -> std::vector<std::uint8_t>& {
    if (q.row[tool] == None) {
      q.row[tool] = static_cast<std::uint32_t>(q.forbidden.size());
      q.forbidden.emplace_back(m.steps.size(), std::uint8_t{0});
      q.group[m.tool_group[tool]] = 1;
    }
    return q.forbidden[q.row[tool]];
  };
  for (const NamedValue& p : parameters) {
    const std::uint32_t tool = reading.tool(p);
    const std::vector<std::uint8_t> steps = reading.steps(p);
    bool any = false;
    for (std::uint32_t s = 0; s < steps.size(); ++s)
      any = any || (steps[s] != 0 && m.steps[s].group == m.tool_group[tool]);
    if (!any) reading.wrong(p, "the tool's group does nothing of that");
    if (p.name.starts_with(Not)) {
      std::vector<std::uint8_t>& row = row_of(tool);
      for (std::uint32_t s = 0; s < steps.size(); ++s)
        if (steps[s] != 0) row[s] = 1;
    } else {
      std::vector<std::uint8_t>& all = only.try_emplace(tool, m.steps.size()).first->second;
      for (std::uint32_t s = 0; s < steps.size(); ++s)
        if (steps[s] != 0) all[s] = 1;
    }
  }
  for (const auto& [tool, steps] : only) {
    std::vector<std::uint8_t>& row = row_of(tool);
    for (std::uint32_t s = 0; s < steps.size(); ++s)
      if (steps[s] == 0) row[s] = 1;
  }
  check_left(m, q, whole);
  check_qualified_batches(m, q, whole);
  return q;
}

}  // namespace twins::fab
