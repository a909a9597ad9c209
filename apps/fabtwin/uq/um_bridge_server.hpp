// A study's model offered to others by UM-Bridge (protocol 1.0), so that methods in any language can run our twins.
#pragma once
#include <atomic>
#include <functional>
#include <optional>
#include <string>

#include "apps/fabtwin/uq/study.hpp"
#include "twin/link/http.hpp"

namespace apps::fabtwin::uq {

struct ServeOptions {
  std::string address = "127.0.0.1";
  int port = 4242;  // 0: any that is free
  unsigned at_once = 1;
};

// The model is called "forward": one vector in, its inputs in the study's order, and one out. Runs that failed are
// told as errors of the model. A route a question, which answers when the run has ended.
class ModelServer {
 public:
  ModelServer(const Study& study, const ServeOptions& options);
  [[nodiscard]] int port() const { return http_.port(); }
  void wait(std::chrono::milliseconds most);  // serves for so long at most

 private:
  struct Waiting {
    std::vector<double> x;
    twin::link::HttpReply reply;
    bool slopes = false;  // of its weighted outputs; x goes on with the weights
  };
  void evaluate(const twin::link::HttpRequest& request, twin::link::HttpReply reply, bool slopes);
  bool answer(const Waiting& one);

  const Study& study_;
  twin::link::HttpServer http_;
  twin::uq::EvaluationQueue queue_;
  std::optional<twin::uq::EvaluationQueue> slopes_;  // where the model has them
  std::vector<Waiting> waiting_;
};

// Serves until `stop`, and says where on standard output first.
void serve_model(const Study& study, const ServeOptions& options, const std::atomic<bool>& stop);

}  // namespace apps::fabtwin::uq
