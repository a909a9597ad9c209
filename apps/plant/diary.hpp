// What came to the plant from outside, in DIR/diary.jsonl: commands it obeyed and its own restarts,
// each with its tick. The fab is its seed and its diary: taken up from an older save, it lives the
// same again.
#pragma once
#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "apps/plant/fab.hpp"

namespace apps::plant {

struct Noted {
  Tick at = 0;                          // [tick]
  std::optional<Command> command = {};  // nothing: all sources restarted, and count anew
};

// The words of commands: "hold", "release", "priority", "start_pm", "recipe_offset", "rule".
std::string_view to_string(Command::Kind kind);
std::optional<Command::Kind> parse_command(std::string_view text);

// A line of JSON: {"at":1,"do":"hold","lot":7}, {"at":1,"do":"restart"}
std::string to_string(const Noted& noted);

class Diary {
 public:
  // Reads what is there; a last line that is not whole was never acted upon and is cut off. Throws
  // twin::core::Error with file and line for what is no diary.
  explicit Diary(std::filesystem::path file);
  ~Diary();
  Diary(const Diary&) = delete;
  Diary& operator=(const Diary&) = delete;

  [[nodiscard]] const std::vector<Noted>& notes() const { return notes_; }
  // On the disk when it returns. Throws twin::core::Error where it cannot be.
  void note(const Noted& noted);

 private:
  std::filesystem::path file_;
  std::vector<Noted> notes_;
  int descriptor_ = -1;
};

}  // namespace apps::plant
