#include "apps/fabtwin/vvuq_page.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <optional>
#include <vector>

#include "apps/fabtwin/vvuq_plots.hpp"
#include "twins/fab/report/style.hpp"
#include "twins/fab/report/text.hpp"

namespace apps::fabtwin {
namespace {

using twin::score::vvuq::Outcome;
using twin::score::vvuq::QuantityReport;
using twin::score::vvuq::Verdict;
using twin::score::vvuq::VvuqReport;
using twins::fab::report::escaped;

// clang-format off
constexpr std::string_view Style = R"css(
.chip{display:inline-block;border-radius:9px;padding:1px 9px;font-size:12px;font-weight:600;white-space:nowrap;
border:1px solid currentColor}
.chip.fit{color:var(--good)}.chip.notfit{color:var(--bad)}.chip.open{color:var(--soft)}
:root{--good:#00704f;--bad:#b34700}
@media screen and (prefers-color-scheme:dark){:root{--good:#3ccf9d;--bad:#ff8a4c}}
.came{fill:var(--ink)}.came.out,.out{fill:var(--vermilion)}.residual{fill:var(--ink);fill-opacity:.65}
.pits{display:grid;grid-template-columns:repeat(auto-fill,minmax(230px,1fr));gap:14px 22px}
.pits h3{font-weight:600;font-size:13px}
.tiles.six{grid-template-columns:repeat(6,1fr)}
td.why{white-space:normal;text-align:left;color:var(--soft);min-width:150px}
table.verdicts .chip{font-size:11px;padding:0 7px}table.verdicts tbody th{white-space:normal}
td.words,th.words{white-space:normal;text-align:left}
ul.plain{margin:0;padding-left:18px;font-size:13px}
@media (max-width:1199px){.tiles.six{grid-template-columns:repeat(3,1fr)}}
@media (max-width:640px){.tiles.six{grid-template-columns:1fr 1fr}}
)css";
// clang-format on

bool is_area(const QuantityReport& q) { return q.name.starts_with("WIP of "); }

const char* chip_of(Verdict v) {
  return v == Verdict::Fit ? "fit" : v == Verdict::NotFit ? "notfit" : "open";
}

// Four digits, whatever the size; a dash for what is no number.
std::string number_vvuq_page(double value, int digits = 4) {
  if (!std::isfinite(value)) return "–";
  std::string s = fmt::format("{:.{}g}", value, digits);
  if (s.find('e') != std::string::npos && std::abs(value) < 1e7) s = fmt::format("{:.0f}", value);
  if (s.starts_with('-')) s = "−" + s.substr(1);
  return s;
}

std::string number_vvuq_page(const std::optional<double>& value, int digits = 4) {
  return value ? number_vvuq_page(*value, digits) : "not assessed";
}

class VvuqPageRows {
 public:
  explicit VvuqPageRows(const std::vector<std::string>& head, const char* style = "") {
    text_ = fmt::format("<div class=\"scroll\"><table class=\"{}\">\n<thead><tr>", style);
    for (const std::string& h : head) {
      const bool words = h.starts_with('*');
      text_ += fmt::format("<th{}>{}</th>", words ? " class=\"words\"" : "",
                           escaped(words ? h.substr(1) : h));
    }
    text_ += "</tr></thead>\n<tbody>\n";
  }
  // Cells are HTML; one that begins with '*' holds words.
  void add(const std::vector<std::string>& cells) {
    text_ += "<tr>";
    for (std::size_t k = 0; k < cells.size(); ++k) {
      const bool words = cells[k].starts_with('*');
      text_ += fmt::format("<{0}{1}>{2}</{0}>", k == 0 ? "th" : "td", words ? " class=\"why\"" : "",
                           words ? cells[k].substr(1) : cells[k]);
    }
    text_ += "</tr>\n";
  }
  std::string done() { return text_ + "</tbody></table></div>\n"; }

 private:
  std::string text_;
};

std::string card(const std::string& title, const std::string& note, const std::string& body,
                 bool full = false) {
  if (body.empty()) return {};
  std::string out =
      fmt::format("<div class=\"card{}\">\n<h3>{}</h3>\n", full ? " full" : "", escaped(title));
  if (!note.empty()) out += fmt::format("<p class=\"note\">{}</p>\n", escaped(note));
  return out + body + "</div>\n";
}

std::string section(const char* title, const std::string& cards) {
  if (cards.empty()) return {};
  return fmt::format("<section>\n<h2>{}</h2>\n<div class=\"cards\">\n{}</div>\n</section>\n", title,
                     cards);
}

std::string list_vvuq_page(const std::vector<std::string>& lines) {
  if (lines.empty()) return {};
  std::string out = "<ul class=\"plain\">\n";
  for (const std::string& line : lines) out += "<li>" + escaped(line) + "</li>\n";
  return out + "</ul>\n";
}

std::string facts(const VvuqReport& r) {
  std::string out = "<dl class=\"facts\">\n";
  const auto add = [&](const char* name, const std::string& value) {
    if (!value.empty())
      out += fmt::format("<div><dt>{}</dt><dd>{}</dd></div>\n", name, escaped(value));
  };
  add("Model", r.identity.model);
  add("Reality", r.identity.data);
  add("Period", r.identity.period);
  add("Seed", std::to_string(r.identity.seed));
  add("Configuration", r.identity.configuration);
  add("Environment", r.identity.environment);
  return out + "</dl>\n";
}

std::string tiles(const VvuqReport& r) {
  std::size_t fit = 0, unfit = 0, open = 0, due = 0, passed = 0, outside = 0;
  for (const QuantityReport& q : r.quantities)
    ++(q.verdict == Verdict::Fit ? fit : q.verdict == Verdict::NotFit ? unfit : open);
  for (const auto& m : r.monitors) due += m.due;
  for (const auto& c : r.code_verification) passed += c.passed;
  for (const auto& d : r.domain) outside += d.outside;
  const auto tile = [](const std::string& name, const std::string& value, const char* below) {
    return fmt::format("<div class=\"tile\"><b>{}</b><strong>{}</strong><span>{}</span></div>\n",
                       name, value, below);
  };
  return "<div class=\"tiles six\">\n" +
         tile("Fit", std::to_string(fit), "quantities and horizons that keep every limit") +
         tile("Not fit", std::to_string(unfit), "that miss one") +
         tile("Not enough evidence", std::to_string(open), "to tell, with 95 % confidence") +
         tile("Validate again", std::to_string(due),
              fmt::format("of {} monitors ring", r.monitors.size()).c_str()) +
         tile("Checks passed", fmt::format("{} of {}", passed, r.code_verification.size()),
              "of the program, against exact results") +
         tile("Outside", std::to_string(outside),
              fmt::format("of {} inputs: beyond what was validated", r.domain.size()).c_str()) +
         "</div>\n";
}

std::string why(const QuantityReport& q) {
  if (q.occasions == 0) return "nothing came to compare with";
  if (q.effective < q.acceptance.least_effective)
    return fmt::format("{:.1f} independent occasions, {:g} needed", q.effective,
                       q.acceptance.least_effective);
  std::string out;
  for (const auto& c : q.criteria) {
    if (c.outcome == Outcome::Met) continue;
    if (!out.empty()) out += "; ";
    out +=
        fmt::format("{} {} ({} to {}) {}", c.measure, number_vvuq_page(c.value, 2),
                    number_vvuq_page(c.low, 2), number_vvuq_page(c.high, 2), to_string(c.outcome));
  }
  return out;
}

std::string skill_of(const QuantityReport& q, const std::string& name) {
  for (const auto& s : q.references)
    if (s.name == name)
      return fmt::format("{} ± {}", number_vvuq_page(s.skill, 2),
                         number_vvuq_page(s.skill_error, 1));
  return "–";
}

std::string verdicts(const VvuqReport& r) {
  bool nominal = false;
  for (const QuantityReport& q : r.quantities)
    for (const auto& s : q.references) nominal = nominal || s.name == "nominal theta";
  std::vector<std::string> head = {
      "Quantity", r.time_unit + "s", "Verdict",         "n (eff.)", "Mean", "Bias",
      "CRPS",     "if right",        "Skill: persist.", "climate"};
  if (nominal) head.emplace_back("nominal");
  for (const char* h : {"Coverage %", "Spread/skill", "*Limits not met"}) head.emplace_back(h);
  VvuqPageRows rows(head, "dense verdicts");
  for (const QuantityReport& q : r.quantities) {
    std::vector<std::string> cells = {
        escaped(q.name + (q.unit == "share" ? "" : " [" + q.unit + "]")),
        number_vvuq_page(q.horizon),
        fmt::format("<span class=\"chip {}\">{}</span>", chip_of(q.verdict),
                    q.verdict == Verdict::NotEnoughEvidence ? std::string_view("open")
                                                            : to_string(q.verdict)),
        fmt::format("{} ({:.0f})", q.occasions, q.effective),
        number_vvuq_page(q.mean_came),
        number_vvuq_page(q.bias, 2) + " ± " + number_vvuq_page(q.bias_error, 1),
        number_vvuq_page(q.crps, 3),
        number_vvuq_page(q.crps_expected, 3),
        skill_of(q, "persistence"),
        skill_of(q, "climatology")};
    if (nominal) cells.push_back(skill_of(q, "nominal theta"));
    cells.push_back(fmt::format("{:.0f} ({:.0f}–{:.0f})", 100.0 * q.coverage,
                                100.0 * q.coverage_low, 100.0 * q.coverage_high));
    cells.push_back(q.spread_skill ? number_vvuq_page(*q.spread_skill, 2) : "–");
    cells.push_back("*" + escaped(why(q)));
    rows.add(cells);
  }
  return section(
      "Verdicts",
      card("Quantities of interest",
           "Verdicts follow from limits and 95 % intervals alone. Fit: every limit is kept by the "
           "whole interval (calibration: by the value). Not fit: one is missed by the whole "
           "interval. Open: not enough evidence. In brackets: occasions that count as independent. "
           "Skill: 1 − CRPS over that of "
           "the simple forecast.",
           rows.done(), true));
}

std::vector<const QuantityReport*> headline(const VvuqReport& r) {
  std::vector<const QuantityReport*> all;
  for (const QuantityReport& q : r.quantities)
    if (!is_area(q) && q.occasions != 0) all.push_back(&q);
  return all;
}

std::string forecasts(const VvuqReport& r) {
  std::string cards;
  std::vector<double> horizons;
  for (const QuantityReport& q : r.quantities)
    if (std::find(horizons.begin(), horizons.end(), q.horizon) == horizons.end())
      horizons.push_back(q.horizon);
  if (horizons.empty()) return {};
  const double shown = horizons[horizons.size() / 2];
  for (const QuantityReport* q : headline(r)) {
    if (q->horizon != shown || q->name == "Completion of lots") continue;
    cards += card(fmt::format("{}, {:g} {}s ahead", q->name, q->horizon, r.time_unit),
                  "Line: median; bands: 50 and 90 %; dots: what came, red outside the 90 % band.",
                  fan_plot(*q, r.time_unit));
  }
  return section("Forecasts and what came", cards);
}

std::string calibration(const VvuqReport& r) {
  const auto all = headline(r);
  std::string cards =
      card("Coverage",
           "Dot: share of what came inside the interval; band: where the true share lies with 95 % "
           "confidence; dashed: what the interval promises.",
           coverage_plot(all, r.time_unit), true);
  std::string pits;
  for (const QuantityReport* q : all) {
    const std::string plot = pit_plot(*q);
    if (!plot.empty())
      pits += fmt::format("<div><h3>{}, {:g} {}</h3>{}<p class=\"note\">p = {}</p></div>\n",
                          escaped(q->name), q->horizon, r.time_unit, plot,
                          number_vvuq_page(q->flatness_p, 2));
  }
  if (!pits.empty())
    cards += card("Where reality fell in the forecasts (PIT)",
                  "Flat if calibrated; a bowl: forecasts too sure; a dome: too wide; a slope: "
                  "biased. Dashed: the "
                  "level of a right forecast. p: of such a histogram or a stranger one.",
                  "<div class=\"pits\">\n" + pits + "</div>\n", true);
  return section("Calibration", cards);
}

std::string monitors(const VvuqReport& r) {
  std::string cards;
  for (const auto& m : r.monitors) {
    std::string note =
        fmt::format("{} forecasts, {} without reality. A right twin rings once in {:g}.", m.seen,
                    m.missing, m.false_alarm_every);
    for (const std::string& reason : m.reasons) note += " " + reason + ".";
    cards += card(m.quantity + (m.due ? ": validate again" : ""), note, monitor_plot(m));
  }
  return section("Monitors",
                 cards.empty()
                     ? cards
                     : cards +
                           "<p class=\"note\">Dots: standardised residuals. Lines: "
                           "CUSUM of the mean (bold) and of the spread (thin), up above zero, "
                           "down below; dashed: thresholds.</p>\n");
}

std::string verification(const VvuqReport& r) {
  VvuqPageRows checks({"Check", "*against", "value", "expected", "tolerance", "passed"});
  for (const auto& c : r.code_verification)
    checks.add({escaped(c.name), "*" + escaped(c.compared), number_vvuq_page(c.value, 10),
                number_vvuq_page(c.expected, 10), number_vvuq_page(c.tolerance, 2),
                fmt::format("<span class=\"chip {}\">{}</span>", c.passed ? "fit" : "notfit",
                            c.passed ? "yes" : "no")});
  VvuqPageRows errors({"Figure", "*method", "error", "value", "unit"});
  for (const auto& n : r.solution_verification)
    errors.add({escaped(n.figure), "*" + escaped(n.method), number_vvuq_page(n.error, 3),
                number_vvuq_page(n.value), escaped(n.unit)});
  return section("Verification",
                 card("Code", "Is the program right?",
                      r.code_verification.empty() ? "" : checks.done(), true) +
                     card("Solution", "How large is the numerical part of the errors?",
                          r.solution_verification.empty() ? "" : errors.done(), true));
}

std::string uncertainty(const VvuqReport& r) {
  VvuqPageRows split({"Quantity", "ahead", "chance", "parameters", "members", "model form"});
  const auto root = [](const std::optional<double>& v) {
    return v ? number_vvuq_page(std::sqrt(*v), 3) : std::string("not assessed");
  };
  bool any = false;
  for (const QuantityReport* q : headline(r)) {
    any = true;
    split.add({escaped(q->name + " [" + q->unit + "]"), number_vvuq_page(q->horizon),
               root(q->uncertainty.aleatory), root(q->uncertainty.epistemic),
               root(q->uncertainty.numerical), root(q->uncertainty.model_form)});
  }
  VvuqPageRows parameters({"Parameter", "nominal", "5 %", "median", "95 %", "contraction"});
  for (const auto& p : r.parameters)
    parameters.add({escaped(p.name), number_vvuq_page(p.nominal), number_vvuq_page(p.low),
                    number_vvuq_page(p.median), number_vvuq_page(p.high),
                    number_vvuq_page(p.contraction, 3)});
  return section("Uncertainty", card("Where it comes from",
                                     "Standard deviations: chance of the fab itself, parameters "
                                     "not known exactly, the number of "
                                     "members, and what none of these explains.",
                                     any ? split.done() : "", true) +
                                    card("Parameters", "Posterior against the data set's value.",
                                         r.parameters.empty() ? "" : parameters.done(), true));
}

std::string data_and_domain(const VvuqReport& r) {
  VvuqPageRows counts({"Events", "count"});
  for (const auto& c : r.data_quality) counts.add({escaped(c.what), std::to_string(c.count)});
  VvuqPageRows domain({"Input", "from", "to", "now", ""});
  for (const auto& d : r.domain)
    domain.add({escaped(d.input + " [" + d.unit + "]"), number_vvuq_page(d.low),
                number_vvuq_page(d.high), number_vvuq_page(d.now),
                d.outside ? "<span class=\"chip notfit\">outside</span>" : "inside"});
  return section("Data and domain", card("Data quality", "What became of the events.",
                                         r.data_quality.empty() ? "" : counts.done()) +
                                        card("Domain",
                                             "Where inputs stood while forecasts were judged, and "
                                             "now. Outside, the verdicts do not hold.",
                                             r.domain.empty() ? "" : domain.done()));
}

}  // namespace

std::string vvuq_page(const VvuqReport& r) {
  const std::string title = escaped(r.identity.twin);
  std::string out = "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n";
  out += "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n";
  out += fmt::format(
      "<title>VVUQ: {}</title>\n<style>{}{}</style>\n</head>\n<body>\n<main>\n<header>\n", title,
      twins::fab::report::Style, Style);
  out += fmt::format(
      "<p class=\"kind\">Verification, validation and uncertainty of a twin</p>\n<h1>{}</h1>\n",
      title);
  out += facts(r) + "</header>\n";
  out += fmt::format("<p class=\"lead\">{}. {}.</p>\n", escaped(r.use.purpose),
                     escaped(r.use.decisions));
  out += tiles(r) + verdicts(r) + forecasts(r) + calibration(r) + monitors(r) + verification(r) +
         uncertainty(r) + data_and_domain(r);
  out +=
      section("What is not known", card("Not assessed", "", list_vvuq_page(r.not_assessed)) +
                                       card("Limits of the model", "", list_vvuq_page(r.limits)));
  out += fmt::format(
      "<footer>Schema {}. Made by fabtwin, an open digital twin of chip making.</footer>\n",
      r.schema);
  return out + "</main>\n</body>\n</html>\n";
}

}  // namespace apps::fabtwin
