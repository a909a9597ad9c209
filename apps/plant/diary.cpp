#include "apps/plant/diary.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/file.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstring>
#include <nlohmann/json.hpp>

#include "apps/fabtwin/files.hpp"
#include "twin/core/error.hpp"

namespace apps::plant {

using twin::core::Error;
using twin::core::Place;

namespace {

constexpr std::array Words = {"hold", "release", "priority", "start_pm", "recipe_offset", "rule"};

// Throws nlohmann's exceptions or Error's texts for what is no note.
Noted noted_of(const std::string& line) {
  const auto json = nlohmann::json::parse(line);
  // A whole number that fits; what is 1e300 must not be cast.
  const auto whole = [&](const char* key, auto number) {
    const auto& value = json.at(key);
    if (!value.is_number_integer() || nlohmann::json(value.get<decltype(number)>()) != value)
      throw std::runtime_error("no such number");
    return value.get<decltype(number)>();
  };
  Noted noted{.at = whole("at", Tick{0})};
  const auto word = json.at("do").get<std::string>();
  if (word == "restart") return noted;
  const auto kind = parse_command(word);
  if (!kind) throw std::runtime_error("unknown word '" + word + "'");
  Command c{.kind = *kind};
  if (json.contains("lot")) c.lot = whole("lot", c.lot);
  if (json.contains("tool")) c.tool = whole("tool", c.tool);
  if (json.contains("item")) c.item = whole("item", c.item);
  c.value = json.value("value", c.value);
  c.rule = json.value("rule", c.rule);
  noted.command = c;
  return noted;
}

}  // namespace

std::string_view to_string(Command::Kind kind) { return Words[static_cast<std::size_t>(kind)]; }

std::optional<Command::Kind> parse_command(std::string_view text) {
  for (std::size_t k = 0; k < Words.size(); ++k)
    if (Words[k] == text) return static_cast<Command::Kind>(k);
  return {};
}

std::string to_string(const Noted& noted) {
  if (!noted.command) return fmt::format(R"({{"at":{},"do":"restart"}})", noted.at);
  const Command& c = *noted.command;
  std::string line = fmt::format(R"({{"at":{},"do":"{}")", noted.at, to_string(c.kind));
  if (c.lot != twins::fab::None) line += fmt::format(R"(,"lot":{})", c.lot);
  if (c.tool != twins::fab::None) line += fmt::format(R"(,"tool":{})", c.tool);
  if (c.item != 0) line += fmt::format(R"(,"item":{})", c.item);
  if (c.value != 0.0) line += fmt::format(R"(,"value":{})", c.value);
  if (!c.rule.empty()) line += fmt::format(R"(,"rule":{})", nlohmann::json(c.rule).dump());
  return line + "}";
}

Diary::Diary(std::filesystem::path file) : file_(std::move(file)) {
  std::string text;
  if (std::filesystem::exists(file_)) text = fabtwin::read_text(file_);
  std::size_t whole = 0, number = 0;
  for (std::size_t end = text.find('\n'); end != std::string::npos; end = text.find('\n', whole)) {
    ++number;
    try {
      notes_.push_back(noted_of(text.substr(whole, end - whole)));
    } catch (const std::exception&) {
      throw Error(Place{file_.string(), number, {}}, "no note of a plant's diary");
    }
    if (notes_.size() > 1 && notes_.back().at < notes_[notes_.size() - 2].at)
      throw Error(Place{file_.string(), number, {}}, "earlier than the note before it");
    whole = end + 1;
  }
  descriptor_ = ::open(file_.c_str(), O_WRONLY | O_CREAT | O_CLOEXEC, 0666);
  if (descriptor_ >= 0 && ::flock(descriptor_, LOCK_EX | LOCK_NB) != 0) {
    ::close(descriptor_);
    throw Error(file_.string() + ": another plant runs in this folder");
  }
  if (descriptor_ < 0 || ::ftruncate(descriptor_, static_cast<off_t>(whole)) != 0 ||
      ::lseek(descriptor_, 0, SEEK_END) < 0)
    throw Error(file_.string() + ": cannot be written (" + std::strerror(errno) + ")");
}

Diary::~Diary() {
  if (descriptor_ >= 0) ::close(descriptor_);
}

void Diary::note(const Noted& noted) {
  const std::string line = to_string(noted) + "\n";
  const ssize_t n = ::write(descriptor_, line.data(), line.size());
  if (n != static_cast<ssize_t>(line.size()) || ::fdatasync(descriptor_) != 0)
    throw Error(file_.string() + ": cannot be written (" + std::strerror(errno) + ")");
  notes_.push_back(noted);
}

}  // namespace apps::plant
