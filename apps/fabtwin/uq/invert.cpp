// [invert]: what measured outputs say of the inputs, by tempering or chains.
#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "apps/fabtwin/uq/inversion.hpp"
#include "twin/infer/sample/metropolis.hpp"
#include "twin/infer/sample/nuts.hpp"
#include "twin/infer/sample/posterior.hpp"
#include "twin/infer/sample/tempering.hpp"

namespace apps::fabtwin::uq {
namespace {

struct TemperAsked final : InvertAsked {
  using InvertAsked::InvertAsked;
  twin::infer::TemperingOptions options;

  [[nodiscard]] Answer carry_out(const Work& work) const override {
    const auto laws = this->laws();
    work.expect(options.particles * (1 + options.moves * 10));
    const auto t = twin::infer::temper(twin::infer::on_normals(laws, likelihood(work)), options);
    Draws draws(unknowns_);
    for (std::size_t k = 0; k < options.particles; ++k)
      draws.add(
          twin::infer::from_normals(laws, std::span(t.x).subspan(k * t.dimensions, t.dimensions)));
    Answer answer;
    answer.json = {{"method", "temper"},           {"log_evidence", t.log_evidence},
                   {"powers", t.powers},           {"accepted", t.accepted},
                   {"evaluations", t.evaluations}, {"failed", t.failed}};
    tell(draws,
         {.title = "What the data say",
          .note = fmt::format("Tempering: {} particles in {} steps, {} runs, log evidence {}",
                              options.particles, t.powers.size(), t.evaluations,
                              in_words(t.log_evidence)),
          .head = Head},
         answer);
    tell_discrepancy(work, draws, answer);
    if (!t.arrived())
      answer.warnings.emplace_back(
          "the last power is below 1: the data are not used in full (more levels?)");
    if (!t.accepted.empty() && t.accepted.back() < 0.05)
      answer.warnings.push_back(
          fmt::format("only {:.1f} % of the last moves were accepted (more moves or particles?)",
                      100 * t.accepted.back()));
    return answer;
  }
};

// Chains in coordinates without bounds.
struct ChainsAsked : InvertAsked {
  using InvertAsked::InvertAsked;
  std::size_t chains = 4;
  std::string method;
  [[nodiscard]] const Measured& measured() const { return measured_; }

 protected:
  [[nodiscard]] std::vector<std::vector<double>> starts(std::uint64_t seed) const {
    const auto laws = this->laws();
    const auto drawn = twin::infer::draws_of(laws, chains, seed);
    std::vector<std::vector<double>> all;
    for (std::size_t c = 0; c < chains; ++c)
      all.push_back(
          twin::infer::to_line(laws, std::span(drawn).subspan(c * laws.size(), laws.size())));
    return all;
  }

  [[nodiscard]] Answer answer_of(const Work& work, const twin::infer::Chains& c) const {
    const auto laws = this->laws();
    const std::size_t d = laws.size();
    Draws all(unknowns_);
    for (std::size_t chain = 0; chain < chains; ++chain)
      for (std::size_t k = 0; k < c.draws; ++k)
        all.add(twin::infer::from_line(laws, std::span(c.x[chain]).subspan(k * d, d)));
    Answer answer;
    double accepted = 0.0;
    for (const double a : c.accepted) accepted += a / static_cast<double>(chains);
    Part part{.title = "What the data say",
              .note = fmt::format("{} chains of {} draws, {} runs, {:.0f} % of moves accepted; "
                                  "R-hat near 1: the chains agree; ESS: draws that count",
                                  chains, c.draws, c.evaluations, 100 * accepted),
              .head = Head};
    for (const char* h : {"R-hat", "ESS", "error of mean"}) part.head.emplace_back(h);
    answer.json = {{"method", method},
                   {"accepted", accepted},
                   {"evaluations", c.evaluations},
                   {"failed", c.failed}};
    if (c.divergences > 0) {
      answer.json["divergences"] = c.divergences;
      answer.warnings.push_back(
          fmt::format("{} paths left the energy: some of the posterior may not be seen (another "
                      "method: temper?)",
                      c.divergences));
    }
    std::vector<std::vector<std::string>> extra;
    std::vector<nlohmann::ordered_json> diagnosed;
    for (std::size_t i = 0; i < d; ++i) {
      const auto g = twin::infer::diagnose(
          c.of([&](std::span<const double> v) { return laws[i].from_line(v[i]).x; }));
      extra.push_back({fmt::format("{:.3f}", g.split_r_hat), fmt::format("{:.0f}", g.bulk_ess),
                       in_words(g.mean_error)});
      diagnosed.push_back({{"r_hat", g.split_r_hat},
                           {"bulk_ess", g.bulk_ess},
                           {"tail_ess", g.tail_ess},
                           {"mean_error", g.mean_error}});
      if (!(g.split_r_hat <= 1.01) || g.bulk_ess < 100.0 * static_cast<double>(chains))
        answer.warnings.push_back(
            fmt::format("{}: R-hat {:.3f}, ESS {:.0f} (1.01 and {} are wanted: longer chains?)",
                        unknowns_[i].name, g.split_r_hat, g.bulk_ess, 100 * chains));
    }
    tell(all, std::move(part), answer, extra);
    for (std::size_t i = 0; i < d; ++i) answer.json["inputs"][i].update(diagnosed[i]);
    tell_discrepancy(work, all, answer);
    return answer;
  }
};

struct MetropolisAsked final : ChainsAsked {
  using ChainsAsked::ChainsAsked;
  twin::infer::MetropolisOptions options;
  std::vector<CheapOutput> cheap = {};  // asked first [measured]; none: the model alone
  double widen = 1.0;

  [[nodiscard]] Answer carry_out(const Work& work) const override {
    work.expect(chains * (options.warmup + options.draws * options.thin));
    twin::infer::MetropolisOptions o = options;
    o.starts = starts(options.seed);
    const twin::infer::Target target = twin::infer::posterior(laws(), likelihood(work));
    if (cheap.empty()) return answer_of(work, twin::infer::metropolis(target, o));
    o.surrogate =
        twin::infer::posterior(laws(), likelihood(work, cheap_forward(work, cheap), widen));
    const auto c = twin::infer::metropolis(target, o);
    Answer answer = answer_of(work, c);
    // What the target was asked of what the cheaper models were.
    const double share = static_cast<double>(c.evaluations) /
                         static_cast<double>(chains * (1 + o.warmup + o.draws * o.thin));
    answer.json["asked_of_the_model"] = share;
    answer.parts.front().note +=
        fmt::format("; cheaper models let {:.0f} % of moves through to the model", 100 * share);
    double accepted = 0.0;
    for (const double a : c.accepted) accepted += a / static_cast<double>(chains);
    if (accepted < 0.5 * share)
      answer.warnings.push_back(fmt::format(
          "the model refuses {:.0f} % of what the cheaper models let through: they are far from it "
          "(widen = {:g}?)",
          100 * (1.0 - accepted / share), 2 * widen));
    return answer;
  }
};

// Chains are run side by side, as each asks for one point at a time.
struct NutsAsked final : ChainsAsked {
  using ChainsAsked::ChainsAsked;
  twin::infer::NutsOptions options;
  [[nodiscard]] bool needs_slopes() const override { return true; }

  [[nodiscard]] Answer carry_out(const Work& work) const override {
    constexpr std::size_t UsualPath = 10;
    work.expect(2 * chains * (options.warmup + options.draws) * UsualPath);
    twin::infer::NutsOptions o = options;
    o.starts = starts(options.seed);
    o.threads = work.threads;
    return answer_of(
        work, twin::infer::nuts(twin::infer::posterior(laws(), likelihood_with_slopes(work)), o));
  }
};

}  // namespace

std::unique_ptr<Asked> read_invert(twin::sheet::Sheet& table, const Study& study) {
  const std::array<std::string, 8> methods = {"temper", "dram", "metropolis", "delayed-acceptance",
                                              "nuts",   "eki",  "eks",        "laplace"};
  const std::string method = table.choice("method", methods, "temper");
  Measured measured = read_measured(table, study);
  if (method == "eki" || method == "eks")
    return read_ensemble(table, study, method, std::move(measured));
  const auto whole = [&](const char* key, double least, double most, std::int64_t standard) {
    return static_cast<std::size_t>(table.integer(key, {.least = least, .most = most}, standard));
  };
  if (method == "temper") {
    auto asked = std::make_unique<TemperAsked>(std::move(measured), study);
    asked->options = {.particles = whole("particles", 10, 1e7, 1'000),
                      .moves = whole("moves", 1, 1e4, 10),
                      .levels = whole("levels", 1, 1e4, 200),
                      .seed = study.seed};
    return asked;
  }
  if (method == "nuts" || method == "laplace") check_slopes(table, study, method, measured);
  if (method == "laplace") return read_laplace(study, std::move(measured));
  if (method == "nuts") {
    auto asked = std::make_unique<NutsAsked>(std::move(measured), study);
    asked->method = method;
    asked->chains = whole("chains", 2, 1'000, 4);
    asked->options = {.warmup = whole("warmup", 1, 1e9, 1'000),
                      .draws = whole("draws", 8, 1e9, 1'000),
                      .acceptance = table.number("acceptance", {.least = 0.1, .most = 0.999}, 0.8),
                      .seed = study.seed};
    return asked;
  }
  auto asked = std::make_unique<MetropolisAsked>(std::move(measured), study);
  asked->method = method;
  asked->chains = whole("chains", 2, 1'000, 4);
  asked->options = {.warmup = whole("warmup", 1, 1e9, 1'000),
                    .draws = whole("draws", 8, 1e9, 1'000),
                    .thin = whole("thin", 1, 1e6, 1),
                    .second_try = method == "dram",
                    .seed = study.seed};
  if (method == "delayed-acceptance") {
    asked->cheap = cheap_outputs(table, study, asked->measured());
    asked->widen = table.number("widen", {.least = 1.0, .most = 1e6}, 1.0);
  }
  return asked;
}

}  // namespace apps::fabtwin::uq
