#include "twin/record/daily_heads.hpp"

#include <fmt/format.h>

#include <charconv>
#include <chrono>
#include <utility>

#include "twin/core/hash.hpp"

namespace twin::record {
namespace {

constexpr std::string_view FileName = "daily-heads.txt";
constexpr std::uint64_t FileBytesMax = 64U << 20;  // 1,500 years of days
constexpr core::Tick DayMs = 86'400'000;

std::string check_of(std::string_view line) {
  return fmt::format("{:016x}", core::hash64(line.data(), line.size()));
}

[[noreturn]] void bad(std::string_view line) {
  throw core::Error("'" + std::string(line) +
                    "' is no daily head (it is: date, number of entries, 64 hexadecimal digits)");
}

template <class T>
T number(std::string_view digits, std::string_view line) {
  T value{};
  const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), value);
  if (digits.empty() || error != std::errc() || end != digits.data() + digits.size()) bad(line);
  return value;
}

}  // namespace

std::int64_t day_of(core::Tick ms) { return ms >= 0 ? ms / DayMs : -((-(ms + 1)) / DayMs) - 1; }

std::string to_string(const DailyHead& head) {
  const std::chrono::year_month_day date{
      std::chrono::sys_days{std::chrono::days{static_cast<int>(head.day)}}};
  return fmt::format("{:04}-{:02}-{:02} {} {}", static_cast<int>(date.year()),
                     static_cast<unsigned>(date.month()), static_cast<unsigned>(date.day()),
                     head.head.entries, hex(head.head.chain));
}

DailyHead daily_head_of(std::string_view line) {
  const std::size_t first = line.find(' ');
  const std::size_t second = line.rfind(' ');
  if (first == std::string_view::npos || second == first) bad(line);
  const std::string_view date = line.substr(0, first);
  const std::size_t dash = date.find('-', 1);
  if (dash == std::string_view::npos || date.size() != dash + 6 || date[dash + 3] != '-') bad(line);
  const std::chrono::year_month_day day{
      std::chrono::year{number<int>(date.substr(0, dash), line)},
      std::chrono::month{number<unsigned>(date.substr(dash + 1, 2), line)},
      std::chrono::day{number<unsigned>(date.substr(dash + 4, 2), line)}};
  const auto chain = digest_of_hex(line.substr(second + 1));
  if (!day.ok() || !chain) bad(line);
  DailyHead head;
  head.day = std::chrono::sys_days{day}.time_since_epoch().count();
  head.head.entries = number<std::uint64_t>(line.substr(first + 1, second - first - 1), line);
  head.head.chain = *chain;
  return head;
}

DailyHeads::DailyHeads(Disk& disk, std::string folder) : disk_(disk), folder_(std::move(folder)) {
  const std::string path = folder_ + "/" + std::string(FileName);
  if (!disk.exists(path)) return;
  const auto bytes = read_all(disk, path, FileBytesMax);
  const std::string_view text(reinterpret_cast<const char*>(bytes.data()), bytes.size());
  while (bytes_ < text.size()) {
    const std::size_t end = text.find('\n', bytes_);
    if (end == std::string_view::npos) return;  // a line that was being written
    const std::string_view line = text.substr(bytes_, end - bytes_);
    const std::size_t last = line.rfind(' ');
    if (last == std::string_view::npos || line.substr(last + 1) != check_of(line.substr(0, last))) {
      if (end + 1 == text.size()) return;
      throw core::Error(core::Place{path, heads_.size() + 1, {}},
                        "the daily head was changed (its check is wrong); restore the file?");
    }
    heads_.push_back(daily_head_of(line.substr(0, last)));
    bytes_ = end + 1;
  }
}

void DailyHeads::add(const DailyHead& head) {
  const std::string path = folder_ + "/" + std::string(FileName);
  const bool is_new = !disk_.exists(path);
  const auto file = disk_.open(path, is_new ? Access::Create : Access::Change);
  std::string line = to_string(head);
  line += " " + check_of(line) + "\n";
  file->truncate(bytes_);
  file->write(bytes_, {reinterpret_cast<const std::uint8_t*>(line.data()), line.size()});
  file->sync();
  if (is_new) disk_.sync_folder(folder_);
  heads_.push_back(head);
  bytes_ += line.size();
}

}  // namespace twin::record
