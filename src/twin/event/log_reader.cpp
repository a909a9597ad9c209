// Reads an event log block by block and says where it is damaged.
#include <algorithm>
#include <array>
#include <istream>

#include "twin/event/frame.hpp"
#include "twin/event/log.hpp"

namespace twin::event {
namespace {

using Cause = LogDamaged::Cause;

// Fixed-width numbers and texts of a block that was checked; `whole` turns false where one does not
// fit.
struct Payload {
  const std::uint8_t* at;
  const std::uint8_t* end;
  bool whole = true;

  std::uint64_t number(std::size_t bytes) {
    if (static_cast<std::size_t>(end - at) < bytes) {
      whole = false;
      at = end;
      return 0;
    }
    const std::uint64_t value = get_little(at, bytes);
    at += bytes;
    return value;
  }

  std::string_view text() {
    const std::uint64_t bytes = number(4);
    if (static_cast<std::uint64_t>(end - at) < bytes) {
      whole = false;
      at = end;
      return {};
    }
    const std::string_view text{reinterpret_cast<const char*>(at), bytes};
    at += bytes;
    return text;
  }

  // The names that fill the rest.
  void names(std::uint32_t count, Names& into) {
    for (; count > 0 && whole; --count) {
      const std::uint64_t table = number(1);
      const std::string_view name = text();
      if (table >= TableCount || name.empty() || into.find(static_cast<Table>(table), name)) {
        whole = false;
        return;
      }
      into.add(static_cast<Table>(table), name);
    }
    whole = whole && at == end;
  }
};

}  // namespace

LogDamaged::LogDamaged(const std::string& file, Cause cause, std::uint64_t offset,
                       const std::string& why)
    : Error(core::Place{file, 0, {}},
            std::string(cause == Cause::Foreign ? "not readable" : "damaged") + " at byte " +
                std::to_string(offset) + " (" + why + ")"),
      cause_(cause),
      offset_(offset) {}

LogReader::LogReader(std::istream& in, std::string file) : in_(in), file_(std::move(file)) {
  std::array<std::uint8_t, LogPreambleBytes> preamble{};
  in_.read(reinterpret_cast<char*>(preamble.data()), preamble.size());
  const auto got = static_cast<std::size_t>(in_.gcount());
  offset_ = got;
  if (!std::equal(preamble.begin(), preamble.begin() + std::min(got, LogMagic.size()),
                  LogMagic.begin())) {
    damaged(Cause::Foreign, "it does not begin as an event log does");
  }
  if (got < preamble.size()) damaged(Cause::Truncated, "it ends within its first bytes");
  const std::uint64_t version = get_little(preamble.data() + LogMagic.size(), 4);
  if (version != LogVersion) {
    damaged(Cause::Foreign, "its format has version " + std::to_string(version) +
                                ", this program reads " + std::to_string(LogVersion));
  }
  read_header();
}

void LogReader::damaged(Cause cause, const std::string& why) const {
  throw LogDamaged(file_, cause, block_offset_, why);
}

void LogReader::bad_event() {
  left_ = 0;  // the rest of the block cannot be trusted
  damaged(Cause::Corrupt, "an event is not of this schema");
}

// Reads and checks one block; its tag.
std::uint32_t LogReader::read_block(std::uint32_t& count) {
  block_offset_ = offset_;
  std::array<std::uint8_t, Frame::Bytes> first{};
  in_.read(reinterpret_cast<char*>(first.data()), first.size());
  const auto got = static_cast<std::size_t>(in_.gcount());
  offset_ += got;
  if (got == 0) damaged(Cause::Truncated, "its closing block is missing");
  if (got < first.size()) damaged(Cause::Truncated, "it ends within a block");
  const Frame frame = read_frame(first.data());
  if (frame.bytes > Frame::PayloadMax) {
    damaged(Cause::Corrupt, "a block of " + std::to_string(frame.bytes) + " bytes is announced");
  }
  // Piece by piece, so that a damaged length cannot make us allocate what is not there.
  constexpr std::size_t Piece = 1U << 20;
  std::size_t have = 0;
  while (have < frame.bytes) {
    const std::size_t want = std::min<std::size_t>(Piece, frame.bytes - have);
    if (payload_.size() < have + want + CodedBytesMax) payload_.resize(have + want + CodedBytesMax);
    in_.read(reinterpret_cast<char*>(payload_.data() + have), static_cast<std::streamsize>(want));
    const auto read = static_cast<std::size_t>(in_.gcount());
    have += read;
    offset_ += read;
    if (read < want) damaged(Cause::Truncated, "it ends within a block");
  }
  if (payload_.size() < CodedBytesMax) payload_.resize(CodedBytesMax);
  if (frame_check(first.data(), payload_.data(), frame.bytes) != frame.check) {
    damaged(Cause::Corrupt, "a block's check does not fit its bytes");
  }
  std::fill_n(payload_.begin() + frame.bytes, CodedBytesMax, std::uint8_t{0});
  at_ = payload_.data();
  end_ = at_ + frame.bytes;
  count = frame.count;
  return frame.tag;
}

void LogReader::read_header() {
  std::uint32_t count = 0;
  if (read_block(count) != HeadTag) damaged(Cause::Corrupt, "the first block is not the header");
  Payload payload{at_, end_};
  header_.time_zero_ms = static_cast<std::int64_t>(payload.number(8));
  header_.seed = payload.number(8);
  header_.configuration_hash = payload.number(8);
  header_.model_version = payload.text();
  payload.names(count, header_.names);
  if (!payload.whole) damaged(Cause::Corrupt, "the header is not of this schema");
}

bool LogReader::next_block() {
  while (!whole_) {
    std::uint32_t count = 0;
    switch (read_block(count)) {
      case EventsTag:
        if (count == 0) bad_event();
        codec_.restart();
        left_ = count;
        events_ += count;
        return true;
      case NamesTag: read_names(count); break;
      case CloseTag: read_end(); break;
      default: damaged(Cause::Corrupt, "a block has an unknown tag");
    }
  }
  return false;
}

void LogReader::read_names(std::uint32_t count) {
  Payload payload{at_, end_};
  payload.names(count, header_.names);
  if (!payload.whole) damaged(Cause::Corrupt, "names are not of this schema");
}

void LogReader::read_end() {
  Payload payload{at_, end_};
  const std::uint64_t announced = payload.number(8);
  if (!payload.whole || payload.at != payload.end) {
    damaged(Cause::Corrupt, "the closing block is not of this schema");
  }
  if (announced != events_) {
    damaged(Cause::Corrupt, "it holds " + std::to_string(events_) + " events, its end announces " +
                                std::to_string(announced));
  }
  block_offset_ = offset_;
  if (in_.peek() != std::istream::traits_type::eof()) {
    damaged(Cause::Corrupt, "bytes follow the closing block");
  }
  whole_ = true;
}

}  // namespace twin::event
