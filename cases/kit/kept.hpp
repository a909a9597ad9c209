// What a long case has worked out, kept line by line in the file that FABTWIN_KEEP names, so that one that was killed
// goes on where it was. A line counts only for the very program that wrote it: its bytes are part of each name.
#pragma once
#include <filesystem>
#include <functional>
#include <map>
#include <mutex>
#include <optional>
#include <string>

namespace cases {

class Kept {
 public:
  // Keeps nothing where the file's name is empty. A last line that was cut off is left out.
  explicit Kept(std::filesystem::path file, const std::string& program = "/proc/self/exe");
  static Kept& of_environment();  // FABTWIN_KEEP

  // What is kept under that name (no tab, no line's end), or else what `work` gives, a text of one line, which is kept.
  // From any thread; two threads that ask for one name at once may both work.
  std::string get(const std::string& name, const std::function<std::string()>& work);

 private:
  std::filesystem::path file_;
  std::string program_;                       // its hash
  std::map<std::string, std::string> lines_;  // by program and name
  std::mutex mutex_;
};

}  // namespace cases
