// A study carried out: its runs through the queue, kept in its folder, with a bar for people.
#pragma once
#include <atomic>

#include "apps/fabtwin/uq/study.hpp"

namespace apps::fabtwin::uq {

struct CarriedOut {
  Answer answer;
  twin::uq::QueueStatus status;
  double seconds = 0.0;
  bool stopped = false;  // by the user: there is no answer, and what was run is kept
};

// core::Error and Failure for what goes wrong.
CarriedOut carry_out(const Study& study, unsigned threads, const std::atomic<bool>& stop);

// The same for programs: what was asked, found and run.
nlohmann::ordered_json json_of(const Study& study, const CarriedOut& done, unsigned threads);
// For the page: name and value.
std::vector<std::pair<std::string, std::string>> facts_of(const Study& study,
                                                          const CarriedOut& done);

}  // namespace apps::fabtwin::uq
