// What the ways of [invert] share: what was measured, how the model is asked, and what is told of the draws.
#pragma once
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "apps/fabtwin/uq/study.hpp"
#include "twin/infer/emulate/covariance_kernel.hpp"
#include "twin/infer/sample/target.hpp"

namespace apps::fabtwin::uq {

// [invert.discrepancy]: what the model leaves unsaid, as a normal process over the places of what was measured.
struct DiscrepancyAsked {
  std::size_t coordinates = 1;
  std::vector<double> places = {};  // [measured][coordinate]
  twin::infer::CovarianceKernel kernel = twin::infer::CovarianceKernel::Matern52;
  double amplitude = 1.0;  // scale of its half-normal prior [unit of the outputs]
  double length = 1.0;     // median of its lognormal prior [unit of the places]
};

struct Measured {
  std::vector<std::size_t> outputs = {};
  std::vector<double> values = {}, errors = {};  // [measured]
  std::optional<DiscrepancyAsked> discrepancy = {};
};

// An output of a cheaper model.
struct CheapOutput {
  std::size_t model = 0, output = 0;
};

// Draws of the posterior: values, and as standard normals of the prior [unknown][draw].
struct Draws {
  explicit Draws(const std::vector<Input>& unknowns)
      : of(unknowns), x(unknowns.size()), z(unknowns.size()) {}
  void add(const std::vector<double>& at);
  [[nodiscard]] std::size_t count() const { return x.front().size(); }

  const std::vector<Input>& of;
  std::vector<std::vector<double>> x, z;
};

// How a way of [invert] answers: the inputs, and what a discrepancy brings along, are its unknowns.
class InvertAsked : public Asked {
 public:
  InvertAsked(Measured measured, const Study& study);

 protected:
  // The model at many inputs at once: x [point][input] -> g [point][measured]. Not a number where a run failed or x
  // is none.
  using Forward = std::function<void(std::span<const double> x, std::span<double> g)>;
  [[nodiscard]] Forward forward(const Work& work) const;
  // The same by cheaper models: of each that was measured, which one and which of its outputs. What one of them
  // cannot say the model is asked.
  [[nodiscard]] Forward cheap_forward(const Work& work, std::vector<CheapOutput> outputs) const;
  // Of the unknowns: independent normal errors, and the discrepancy where there is one. widen: factor of the errors.
  [[nodiscard]] twin::infer::Target likelihood(const Work& work, Forward forward,
                                               double widen = 1.0) const;
  [[nodiscard]] twin::infer::Target likelihood(const Work& work) const {
    return likelihood(work, forward(work));
  }
  // The same with slopes by the model's own. No discrepancy.
  [[nodiscard]] twin::infer::Target likelihood_with_slopes(const Work& work) const;
  // A row an unknown; extra: what the method says of it besides [unknown].
  void tell(const Draws& draws, Part part, Answer& answer,
            const std::vector<std::vector<std::string>>& extra = {}) const;
  // Of a posterior with a discrepancy: what the model leaves unsaid at each place. Runs that were made are used.
  void tell_discrepancy(const Work& work, const Draws& draws, Answer& answer) const;
  [[nodiscard]] std::vector<twin::infer::Prior> laws() const;

  static const std::vector<std::string> Head;

  Measured measured_;
  std::vector<Input> unknowns_;
  std::vector<std::string> names_;  // [measured] of the outputs
};

// The table's data, errors and discrepancy.
Measured read_measured(twin::sheet::Sheet& table, const Study& study);

// Of each that was measured [measured], the first cheaper model with an output of that name; refused where there is
// none.
std::vector<CheapOutput> cheap_outputs(twin::sheet::Sheet& table, const Study& study,
                                       const Measured& measured);

// Of methods that need slopes: refused where the model has none, or there is a discrepancy.
void check_slopes(twin::sheet::Sheet& table, const Study& study, const std::string& method,
                  const Measured& measured);

std::unique_ptr<Asked> read_laplace(const Study& study, Measured measured);
std::unique_ptr<Asked> read_ensemble(twin::sheet::Sheet& table, const Study& study,
                                     const std::string& method, Measured measured);

}  // namespace apps::fabtwin::uq
