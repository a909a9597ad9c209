// A model of someone else behind UM-Bridge (L. Seelinger et al., J. Open Source Software 8, 2023; protocol 1.0): HTTP
// with JSON, so that it may be in any language and on any machine.
#pragma once
#include <chrono>
#include <cstddef>
#include <memory>
#include <nlohmann/json.hpp>
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
  bool has_slopes = false;                   // it answers /Gradient
};
// Failure where nobody answers, the protocol is another, the model is not there or cannot be evaluated.
UmBridgeSizes um_bridge_sizes(const UmBridgeAddress& address);

// Keeps one line to the model.
class UmBridgeLine {
 public:
  explicit UmBridgeLine(UmBridgeAddress address) : address_(std::move(address)) {}
  [[nodiscard]] const UmBridgeAddress& address() const { return address_; }
  // The vectors of "output" behind each other, or how it ended. question: without name and config.
  twin::uq::RunOutcome ask(const char* path, nlohmann::json question, double deadline);

 private:
  UmBridgeAddress address_;
  std::unique_ptr<ApiClient> client_;
};

class UmBridgeRunner final : public twin::uq::Runner {
 public:
  UmBridgeRunner(const UmBridgeAddress& address, UmBridgeSizes sizes)
      : line_(address), sizes_(std::move(sizes)) {}
  twin::uq::RunOutcome run(std::span<const double> x, double deadline) override;

 private:
  UmBridgeLine line_;
  UmBridgeSizes sizes_;
};

// Of inputs and weights of the outputs: Model::make_slopes.
class UmBridgeSlopes final : public twin::uq::Runner {
 public:
  UmBridgeSlopes(const UmBridgeAddress& address, UmBridgeSizes sizes)
      : line_(address), sizes_(std::move(sizes)) {}
  twin::uq::RunOutcome run(std::span<const double> x, double deadline) override;

 private:
  UmBridgeLine line_;
  UmBridgeSizes sizes_;
};

}  // namespace apps::fabtwin::uq
