// A study: a model, uncertain inputs, and what is asked of them; read from a TOML file (docs/studies.md).
#pragma once
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "apps/fabtwin/uq/answer.hpp"
#include "apps/fabtwin/uq/inputs.hpp"
#include "apps/fabtwin/uq/model.hpp"
#include "twin/uq/evaluation_queue.hpp"

namespace apps::fabtwin::uq {

struct Study;

// What a kind of study works with while it is carried out.
struct Work {
  const Study& study;
  twin::uq::EvaluationQueue& queue;
  std::vector<twin::uq::EvaluationQueue*> cheaper = {};  // [cheaper model]
  twin::uq::EvaluationQueue* slopes =
      nullptr;  // Model::make_slopes, where what is asked needs them
  unsigned threads = 1;
  std::function<void(std::uint64_t evaluations)> expect = [](std::uint64_t) {
  };  // of all, for the bar

  // An output as a function of uniforms, and of standard normals.
  [[nodiscard]] twin::uq::AnyFunction of_uniforms(std::size_t output) const;
  [[nodiscard]] twin::uq::AnyFunction of_normals(std::size_t output) const;
};

// What is asked, with its options, read before anything is run.
class Asked {
 public:
  Asked() = default;
  Asked(const Asked&) = delete;
  Asked& operator=(const Asked&) = delete;
  virtual ~Asked() = default;
  [[nodiscard]] virtual Answer carry_out(const Work& work) const = 0;
  [[nodiscard]] virtual bool needs_slopes() const { return false; }
};

// A model that is run beside the one that is asked for, and goes up and down with it.
struct Cheaper {
  Model model;
  double cost = 1.0;  // of a run, in those of the one that is asked for
  // Of what it declares: the size of its error with its standard error, and the deviation of a run by its inputs.
  std::optional<double> bias = {}, deviation = {};
  double bias_error = 0.0;
};

struct Study {
  std::string title = {}, kind = {};
  std::uint64_t seed = 1;
  unsigned threads = 1;
  std::string folder = {};  // where runs are kept
  std::string beside = {};  // the folder of its file, where other paths begin
  Model model = {};
  std::vector<Cheaper> cheaper = {};
  Inputs inputs = {};
  std::unique_ptr<Asked> asked = {};

  // The number of an output by its name; refused at the key where there is none.
  [[nodiscard]] std::size_t output_of(twin::sheet::Sheet& table, const std::string& key) const;
};

// twin::core::Error with file and line.
Study read_study(const std::string& text, const std::string& file);

// The kinds, each by the table of its name.
std::unique_ptr<Asked> read_propagate(twin::sheet::Sheet& table, const Study& study);
std::unique_ptr<Asked> read_control_variates(twin::sheet::Sheet& table, const Study& study);
std::unique_ptr<Asked> read_choose_fidelity(twin::sheet::Sheet& table, const Study& study);
std::unique_ptr<Asked> read_rank(twin::sheet::Sheet& table, const Study& study);
std::unique_ptr<Asked> read_emulate(twin::sheet::Sheet& table, const Study& study);
std::unique_ptr<Asked> read_chaos(twin::sheet::Sheet& table, const Study& study);
std::unique_ptr<Asked> read_rare(twin::sheet::Sheet& table, const Study& study);
std::unique_ptr<Asked> read_invert(twin::sheet::Sheet& table, const Study& study);
std::unique_ptr<Asked> read_design(twin::sheet::Sheet& table, const Study& study);
std::unique_ptr<Asked> read_exchange(twin::sheet::Sheet& table, const Study& study);

}  // namespace apps::fabtwin::uq
