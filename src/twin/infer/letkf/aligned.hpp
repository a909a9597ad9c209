// Room for doubles that begins on a cache line, as the kernel's registers want it; kept from use to
// use, and not cleared.
#pragma once
#include <cstddef>
#include <memory>
#include <new>

namespace twin::infer::letkf {

class AlignedDoubles {
 public:
  static constexpr std::size_t Alignment = 64;  // [byte]

  // At least `count`; what was there is lost if they were fewer before.
  double* room(std::size_t count) {
    if (count > count_) {
      at_.reset();
      at_.reset(static_cast<double*>(
          ::operator new(count * sizeof(double), std::align_val_t(Alignment))));
      count_ = count;
    }
    return at_.get();
  }
  [[nodiscard]] const double* data() const { return at_.get(); }
  [[nodiscard]] std::size_t size() const { return count_; }

 private:
  struct Free {
    void operator()(double* at) const { ::operator delete(at, std::align_val_t(Alignment)); }
  };
  std::unique_ptr<double, Free> at_;
  std::size_t count_ = 0;
};

}  // namespace twin::infer::letkf
