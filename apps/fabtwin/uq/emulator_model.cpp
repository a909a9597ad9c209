// [model] emulator = "FILE": the emulator that the study of that file makes.
#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <mutex>

#include "apps/fabtwin/files.hpp"
#include "apps/fabtwin/uq/emulator.hpp"
#include "twin/core/error.hpp"

namespace apps::fabtwin::uq {
namespace {

using twin::core::Error;
using twin::uq::RunOutcome;

// Made when it is first asked, once for all that ask.
class EmulatorOfStudy {
 public:
  EmulatorOfStudy(std::string text, std::string file)
      : file_(std::move(file)), study_(read_study(text, file_)) {
    asked_ = dynamic_cast<const EmulatorAsked*>(study_.asked.get());
    if (asked_ == nullptr)
      throw Error(fmt::format("{} makes no emulator (it asks for [{}]; [emulate] is needed)", file_,
                              study_.kind));
  }
  [[nodiscard]] const Study& study() const { return study_; }
  [[nodiscard]] const std::string& output() const { return study_.model.outputs[asked_->output]; }

  RunOutcome run(std::span<const double> x, const std::vector<std::size_t>& place, bool refuse) {
    std::call_once(made_, [this] {
      try {
        with_kept_runs(study_, study_.threads,
                       [this](const Work& work) { emulator_ = asked_->emulator(work); });
      } catch (const Error& e) {
        problem_ = fmt::format("the emulator of {}: {}", file_, e.what());
      }
    });
    if (!problem_.empty()) return {.end = twin::uq::RunEnd::Away, .problem = problem_};
    std::vector<double> u(place.size());
    for (std::size_t i = 0; i < u.size(); ++i) {
      const Input& input = study_.inputs.all[i];
      const double v = x[place[i]];
      if (v < input.law.low() || v > input.law.high())
        return {.end = twin::uq::RunEnd::NoNumber,
                .problem = fmt::format("{} = {:g} is beyond the law that the emulator knows",
                                       input.name, v)};
      u[i] = input.law.below(v);
    }
    if (refuse && emulator_->refuses(u))
      return {.end = twin::uq::RunEnd::NoNumber,
              .problem = "beyond what the emulator's runs tell of"};
    return {.y = {emulator_->mean(u)}};
  }

 private:
  std::string file_;
  Study study_;
  const EmulatorAsked* asked_ = nullptr;
  std::once_flag made_;
  std::unique_ptr<Emulator> emulator_;
  std::string problem_;
};

class EmulatorRunner final : public twin::uq::Runner {
 public:
  EmulatorRunner(std::shared_ptr<EmulatorOfStudy> of, std::vector<std::size_t> place, bool refuse)
      : of_(std::move(of)), place_(std::move(place)), refuse_(refuse) {}
  RunOutcome run(std::span<const double> x, double) override {
    return of_->run(x, place_, refuse_);
  }

 private:
  std::shared_ptr<EmulatorOfStudy> of_;
  std::vector<std::size_t> place_;  // [input of the emulator] among those of a run
  bool refuse_;
};

}  // namespace

Model emulator_model(twin::sheet::Sheet& table, const std::string& folder) {
  const std::string file = path_from(folder, table.text("emulator"));
  const bool refuse = table.yes("refuse", true);
  std::string text;
  std::shared_ptr<EmulatorOfStudy> of;
  try {
    text = read_text(file);
    of = std::make_shared<EmulatorOfStudy>(text, file);
  } catch (const std::exception& e) {
    table.refuse("emulator", fmt::format("[model]: {}", e.what()));
  }
  Model model{.title = fmt::format("emulator of {}, {}", of->output(), of->study().model.title),
              .words = fmt::format("emulator {}\n{}", text, of->study().model.words),
              .outputs = {of->output()},
              .known_inputs = of->study().inputs.names(),
              .cheap = true};
  model.make = [of, refuse, file](const std::vector<std::string>& inputs) -> twin::uq::MakeRunner {
    std::vector<std::size_t> place;
    for (const std::string& name : of->study().inputs.names()) {
      const auto at = std::ranges::find(inputs, name);
      if (at == inputs.end())
        throw Error(fmt::format(
            "input '{}' of the emulator is missing (its inputs are those of {})", name, file));
      place.push_back(static_cast<std::size_t>(at - inputs.begin()));
    }
    return [of, place, refuse] { return std::make_unique<EmulatorRunner>(of, place, refuse); };
  };
  return model;
}

}  // namespace apps::fabtwin::uq
