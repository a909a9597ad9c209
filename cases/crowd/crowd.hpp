// Strangers who hold connections to the twin's HTTP server and mean it ill: they say nothing, or a byte
// now and then, or promise a body that never comes. A process of its own; who serves is measured
// beside it (reliability.md, C4 test 13).
#pragma once
#include <cstddef>
#include <cstdint>
#include <string>

namespace cases::crowd {

struct CrowdCounts {
  std::size_t held = 0;      // connections at once, while it was measured
  std::size_t asked = 0;     // by the one who means well
  std::size_t answered = 0;  // within ten seconds each, and rightly
  double alone_ms = 0.0;     // 99 % of his answers came within this, before the strangers came
  double crowd_ms = 0.0;     // the same among them
  double stranger_kb = 0.0;  // memory that each of them cost us [KiB]
  std::size_t left = 0;      // connections after they had gone
};

// Why so many cannot be had here; empty: they can. Raises this process's limit of descriptors.
std::string impossible(std::size_t strangers);

CrowdCounts meet(std::size_t strangers, std::size_t asked);

}  // namespace cases::crowd
