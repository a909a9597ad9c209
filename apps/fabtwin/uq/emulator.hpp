// An emulator that another study made, in a model's place: it is made anew from the runs that are in that study's
// record, which is all there is to keep of it.
#pragma once
#include <cstddef>
#include <functional>
#include <memory>
#include <span>

#include "apps/fabtwin/uq/study.hpp"

namespace apps::fabtwin::uq {

class Emulator {
 public:
  Emulator() = default;
  Emulator(const Emulator&) = delete;
  Emulator& operator=(const Emulator&) = delete;
  virtual ~Emulator() = default;
  // Of one point of uniforms [input]; from any thread.
  [[nodiscard]] virtual double mean(std::span<const double> u) const = 0;
  [[nodiscard]] virtual bool refuses(std::span<const double> u) const = 0;
};

// What [emulate] asks.
class EmulatorAsked : public Asked {
 public:
  [[nodiscard]] virtual std::unique_ptr<Emulator> emulator(const Work& work) const = 0;
  std::size_t output = 0;  // of the model
};

// f, with the runs that a study has in its record and nothing but them; models of functions are run. core::Error
// where one is missing.
void with_kept_runs(const Study& study, unsigned threads,
                    const std::function<void(const Work&)>& f);

}  // namespace apps::fabtwin::uq
