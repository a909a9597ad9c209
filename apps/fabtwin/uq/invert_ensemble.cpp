// [invert] method = "eki", "eks": a quick answer from an ensemble that runs side by side, exact for linear models.
#include <fmt/format.h>

#include "apps/fabtwin/uq/inversion.hpp"
#include "twin/infer/sample/diagnostics.hpp"
#include "twin/infer/sample/ensemble_inversion.hpp"
#include "twin/infer/sample/posterior.hpp"

namespace apps::fabtwin::uq {
namespace {

struct EnsembleAsked final : InvertAsked {
  using InvertAsked::InvertAsked;
  std::size_t members = 100, draws = 20;
  std::uint64_t seed = 1;
  bool sampler = false;

  [[nodiscard]] Answer carry_out(const Work& work) const override {
    Answer answer = sampler ? sample(work) : invert(work);
    answer.warnings.emplace_back(
        "an ensemble's answer is the posterior for linear models alone (temper or dram for "
        "others, where runs allow it)");
    return answer;
  }

 private:
  // In standard normals of the prior, so that any law will do.
  [[nodiscard]] twin::infer::InverseProblem problem(const Work& work) const {
    return {.dimensions = unknowns_.size(),
            .y = measured_.values,
            .noise = measured_.errors,
            .forward = [laws = laws(), g_of = forward(work)](std::span<const double> z,
                                                             std::span<double> g) {
              std::vector<double> x;
              for (std::size_t k = 0; k < z.size(); k += laws.size()) {
                const auto point = twin::infer::from_normals(laws, z.subspan(k, laws.size()));
                x.insert(x.end(), point.begin(), point.end());
              }
              g_of(x, g);
            }};
  }

  [[nodiscard]] std::vector<double> start() const {
    const std::vector<twin::infer::Prior> normals(unknowns_.size(),
                                                  twin::infer::Prior::normal(0.0, 1.0));
    return twin::infer::draws_of(normals, members, seed);
  }

  [[nodiscard]] Answer invert(const Work& work) const {
    work.expect(members * 10);
    const auto found =
        twin::infer::ensemble_kalman_inversion(problem(work), {.members = start(), .seed = seed});
    const auto all = laws();
    Draws told(unknowns_);
    for (std::size_t k = 0; k < members; ++k)
      told.add(twin::infer::from_normals(
          all, std::span(found.x).subspan(k * found.dimensions, found.dimensions)));
    Answer answer;
    answer.json = {{"method", "eki"},
                   {"steps", found.times.size()},
                   {"misfits", found.misfits},
                   {"evaluations", found.evaluations},
                   {"failed", found.failed}};
    tell(told,
         {.title = "What the data say",
          .note = fmt::format("Ensemble Kalman inversion: {} members in {} steps, {} runs", members,
                              found.times.size(), found.evaluations),
          .head = Head},
         answer);
    if (!found.arrived)
      answer.warnings.emplace_back(
          "its steps ended before the data counted in full (is the model far off?)");
    return answer;
  }

  [[nodiscard]] Answer sample(const Work& work) const {
    twin::infer::InverseProblem p = problem(work);
    p.centre.assign(p.dimensions, 0.0);
    p.deviation.assign(p.dimensions, 1.0);
    work.expect(members * draws * 3);
    const auto c = twin::infer::affine_invariant_langevin(
        p, {.members = start(), .draws = draws, .seed = seed});
    const auto all = laws();
    Draws told(unknowns_);
    for (const auto& chain : c.x)
      for (std::size_t k = 0; k < c.draws; ++k)
        told.add(twin::infer::from_normals(
            all, std::span(chain).subspan(k * c.dimensions, c.dimensions)));
    Answer answer;
    answer.json = {{"method", "eks"}, {"evaluations", c.evaluations}, {"failed", c.failed}};
    tell(told,
         {.title = "What the data say",
          .note = fmt::format(
              "Ensemble Kalman sampler (affine invariant Langevin): {} members, {} draws of each, "
              "{} runs",
              members, draws, c.evaluations),
          .head = Head},
         answer);
    return answer;
  }
};

}  // namespace

std::unique_ptr<Asked> read_ensemble(twin::sheet::Sheet& table, const Study& study,
                                     const std::string& method, Measured measured) {
  if (measured.discrepancy)
    table.refuse(
        "discrepancy",
        fmt::format("[invert]: {} knows no discrepancy (temper, dram and metropolis do)", method));
  auto asked = std::make_unique<EnsembleAsked>(std::move(measured), study);
  const std::size_t inputs = study.inputs.size();
  asked->sampler = method == "eks";
  asked->seed = study.seed;
  asked->members = static_cast<std::size_t>(
      table.integer("members", {.least = 2.0, .most = 1e6},
                    static_cast<std::int64_t>(std::max<std::size_t>(100, 2 * inputs + 2))));
  if (asked->sampler)
    asked->draws =
        static_cast<std::size_t>(table.integer("draws", {.least = 2.0, .most = 1e6}, 20));
  if (asked->sampler && asked->members < inputs + 2)
    table.refuse("members",
                 fmt::format("[invert]: members = {} (two more than inputs at least: {})",
                             asked->members, inputs + 2));
  return asked;
}

}  // namespace apps::fabtwin::uq
