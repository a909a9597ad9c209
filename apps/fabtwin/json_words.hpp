// The names in the program's JSON, and what they mean: the reference is made from them, and a test
// holds them against what the program writes.
#pragma once
#include <string>
#include <string_view>
#include <vector>

namespace apps::fabtwin {

// `[]`: each entry of a list. `*`: any of the figures (or parameters) that stand there. A mean over
// replications, {"mean", "half_width", "sd", "n"}, counts as one value.
struct JsonWord {
  std::string path;
  std::string_view text;
};

// schema: "simulate", "compare", "sweep", "check", "calibrate", "assimilate", "bench".
std::vector<JsonWord> json_words(std::string_view schema);

}  // namespace apps::fabtwin
