// What the tracker knows about durations and decisions: learnt from the lots it sees, with the data set's own values
// where nothing was seen yet.
#pragma once
#include <cstdint>
#include <vector>

#include "twins/fab/layout.hpp"
#include "twins/fab/track/queue_clock.hpp"
#include "twins/fab/track/recent_law.hpp"

namespace twins::fab::track {

enum class Urgency : std::uint8_t { Usual, Hot };  // hot: above the lowest priority of all streams

struct Laws {
  // theta: the multipliers of rework, sampling and repair; the layout must outlive the laws.
  Laws(const Layout& layout, std::vector<double> theta);

  // [2 * tool group + Urgency]: arrival to entering the tool, by its queue's clock. Hot lots have one of their own.
  std::vector<RecentLaw> wait;
  std::vector<QueueClock> clock;
  // [tool group] [ms] entering the tool to load, where there is a setup or a wait
  std::vector<RecentLaw> setup;
  std::vector<RecentLaw> load;     // [tool group] [ms] load to process; cascading tools only
  std::vector<RecentLaw> process;  // [tool group] process time over that of a job alone in the tool
  std::vector<RecentLaw> transport;  // [from location][to location] [ms]

  [[nodiscard]] std::size_t queue_of(std::uint32_t group, std::int32_t priority) const {
    return 2 * std::size_t{group} + (priority > usual_ ? 1U : 0U);
  }
  // [location][location]; None before a lot's first step: at once
  [[nodiscard]] std::uint32_t transport_cell(std::uint32_t from, std::uint32_t to) const;
  // Mean process time of a job alone in the tool [ms]; wafers: of the job.
  [[nodiscard]] double process_alone_ms(std::uint32_t step, std::uint32_t wafers) const;
  [[nodiscard]] double rework(std::uint32_t step) const;    // probability after the step is done
  [[nodiscard]] double sampling(std::uint32_t step) const;  // probability that it is done
  [[nodiscard]] double repair_scale(std::uint32_t group) const;  // multiplier of times to repair

 private:
  const Layout* m_;
  std::vector<double> theta_;
  std::int32_t usual_ = 0;  // the lowest priority
};

}  // namespace twins::fab::track
