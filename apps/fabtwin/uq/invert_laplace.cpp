// [invert] method = "laplace": the most probable point, what the data identify, and a normal law about it.
#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "apps/fabtwin/uq/inversion.hpp"
#include "twin/core/error.hpp"
#include "twin/infer/sample/laplace.hpp"
#include "twin/infer/sample/posterior.hpp"

namespace apps::fabtwin::uq {
namespace {

struct LaplaceAsked final : InvertAsked {
  using InvertAsked::InvertAsked;
  std::uint64_t seed = 1;
  [[nodiscard]] bool needs_slopes() const override { return true; }

  [[nodiscard]] Answer carry_out(const Work& work) const override {
    constexpr std::size_t DrawsTold = 4'000;  // of the normal law; they cost nothing
    const auto all = laws();
    work.expect(200);
    const auto l = twin::infer::laplace(twin::infer::on_normals(all, likelihood_with_slopes(work)),
                                        {.seed = seed});
    if (!l.converged)
      throw twin::core::Error(
          "laplace: the search did not end at a most probable point (temper or nuts?)");
    const std::vector<twin::infer::Prior> normals(all.size(), twin::infer::Prior::normal(0.0, 1.0));
    const auto z = twin::infer::draws_of(normals, DrawsTold, seed);
    Draws told(unknowns_);
    for (std::size_t k = 0; k < DrawsTold; ++k)
      told.add(twin::infer::from_normals(
          all, l.point(std::span(z).subspan(k * all.size(), all.size()))));
    Answer answer;
    const auto mode = twin::infer::from_normals(all, l.mode);
    answer.json = {{"method", "laplace"},
                   {"log_evidence", l.log_evidence},
                   {"mode", mode},
                   {"curvature", l.curvature},
                   {"evaluations", l.evaluations}};
    std::vector<std::vector<std::string>> modes;
    for (const double v : mode) modes.push_back({in_words(v)});
    Part part{.title = "What the data say, by a normal law about the most probable point",
              .note = fmt::format("{} runs; log evidence {}; the data speak of {} directions of {}",
                                  l.evaluations, in_words(l.log_evidence), l.curvature.size(),
                                  all.size()),
              .head = Head};
    part.head.emplace_back("most probable");
    tell(told, std::move(part), answer, modes);
    answer.parts.push_back(directions(l, answer));
    answer.warnings.emplace_back(
        "a normal law about one point: other points and bent posteriors are not seen");
    return answer;
  }

  // What data identify: combinations of the inputs, and how much of each is known.
  [[nodiscard]] Part directions(const twin::infer::Laplace& l, Answer& answer) const {
    constexpr std::size_t Told = 8, Inputs = 4;
    Part part{.title = "What the data identify",
              .note =
                  "Directions in standard normals of the prior, those that are known best first; "
                  "the rest is left to the prior",
              .head = {"of the prior's variance taken", "mostly"}};
    const std::size_t d = unknowns_.size();
    for (std::size_t k = 0; k < std::min(Told, l.curvature.size()); ++k) {
      const auto way = std::span(l.direction).subspan(k * d, d);
      std::vector<double> size;
      for (const double v : way) size.push_back(std::abs(v));
      std::vector<std::string> words;
      for (const std::size_t i : falling(size)) {
        if (words.size() == Inputs || size[i] < 0.1) break;
        words.push_back(fmt::format("{:+.2f} {}", way[i], unknowns_[i].name));
      }
      const double taken = l.curvature[k] / (1.0 + l.curvature[k]);
      part.rows.push_back({in_words(taken), fmt::format("{}", fmt::join(words, ", "))});
      answer.json["directions"].push_back(
          {{"taken", taken}, {"direction", std::vector<double>(way.begin(), way.end())}});
    }
    return part;
  }
};

}  // namespace

std::unique_ptr<Asked> read_laplace(const Study& study, Measured measured) {
  auto asked = std::make_unique<LaplaceAsked>(std::move(measured), study);
  asked->seed = study.seed;
  return asked;
}

}  // namespace apps::fabtwin::uq
