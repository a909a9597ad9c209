// A model that is a program of its own: it is given a line with a run's inputs, and gives a line with the outputs,
// numbers in words of their own. It may go on to the next line or end; what hangs is killed with all that it started,
// and what dies takes no other run with it.
#pragma once
#include <sys/types.h>

#include <string>
#include <vector>

#include "twin/uq/evaluation_queue.hpp"

namespace apps::fabtwin::uq {

class ProgramRunner final : public twin::uq::Runner {
 public:
  explicit ProgramRunner(std::vector<std::string> words);  // the program and its arguments
  ~ProgramRunner() override;

  twin::uq::RunOutcome run(std::span<const double> x, double deadline) override;

 private:
  twin::uq::RunOutcome ask(std::span<const double> x, double deadline);
  std::string start();  // why it did not; empty: it runs
  std::string end();    // kills it where it lives; how it ended
  void let_end() const;
  void listen_to_complaints();
  [[nodiscard]] bool is_out_of_step();

  std::vector<std::string> words_;
  pid_t id_ = -1;
  int line_ = -1, complaints_ = -1;  // its standard input and output; its standard error
  std::string heard_, complained_;
  bool at_its_end_ = false;  // it ended of its own accord
};

}  // namespace apps::fabtwin::uq
