#include "twin/infer/letkf/rows.hpp"

#include <fmt/core.h>

#include "twin/core/error.hpp"
#include "twin/core/expect.hpp"

namespace twin::infer::letkf {

DomainRows DomainRows::consecutive(std::size_t rows, std::size_t batch) {
  TWIN_EXPECT(batch > 0, batch);
  DomainRows r;
  r.domains_ = (rows + batch - 1) / batch;
  r.rows_ = rows;
  r.step_ = r.count_ = batch;
  return r;
}

DomainRows DomainRows::fields(std::size_t places, std::size_t fields) {
  DomainRows r;
  r.domains_ = places;
  r.rows_ = places * fields;
  r.hop_ = places;
  r.count_ = fields;
  return r;
}

DomainRows DomainRows::listed(std::span<const Domain> domains, std::size_t rows) {
  DomainRows r;
  r.domains_ = domains.size();
  r.rows_ = rows;
  r.offsets_.push_back(0);
  for (const Domain& domain : domains) {
    for (const Eigen::Index i : domain.variables) {
      if (i < 0 || static_cast<std::size_t>(i) >= rows) {
        throw core::Error(fmt::format("a domain has variable {} (the state has {})", i, rows));
      }
      r.variables_.push_back(static_cast<std::size_t>(i));
    }
    r.offsets_.push_back(r.variables_.size());
  }
  return r;
}

void DomainRows::append(std::size_t domain, std::vector<std::size_t>& out) const {
  TWIN_EXPECT(domain < domains_, domain, domains_);
  if (!offsets_.empty()) {
    for (std::size_t i = offsets_[domain]; i < offsets_[domain + 1]; ++i) {
      out.push_back(variables_[i]);
    }
    return;
  }
  for (std::size_t i = 0; i < count_; ++i) {
    const std::size_t row = domain * step_ + i * hop_;
    if (row < rows_) out.push_back(row);
  }
}

}  // namespace twin::infer::letkf
