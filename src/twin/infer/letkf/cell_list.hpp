// The observations near a place, by a list of cells: O(p) for p of them, however many there are
// elsewhere (Hockney, Eastwood, "Computer Simulation Using Particles", 1981, section 8-4). On a line,
// a plane or in space, each direction periodic or not.
#pragma once
#include <Eigen/Dense>
#include <array>
#include <cstddef>
#include <cstdint>
#include <variant>
#include <vector>

#include "twin/infer/letkf/kernel.hpp"
#include "twin/infer/letkf/sights.hpp"

namespace twin::infer::letkf {

// How an observation's weight falls with its distance d.
// GaspariCohn: gaspari_cohn(d, length). Boxcar: 1 up to length. Gaussian: exp(-d^2 / (2 length^2)).
enum class Taper : std::uint8_t { GaspariCohn, Boxcar, Gaussian };

struct Reach {
  Taper taper = Taper::GaspariCohn;
  double length = 0.0;         // in the unit of the coordinates; positive, may be infinite
  double least_weight = 1e-3;  // what counts less does not count; positive for Gaussian
};

// Domains on the points of a regular grid: number i + shape[0] (j + shape[1] k) stands at
// origin + spacing * (i, j, k).
struct Grid {
  std::array<std::size_t, 3> shape = {1, 1, 1};
  std::array<double, 3> origin = {0.0, 0.0, 0.0};
  std::array<double, 3> spacing = {1.0, 1.0, 1.0};
};

// Where the domains stand: coordinates [direction][domain], or a grid, which takes no memory.
using Places = std::variant<Eigen::MatrixXd, Grid>;

class CellList : public Neighbourhood {
 public:
  struct Space {
    std::size_t directions = 1;                      // 1, 2 or 3
    std::array<double, 3> period = {0.0, 0.0, 0.0};  // of each direction; 0: not periodic
  };

  // observations: coordinates [direction][observation]. Error for a length that is not positive,
  // coordinates that are not finite or not of `directions` rows, a period below zero.
  CellList(const Space& space, const Eigen::Ref<const Eigen::MatrixXd>& observations,
           Places domains, const Reach& reach);

  [[nodiscard]] std::size_t domains() const override { return domain_count_; }
  [[nodiscard]] std::size_t observations() const override { return numbers_.size(); }
  void look(std::size_t first, std::size_t end, Sights& out) const override;

 private:
  using Point = std::array<double, 3>;

  Space space_;
  Places places_;
  Reach reach_;
  const Kernel* kernel_;  // any: they taper alike to the bit
  std::size_t domain_count_ = 0;
  double cut_ = 0.0;                                 // beyond it nothing counts
  Point round_ = {};                                 // the period, infinite where there is none
  Point low_ = {}, edge_ = {1, 1, 1};                // of the cells
  std::array<std::ptrdiff_t, 3> cells_ = {1, 1, 1};  // in each direction
  std::vector<std::uint32_t> starts_;                // [cell + 1] into what follows, sorted by cell
  std::vector<std::uint32_t> numbers_;               // of the observations
  std::array<std::vector<double>, 3> at_;  // their coordinates, [direction][place in the order]

  struct Candidates;
  struct Span {
    std::ptrdiff_t first, last;  // cells, maybe beyond the edge of a period
  };

  [[nodiscard]] Point place(std::size_t domain) const;
  [[nodiscard]] double wrapped(double x, std::size_t direction) const;
  [[nodiscard]] std::ptrdiff_t cell(double x, std::size_t direction) const;
  [[nodiscard]] Span span(double x, double reach, std::size_t direction) const;
  [[nodiscard]] double gap(double x, std::ptrdiff_t cell, std::size_t direction) const;
  template <std::size_t Directions>
  void gather(const Point& at, Candidates& found) const;
  template <std::size_t Directions>
  void gather_run(const Point& at, std::size_t first, std::size_t end, Candidates& found) const;
  void weigh(Candidates& found) const;
  void append(const Candidates& found, Sights& out) const;
};

}  // namespace twin::infer::letkf
