// Which rows of the state each domain corrects. The regular patterns take no memory.
#pragma once
#include <Eigen/Dense>
#include <cstddef>
#include <span>
#include <vector>

#include "twin/infer/ensemble/domains.hpp"

namespace twin::infer::letkf {

class DomainRows {
 public:
  // Domain g: rows batch g to batch (g + 1) - 1, as far as there are any. batch > 0
  static DomainRows consecutive(std::size_t rows, std::size_t batch = 1);
  // Several fields on the same places, one after the other: domain g: rows g, g + places, ...
  static DomainRows fields(std::size_t places, std::size_t fields);
  // As each domain lists its variables. Error for a variable that the state has not.
  static DomainRows listed(std::span<const Domain> domains, std::size_t rows);

  [[nodiscard]] std::size_t domains() const { return domains_; }
  // Of the state that they are rows of, at least.
  [[nodiscard]] std::size_t rows() const { return rows_; }
  // Appends the rows of one domain.
  void append(std::size_t domain, std::vector<std::size_t>& out) const;

 private:
  DomainRows() = default;
  std::size_t domains_ = 0, rows_ = 0;
  std::size_t step_ = 1;              // from domain to domain
  std::size_t hop_ = 1;               // from row to row of a domain
  std::size_t count_ = 1;             // rows of a domain
  std::vector<std::size_t> offsets_;  // [domain + 1]; empty unless listed
  std::vector<std::size_t> variables_;
};

}  // namespace twin::infer::letkf
