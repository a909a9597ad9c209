#include "cases/kit/kept.hpp"

#include <fmt/core.h>

#include <array>
#include <cstdlib>
#include <fstream>
#include <sstream>

#include "twin/core/hash.hpp"

namespace cases {
namespace {

std::string hash_of(const std::string& file) {
  std::ifstream in(file, std::ios::binary);
  twin::core::Hash64 hash;
  std::array<char, 1 << 16> part;
  while (in.read(part.data(), part.size()) || in.gcount() > 0)
    hash.absorb(part.data(), static_cast<std::size_t>(in.gcount()));
  return fmt::format("{:016x}", hash.digest());
}

}  // namespace

Kept::Kept(std::filesystem::path file, const std::string& program) : file_(std::move(file)) {
  if (file_.empty()) return;
  program_ = hash_of(program);
  std::stringstream all;
  all << std::ifstream(file_, std::ios::binary).rdbuf();
  const std::string text = all.str();
  const auto end = text.rfind('\n') + 1;  // 0 where there is no whole line
  for (std::size_t at = 0; at < end;) {
    const auto stop = text.find('\n', at);
    const std::string line = text.substr(at, stop - at);
    const auto tab = line.find('\t', line.find('\t') + 1);
    if (tab != std::string::npos) lines_[line.substr(0, tab)] = line.substr(tab + 1);
    at = stop + 1;
  }
  if (end < text.size()) std::filesystem::resize_file(file_, end);
}

Kept& Kept::of_environment() {
  const char* file = std::getenv("FABTWIN_KEEP");
  static Kept kept(file == nullptr ? "" : file);
  return kept;
}

std::string Kept::get(const std::string& name, const std::function<std::string()>& work) {
  const std::string key = program_ + '\t' + name;
  {
    const std::scoped_lock lock(mutex_);
    if (const auto found = lines_.find(key); found != lines_.end()) return found->second;
  }
  std::string value = work();
  if (file_.empty()) return value;
  const std::scoped_lock lock(mutex_);
  lines_[key] = value;
  std::ofstream out(file_, std::ios::binary | std::ios::app);
  out << key << '\t' << value << '\n' << std::flush;
  return value;
}

}  // namespace cases
