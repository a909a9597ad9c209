// Writes an event log block by block.
#include <limits>
#include <ostream>

#include "twin/core/expect.hpp"
#include "twin/event/frame.hpp"
#include "twin/event/log.hpp"

namespace twin::event {
namespace {

void put_number(std::vector<std::uint8_t>& out, std::uint64_t value, std::size_t bytes) {
  const std::size_t at = out.size();
  out.resize(at + bytes);
  put_little(out.data() + at, value, bytes);
}

void put_text(std::vector<std::uint8_t>& out, std::string_view text) {
  TWIN_EXPECT(text.size() <= std::numeric_limits<std::uint32_t>::max(), text.size());
  put_number(out, text.size(), 4);
  out.insert(out.end(), text.begin(), text.end());
}

void put_name(std::vector<std::uint8_t>& out, Table table, std::string_view name) {
  out.push_back(static_cast<std::uint8_t>(table));
  put_text(out, name);
}

void put_bytes(std::ostream& out, const std::uint8_t* bytes, std::size_t count) {
  out.write(reinterpret_cast<const char*>(bytes), static_cast<std::streamsize>(count));
  if (!out)
    throw core::Error("the event log cannot be written (the stream failed) is the disk full?");
}

// Seals the block whose first Frame::Bytes are still free and puts it on the stream.
void put_block(std::ostream& out, std::uint8_t* block, std::size_t block_bytes, std::uint32_t tag,
               std::uint32_t count) {
  const std::size_t payload = block_bytes - Frame::Bytes;
  if (payload > Frame::PayloadMax) {
    throw core::Error("the event log cannot be written (its names need " + std::to_string(payload) +
                      " bytes, a block holds " + std::to_string(Frame::PayloadMax) + ")");
  }
  seal_block(block, tag, static_cast<std::uint32_t>(payload), count);
  put_bytes(out, block, block_bytes);
}

}  // namespace

LogWriter::LogWriter(std::ostream& out, const LogHeader& header, Options options)
    : out_(out), options_(options), names_(header.names) {
  TWIN_EXPECT(options.events_per_block >= 1 && options.events_per_block <= 1U << 20,
              options.events_per_block);
  std::vector<std::uint8_t> bytes(LogMagic.begin(), LogMagic.end());
  put_number(bytes, LogVersion, 4);
  put_bytes(out_, bytes.data(), bytes.size());

  bytes.assign(Frame::Bytes, 0);
  put_number(bytes, static_cast<std::uint64_t>(header.time_zero_ms), 8);
  put_number(bytes, header.seed, 8);
  put_number(bytes, header.configuration_hash, 8);
  put_text(bytes, header.model_version);
  std::uint32_t count = 0;
  for (std::size_t t = 0; t < TableCount; ++t) {
    for (const std::string& name : names_.of(static_cast<Table>(t))) {
      put_name(bytes, static_cast<Table>(t), name);
      ++count;
    }
  }
  put_block(out_, bytes.data(), bytes.size(), HeadTag, count);

  block_.resize(Frame::Bytes + 4096 + CodedBytesMax);
  end_ = block_.data() + Frame::Bytes;
  new_names_.assign(Frame::Bytes, 0);
}

LogWriter::~LogWriter() {
  if (closed_) return;
  try {
    flush();
  } catch (const core::
               Error&) {  // the stream failed: the log ends before this block and says so when read
  }
}

void LogWriter::add(const Event& event) {
  TWIN_EXPECT(!closed_);
  TWIN_EXPECT(!to_string(event.kind).empty(), static_cast<unsigned>(event.kind));
  if (in_block_ == 0) codec_.restart();
  if (block_.data() + block_.size() - end_ < static_cast<std::ptrdiff_t>(CodedBytesMax)) {
    const std::ptrdiff_t held = end_ - block_.data();
    block_.resize(block_.size() * 2);  // up to the largest block met; never again
    end_ = block_.data() + held;
  }
  end_ = codec_.encode(event, end_);
  ++events_;
  if (++in_block_ == options_.events_per_block) flush_events();
}

std::uint32_t LogWriter::learn(Table table, std::string_view name) {
  TWIN_EXPECT(!closed_);
  const std::size_t before = names_.of(table).size();
  const std::uint32_t id = names_.add(table, name);
  if (id >= before) {
    put_name(new_names_, table, name);
    ++new_names_count_;
  }
  return id;
}

void LogWriter::flush_names() {
  if (new_names_count_ == 0) return;
  put_block(out_, new_names_.data(), new_names_.size(), NamesTag, new_names_count_);
  new_names_.assign(Frame::Bytes, 0);
  new_names_count_ = 0;
}

// The names learnt meanwhile go first: a reader knows every name before the first event that uses
// it.
void LogWriter::flush_events() {
  flush_names();
  if (in_block_ == 0) return;
  const auto bytes = static_cast<std::size_t>(end_ - block_.data());
  const std::uint32_t count = in_block_;
  in_block_ = 0;
  end_ = block_.data() + Frame::Bytes;
  put_block(out_, block_.data(), bytes, EventsTag, count);
}

void LogWriter::flush() {
  flush_events();
  out_.flush();
  if (!out_)
    throw core::Error("the event log cannot be written (the stream failed) is the disk full?");
}

void LogWriter::close() {
  TWIN_EXPECT(!closed_);
  flush();
  std::vector<std::uint8_t> bytes(Frame::Bytes, 0);
  put_number(bytes, events_, 8);
  put_block(out_, bytes.data(), bytes.size(), CloseTag, 0);
  closed_ = true;
  flush();
}

}  // namespace twin::event
