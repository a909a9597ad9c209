// The whole plant in one process under one virtual clock: fab, sources, faults and wire. A week of a
// big fab runs in seconds; tests of mirrors and `fabtwin torture` drive it.
#pragma once
#include <cstdint>
#include <functional>
#include <memory>
#include <vector>

#include "apps/plant/fab.hpp"
#include "apps/plant/source.hpp"
#include "apps/plant/wire.hpp"

namespace apps::plant {

struct SiteOptions {
  FabOptions fab = {};
  Links links = Links::PerTool;
  std::int64_t time_zero_ms = 1'514'764'800'000;  // moment of tick 0 [ms since 1970]
  Faults faults = {};
  std::uint32_t window = 8;  // see WireOptions
  Tick retry_ms = 10'000;    // [ms]
  std::size_t spool_max = 1'000'000;
  Tick audit_every = 0;  // [tick] 0: no audits
};

class Site {
 public:
  struct Watch {                                           // all may be empty
    std::function<void(const twin::event::Event&)> event;  // each true event, in order
    std::function<void(const Message&)> message;           // each as it is said
    OnFault fault;
    // At the multiples of audit_every, all events up to then having happened.
    std::function<void(const Fab&)> audit;
  };

  Site(const std::shared_ptr<const twins::fab::Layout>& layout, const SiteOptions& options,
       Watch watch = {});

  // Fab and wire run on to `until` [tick]; `receive` is called for what comes in, in order of time.
  void run_until(Tick until, const Wire::Receive& receive);

  // The fab has ended; the wire runs on until all is acknowledged, at most until `at_most` [tick].
  // Whether all is.
  [[nodiscard]] bool settle(Tick at_most, const Wire::Receive& receive);

  Obeyed obey(const Command& command);  // at now()

  // Fab and sources, to be taken up by a Site of the same layout and options that has not run yet.
  // What is on the wire or spooled is no part of it: who was not acknowledged lets the fab run again
  // from an older save, and every message has its old number. Expects that the wire has said all.
  [[nodiscard]] std::vector<std::byte> save() const;
  void load(std::span<const std::byte> bytes);  // throws twin::core::Error

  [[nodiscard]] Tick now() const { return wire_.now(); }  // the fab's too, until settle()
  [[nodiscard]] const Fab& fab() const { return fab_; }
  [[nodiscard]] Sources& sources() { return sources_; }
  [[nodiscard]] const Sources& sources() const { return sources_; }
  [[nodiscard]] Wire& wire() { return wire_; }

 private:
  void run_fab(Tick until);

  SiteOptions options_;
  Watch watch_;
  Fab fab_;
  Sources sources_;
  Wire wire_;
  Fab::Receive take_;              // the fab's events
  std::vector<Message> messages_;  // room for those of one event
};

}  // namespace apps::plant
