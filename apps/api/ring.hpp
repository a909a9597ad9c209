// The newest events, so that a client whose line broke hears what it missed: a bounded ring with names by
// which a client says what it heard last (Last-Event-ID of the HTML standard, "server-sent events").
#pragma once
#include <cstddef>
#include <cstdint>
#include <deque>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace apps::api {

using Frame =
    std::shared_ptr<const std::string>;  // an event as it goes over the line, shared by all streams

class Ring {
 public:
  // `run` tells one start of the server from another: names of an earlier one mean nothing any more.
  Ring(std::string run, std::size_t most) : run_(std::move(run)), most_(most) {}

  // One event; json without line feeds.
  Frame add(std::string_view type, std::string_view json);

  // What came after the one of that name. Where that cannot be said: an event `lost` alone, on which a client
  // reads all anew. Nothing for whoever heard nothing before.
  [[nodiscard]] std::vector<Frame> since(std::string_view name) const;
  [[nodiscard]] std::size_t size() const { return frames_.size(); }
  [[nodiscard]] static Frame lost();
  // An event that is out of date when the next one of its kind comes: it has no name and is not kept.
  [[nodiscard]] static Frame passing(std::string_view type, std::string_view json);

 private:
  std::string run_;
  std::size_t most_;
  std::uint64_t next_ = 0;
  std::deque<Frame> frames_;  // the last is number next_ - 1
};

}  // namespace apps::api
