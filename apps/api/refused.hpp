// How an answer that is no success leaves a question: with its status. Only the desk's own files throw and
// catch it.
#pragma once
#include <stdexcept>
#include <string>

namespace apps::api {

class Refused : public std::runtime_error {
 public:
  Refused(unsigned status, const std::string& why) : std::runtime_error(why), status_(status) {}
  [[nodiscard]] unsigned status() const { return status_; }

 private:
  unsigned status_;
};

}  // namespace apps::api
