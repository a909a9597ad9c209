#include "apps/plant/truth.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <cmath>

#include "twin/core/archive.hpp"
#include "twin/core/error.hpp"

namespace apps::plant {

using twin::core::Error;

std::string fault_line(const Fault& f, const Sources& sources) {
  std::string line = fmt::format(R"({{"at":{},"fault":"{}","source":"{}","epoch":{},"seq":{})",
                                 f.at, to_string(f.kind), sources.name(f.source), f.epoch, f.seq);
  if (f.value != 0.0) line += fmt::format(R"(,"ms":{})", f.value);
  if (!f.text.empty()) line += fmt::format(R"(,"what":"{}")", f.text);
  return line + "}";
}

std::string audit_line(const Fab& fab) {
  return fmt::format(R"({{"at":{},"view":"{:016x}","wip":{},"events":{}}})", fab.now(),
                     twin::core::fingerprint(fab.view()), fab.state().wip, fab.state().events);
}

Truth::Truth(std::filesystem::path folder, twin::event::LogHeader header)
    : folder_(std::move(folder)), header_(std::move(header)) {
  std::error_code failed;
  std::filesystem::create_directories(folder_, failed);
  if (failed) throw Error(folder_.string() + ": folder cannot be made (" + failed.message() + ")");
}

Truth::~Truth() = default;

std::filesystem::path Truth::piece(const std::filesystem::path& folder, Tick from,
                                   const char* what) {
  return folder / fmt::format("{:015}.{}", from, what);
}

std::vector<Tick> Truth::pieces(const std::filesystem::path& folder) {
  std::vector<Tick> found;
  std::error_code none;
  for (const auto& entry : std::filesystem::directory_iterator(folder, none)) {
    const std::string name = entry.path().filename().string();
    if (!name.ends_with(".ftel")) continue;
    Tick from = 0;
    const auto [end, failed] = std::from_chars(name.data(), name.data() + name.size() - 5, from);
    if (failed == std::errc{} && end == name.data() + name.size() - 5) found.push_back(from);
  }
  std::ranges::sort(found);
  return found;
}

void Truth::begin(Tick from) {
  close();
  for (const Tick old : pieces(folder_)) {
    if (old < from) continue;
    for (const char* what : {"ftel", "faults.jsonl", "audits.jsonl"})
      std::filesystem::remove(piece(folder_, old, what));
  }
  const auto open = [&](std::ofstream& file, const char* what) {
    const std::filesystem::path path = piece(folder_, from, what);
    file = std::ofstream(path, std::ios::binary | std::ios::trunc);
    if (!file) throw Error(path.string() + ": cannot be written");
  };
  open(events_, "ftel");
  open(faults_, "faults.jsonl");
  open(audits_, "audits.jsonl");
  log_ = std::make_unique<twin::event::LogWriter>(events_, header_);
}

void Truth::event(const twin::event::Event& event) { log_->add(event); }
void Truth::fault(const std::string& line) { faults_ << line << '\n'; }
void Truth::audit(const std::string& line) { audits_ << line << '\n'; }

void Truth::flush() {
  if (log_ == nullptr) return;
  log_->flush();
  for (std::ofstream* file : {&events_, &faults_, &audits_}) {
    file->flush();
    if (!*file) throw Error(folder_.string() + ": the plant's truth cannot be written");
  }
}

void Truth::close() {
  if (log_ == nullptr) return;
  log_->close();
  for (std::ofstream* file : {&events_, &faults_, &audits_}) {
    file->flush();
    if (!*file) throw Error(folder_.string() + ": the plant's truth cannot be written");
    file->close();
  }
  log_ = nullptr;
}

}  // namespace apps::plant
