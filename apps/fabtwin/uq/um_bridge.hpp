// A model of someone else behind UM-Bridge (L. Seelinger et al., J. Open Source Software 8, 2023; protocol 1.0): HTTP
// with JSON, so that it may be in any language and on any machine.
#pragma once
#include <chrono>
#include <cstddef>
#include <memory>
#include <string>
#include <vector>

#include "apps/fabtwin/api_client.hpp"
#include "twin/uq/evaluation_queue.hpp"

namespace apps::fabtwin::uq {

struct UmBridgeAddress {
  ApiAddress server;
  std::string name;           // of the model there
  std::string config = "{}";  // JSON that goes with each question
};
// "http://host:port"; twin::core::Error for anything else.
ApiAddress um_bridge_server(const std::string& url);

struct UmBridgeSizes {
  std::vector<std::size_t> inputs, outputs;  // numbers of each of its vectors
};
// Failure where nobody answers, the protocol is another, the model is not there or cannot be evaluated.
UmBridgeSizes um_bridge_sizes(const UmBridgeAddress& address);

class UmBridgeRunner final : public twin::uq::Runner {
 public:
  UmBridgeRunner(UmBridgeAddress address, std::vector<std::size_t> inputs);
  twin::uq::RunOutcome run(std::span<const double> x, double deadline) override;

 private:
  UmBridgeAddress address_;
  std::vector<std::size_t> inputs_;  // numbers of each of the model's vectors
  std::unique_ptr<ApiClient> client_;
};

}  // namespace apps::fabtwin::uq
