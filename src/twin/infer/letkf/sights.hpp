// What each of many domains sees, as runs of one array: nothing is allocated per domain, and the
// lists of a chunk are made, used and forgotten while they are in the cache.
#pragma once
#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "twin/infer/ensemble/domains.hpp"
#include "twin/infer/letkf/kernel.hpp"

namespace twin::infer::letkf {

// Domain i of the list sees observations[offsets[i]] to before offsets[i + 1], weighted.
struct Sights {
  std::vector<std::size_t> offsets = {0};   // [domain + 1]
  std::vector<std::uint32_t> observations;  // of all domains, one after the other
  std::vector<double> weights;              // of each of them, in (0, 1]

  void clear();
  // Ends the list of a domain.
  void close() { offsets.push_back(observations.size()); }
  [[nodiscard]] std::size_t size() const { return offsets.size() - 1; }
  [[nodiscard]] Sight of(std::size_t domain) const;
};

// Where the sights come from. Safe to ask from many threads at once.
class Neighbourhood {
 public:
  virtual ~Neighbourhood() = default;
  [[nodiscard]] virtual std::size_t domains() const = 0;
  [[nodiscard]] virtual std::size_t observations() const = 0;
  // Appends the sights of domains first to end - 1.
  virtual void look(std::size_t first, std::size_t end, Sights& out) const = 0;

 protected:
  Neighbourhood() = default;
  Neighbourhood(const Neighbourhood&) = default;
  Neighbourhood& operator=(const Neighbourhood&) = default;
};

// Sights written down beforehand: by any distance, for as many cycles as observations stay where
// they are.
class Listed : public Neighbourhood {
 public:
  // Error if a list and its weights differ in length or an observation is not one of `observations`.
  Listed(std::span<const Domain> domains, std::size_t observations);
  Listed(Sights sights, std::size_t observations);

  [[nodiscard]] std::size_t domains() const override { return sights_.size(); }
  [[nodiscard]] std::size_t observations() const override { return observations_; }
  void look(std::size_t first, std::size_t end, Sights& out) const override;

 private:
  Sights sights_;
  std::size_t observations_ = 0;
};

}  // namespace twin::infer::letkf
