// What monitors that run beside a twin have in common. A monitor is a plain value, saved with the
// State; it takes one number a time and says whether what they come from has changed, which is when
// validation is due again. A number that is none (NaN, infinite: a silent sensor) is counted as
// missing and changes nothing else.
#pragma once
#include <concepts>
#include <cstdint>
#include <optional>

namespace twin::score {

enum class Change : std::uint8_t { None, Up, Down };

struct Alarm {
  Change change = Change::None;
  // Numbers of values, the first is 1, missing ones counted too.
  std::uint64_t began_at = 0;   // where the change began, as far as the monitor can tell
  std::uint64_t raised_at = 0;  // where it was sure
  bool operator==(const Alarm&) const = default;
  template <class A>
  static void fields(A& archive, auto& self) {
    archive("change", self.change);
    archive("began_at", self.began_at);
    archive("raised_at", self.raised_at);
  }
};

// add: the change that stands after x; once there is an alarm, it stands until reset(), which
// belongs to re-validation. alarm(): the first since then.
template <class M>
concept Monitor = std::regular<M> && requires(M m, const M& c, double x) {
  { m.add(x) } -> std::same_as<Change>;
  { c.alarm() } -> std::same_as<const std::optional<Alarm>&>;
  { c.missing() } -> std::same_as<std::uint64_t>;
  m.reset();
};

// A sum that may not fall below 0: S = max(0, S + step). Where it last was 0 is the most likely
// time of a change (E. S. Page, Biometrika 41, 1954).
class PageSum {
 public:
  void add(double step, std::uint64_t at) {
    if (value_ == 0.0) began_at_ = at;
    value_ += step;
    if (!(value_ > 0.0)) value_ = 0.0;
  }
  [[nodiscard]] double value() const { return value_; }
  [[nodiscard]] std::uint64_t began_at() const { return began_at_; }  // first step since it was 0

  bool operator==(const PageSum&) const = default;
  template <class A>
  static void fields(A& archive, auto& self) {
    archive("value", self.value_);
    archive("began_at", self.began_at_);
  }

 private:
  double value_ = 0.0;
  std::uint64_t began_at_ = 0;
};

// Two of them, upwards and downwards, with one threshold, and the alarm that the first to exceed it
// raises; the upper one if both do.
class PagePair {
 public:
  // up, down: what to add to either sum. at: number of the value.
  Change add(double up, double down, double threshold, std::uint64_t at) {
    up_.add(up, at);
    down_.add(down, at);
    if (!alarm_ && up_.value() > threshold) alarm_ = Alarm{Change::Up, up_.began_at(), at};
    if (!alarm_ && down_.value() > threshold) alarm_ = Alarm{Change::Down, down_.began_at(), at};
    return alarm_ ? alarm_->change : Change::None;
  }
  [[nodiscard]] Change change() const { return alarm_ ? alarm_->change : Change::None; }
  [[nodiscard]] const PageSum& up() const { return up_; }
  [[nodiscard]] const PageSum& down() const { return down_; }
  [[nodiscard]] const std::optional<Alarm>& alarm() const { return alarm_; }

  bool operator==(const PagePair&) const = default;
  template <class A>
  static void fields(A& archive, auto& self) {
    archive("up", self.up_);
    archive("down", self.down_);
    archive("alarm", self.alarm_);
  }

 private:
  PageSum up_;
  PageSum down_;
  std::optional<Alarm> alarm_;
};

}  // namespace twin::score
