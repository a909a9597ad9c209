#include "tests/code.hpp"

#include <cctype>

namespace tests {
namespace {

bool is_letter(char c) { return std::isalpha(static_cast<unsigned char>(c)) != 0 || c == '_'; }
bool is_digit(char c) { return std::isdigit(static_cast<unsigned char>(c)) != 0; }
bool is_upper(char c) { return std::isupper(static_cast<unsigned char>(c)) != 0; }
bool is_lower(char c) { return std::islower(static_cast<unsigned char>(c)) != 0; }
bool is_hex(char c) { return std::isxdigit(static_cast<unsigned char>(c)) != 0; }

enum class Inside { Code, Block, Raw };

// One pass over the lines; what crosses lines (block comments, raw strings) is remembered between them.
class Reader {
 public:
  void read(const std::string& line, Code& code) {
    uncommented_.clear();
    bare_.clear();
    for (std::size_t at = 0; at < line.size();) at = step(line, at);
    code.uncommented.push_back(uncommented_);
    code.bare.push_back(bare_);
  }

 private:
  std::size_t step(const std::string& line, std::size_t at) {
    if (inside_ == Inside::Block) return leave_block(line, at);
    if (inside_ == Inside::Raw) return leave_raw(line, at);
    if (line.compare(at, 2, "//") == 0) return line.size();
    if (line.compare(at, 2, "/*") == 0) {
      inside_ = Inside::Block;
      return at + 2;
    }
    if (line[at] == '"')
      return at > 0 && line[at - 1] == 'R' ? enter_raw(line, at) : quoted(line, at);
    const bool separator =
        at > 0 && is_hex(line[at - 1]) && at + 1 < line.size() && is_hex(line[at + 1]);
    if (line[at] == '\'' && !separator) return quoted(line, at);
    keep(line[at]);
    return at + 1;
  }

  std::size_t leave_block(const std::string& line, std::size_t at) {
    const std::size_t end = line.find("*/", at);
    if (end == std::string::npos) return line.size();
    inside_ = Inside::Code;
    return end + 2;
  }

  std::size_t enter_raw(const std::string& line, std::size_t at) {
    const std::size_t open = line.find('(', at);
    if (open == std::string::npos) return quoted(line, at);
    raw_end_ = ")" + line.substr(at + 1, open - at - 1) + "\"";
    inside_ = Inside::Raw;
    keep('"');
    uncommented_.append(line, at + 1, open - at);
    return open + 1;
  }

  std::size_t leave_raw(const std::string& line, std::size_t at) {
    const std::size_t end = line.find(raw_end_, at);
    if (end == std::string::npos) {
      uncommented_.append(line, at);
      return line.size();
    }
    inside_ = Inside::Code;
    uncommented_.append(line, at, end + raw_end_.size() - at);
    bare_.push_back('"');
    return end + raw_end_.size();
  }

  std::size_t quoted(const std::string& line, std::size_t at) {
    const char quote = line[at];
    std::size_t end = at + 1;
    while (end < line.size() && line[end] != quote) end += line[end] == '\\' ? 2U : 1U;
    end = end < line.size() ? end + 1 : line.size();
    uncommented_.append(line, at, end - at);
    bare_.append(2, quote);
    return end;
  }

  void keep(char c) {
    uncommented_.push_back(c);
    bare_.push_back(c);
  }

  Inside inside_ = Inside::Code;
  std::string raw_end_;  // )delimiter" of the raw string we are in
  std::string uncommented_, bare_;
};

}  // namespace

Code code_of(const std::vector<std::string>& lines) {
  Code code;
  Reader reader;
  for (const std::string& line : lines) reader.read(line, code);
  return code;
}

std::vector<std::string> identifiers_of(std::string_view bare) {
  std::vector<std::string> found;
  for (std::size_t at = 0; at < bare.size();) {
    std::size_t end = at + 1;
    if (is_letter(bare[at]) || is_digit(bare[at])) {
      while (end < bare.size() && (is_letter(bare[end]) || is_digit(bare[end]))) ++end;
      if (is_letter(bare[at])) found.emplace_back(bare.substr(at, end - at));
    }
    at = end;
  }
  return found;
}

std::vector<std::string> words_of(std::string_view identifier) {
  std::vector<std::string> words;
  std::string word;
  const auto finish = [&] {
    if (!word.empty()) words.push_back(word);
    word.clear();
  };
  for (std::size_t at = 0; at < identifier.size(); ++at) {
    const char c = identifier[at];
    if (c == '_') {
      finish();
      continue;
    }
    const bool hump =
        is_upper(c) && !word.empty() &&
        (!is_upper(word.back()) || (at + 1 < identifier.size() && is_lower(identifier[at + 1])));
    if (hump) finish();
    word.push_back(c);
  }
  finish();
  return words;
}

std::size_t columns_of(std::string_view line) {
  std::size_t columns = 0;
  for (const char c : line) columns += (static_cast<unsigned char>(c) & 0xC0U) != 0x80U ? 1U : 0U;
  return columns;
}

}  // namespace tests
