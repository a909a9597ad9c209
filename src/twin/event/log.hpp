// The compact event log: what a run or a link has seen, in blocks that are checked one by one. The
// writer holds one block, the reader one block; what stands before a damage is always given.
// Layout: docs/event-log.md.
#pragma once
#include <cstddef>
#include <cstdint>
#include <iosfwd>
#include <string>
#include <string_view>
#include <vector>

#include "twin/core/error.hpp"
#include "twin/event/codec.hpp"
#include "twin/event/event.hpp"
#include "twin/event/names.hpp"

namespace twin::event {

struct LogHeader {
  std::int64_t time_zero_ms = 0;         // moment of tick 0 [ms since 1970-01-01T00:00:00Z]
  std::string model_version;             // of the model, or of the link, that wrote the log
  std::uint64_t seed = 0;                // of the run; 0 for a live fab
  std::uint64_t configuration_hash = 0;  // of everything the run was told
  Names names;
  bool operator==(const LogHeader&) const = default;
};

// A log that cannot be read on. `offset` is where the block begins that is not whole.
class LogDamaged : public core::Error {
 public:
  enum class Cause {
    Truncated,  // ends within a block, or without its closing block: its writer was stopped
    Corrupt,    // bytes were changed
    Foreign,    // no event log, or one of another version
  };
  LogDamaged(const std::string& file, Cause cause, std::uint64_t offset, const std::string& why);
  [[nodiscard]] Cause cause() const noexcept { return cause_; }
  [[nodiscard]] std::uint64_t offset() const noexcept { return offset_; }  // [bytes]

 private:
  Cause cause_;
  std::uint64_t offset_;
};

class LogWriter {
 public:
  struct Options {
    std::uint32_t events_per_block =
        65'536;  // 1..1,048,576; more compress better, fewer are lost in a crash
  };

  // The stream (binary) stays the caller's and must outlive the writer. Throws Error where it
  // refuses bytes.
  LogWriter(std::ostream& out, const LogHeader& header) : LogWriter(out, header, Options{}) {}
  LogWriter(std::ostream& out, const LogHeader& header, Options options);
  LogWriter(const LogWriter&) = delete;
  LogWriter& operator=(const LogWriter&) = delete;

  // Puts what it holds on the stream, without the closing block: only close() says that the log is
  // whole.
  ~LogWriter();

  void add(const Event& event);

  // The number of a name, which is written before the block of the next event where it is new.
  std::uint32_t learn(Table table, std::string_view name);

  void flush();  // ends the block: all events so far are on the stream
  void close();  // flushes and says that the log is whole; nothing can be added after it

  [[nodiscard]] std::uint64_t events() const noexcept { return events_; }
  [[nodiscard]] const Names& names() const noexcept { return names_; }

 private:
  void write_block(std::uint32_t tag, std::uint32_t count);
  void flush_names();
  void flush_events();

  std::ostream& out_;
  Options options_;
  Codec codec_;
  Names names_;
  std::vector<std::uint8_t> block_;  // header and payload of the block under way
  std::uint8_t* end_ = nullptr;      // of what it holds
  std::uint32_t in_block_ = 0;       // [events]
  std::uint64_t events_ = 0;         // [events] so far
  std::vector<std::uint8_t> new_names_;
  std::uint32_t new_names_count_ = 0;
  bool closed_ = false;
};

class LogReader {
 public:
  // Reads the header. `file` is what messages call the stream (binary), which must outlive the
  // reader.
  explicit LogReader(std::istream& in, std::string file = "event log");

  // The next event; false at the end of a whole log. Throws LogDamaged once all events of the
  // blocks before the damage were given.
  bool next(Event& event) {
    if (left_ == 0 && !next_block()) return false;
    at_ = codec_.decode(event, at_);
    if (at_ == nullptr || at_ > end_) [[unlikely]]
      bad_event();
    --left_;
    if (left_ == 0 && at_ != end_) [[unlikely]]
      bad_event();
    return true;
  }

  // Names that were learnt on the way are added as they come.
  [[nodiscard]] const LogHeader& header() const noexcept { return header_; }
  [[nodiscard]] std::uint64_t offset() const noexcept { return offset_; }  // [bytes] read so far

 private:
  bool next_block();
  std::uint32_t read_block(std::uint32_t& count);
  void read_header();
  void read_names(std::uint32_t count);
  void read_end();
  [[noreturn]] void bad_event();
  [[noreturn]] void damaged(LogDamaged::Cause cause, const std::string& why) const;

  std::istream& in_;
  std::string file_;
  LogHeader header_;
  Codec codec_;
  std::vector<std::uint8_t> payload_;            // of the block being read, and CodedBytesMax zeros
  const std::uint8_t* at_ = nullptr;             // the next event's bytes
  const std::uint8_t* end_ = nullptr;            // of the payload
  std::uint32_t left_ = 0;                       // [events] in the block
  std::uint64_t events_ = 0;                     // [events] in the blocks so far
  std::uint64_t offset_ = 0, block_offset_ = 0;  // [bytes] read; where the block began
  bool whole_ = false;                           // the closing block was read
};

}  // namespace twin::event
