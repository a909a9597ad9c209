// The twin where one request for memory is refused, whichever it is: its start on the record of an earlier life, and a
// thousand messages. reliability.md, C4 test 18.
#pragma once
#include <unistd.h>

#include <fstream>
#include <string>
#include <vector>

#include "apps/fabtwin/http_twin.hpp"
#include "twin/core/draw.hpp"

namespace apps::fabtwin {

class MemoryFaults {
 public:
  struct Counts {
    int ended = 0;      // in a sentence
    int went_on = 0;    // whoever asked did without
    long requests = 0;  // of a life in which none is refused
  };

  // FABTWIN_REFUSER is preload/refuse_memory.cpp.
  static bool present() { return ::access(FABTWIN_REFUSER, R_OK) == 0; }

  // In each of so many lives one request is refused, drawn by the seed from all of them. What is wrong first; empty:
  // nothing.
  [[nodiscard]] std::string run(int lives, std::uint64_t seed) {
    if (std::string wrong = live(-1); !wrong.empty()) return "with all memory: " + wrong;
    std::ifstream(twin_.at("requests")) >> counts_.requests;
    if (counts_.requests < 10'000) return "requests are not counted";
    const twin::core::Draw draw{seed, 0x6d656d};
    for (int k = 0; k < lives; ++k) {
      const double u = draw.uniform(0, 0, static_cast<std::uint32_t>(k));
      const long n = static_cast<long>(u * static_cast<double>(counts_.requests));
      if (std::string wrong = live(n); !wrong.empty())
        return "request " + std::to_string(n) + " refused: " + wrong;
    }
    return {};
  }
  [[nodiscard]] const Counts& counts() const { return counts_; }

 private:
  std::string live(long refused) {
    twin_.begin_anew();
    {
      const auto before = twin_.start();
      if (!twin_.say_all(1, 20)) return "nothing is acknowledged\n" + twin_.words();
      if (before->end(SIGKILL) != 128 + SIGKILL) return "it had ended before";
    }
    const auto twin =
        twin_.start({"LD_PRELOAD=" FABTWIN_REFUSER, "FABTWIN_REFUSE=" + std::to_string(refused),
                     "FABTWIN_REQUESTS=" + twin_.at("requests")});
    bool said = true;
    for (int seq = 21; seq <= 30 && said; ++seq) said = twin_.say(seq);
    if (said) said = twin_.say_all(31, 970);
    const int status = twin->end(SIGTERM);
    const std::string words = twin_.words();
    // 3 where it is still starting: a store that gets none cannot be opened.
    const bool in_a_sentence =
        (status == 1 || status == 3) && words.find("fabtwin: ") != std::string::npos;
    if (status != 130 && !in_a_sentence)
      return "it ends with status " + std::to_string(status) + "\n" + words;
    if (status == 130 && !said && refused < 0) return "not all is acknowledged\n" + words;
    ++(status == 130 ? counts_.went_on : counts_.ended);
    return twin_.lost();
  }

  HttpTwin twin_{"memory_faults", true};
  Counts counts_;
};

}  // namespace apps::fabtwin
