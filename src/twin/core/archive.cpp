#include "twin/core/archive.hpp"

namespace twin::core {
namespace {

[[noreturn]] void refuse(const std::string& why) {
  throw Error("saved state cannot be read (" + why + ")");
}

}  // namespace

std::span<const std::byte> opened(std::span<const std::byte> bytes, std::uint64_t layout) {
  constexpr std::size_t Around = sizeof(Seal) + sizeof(std::uint64_t);
  if (bytes.size() < Around) {
    refuse("truncated: " + std::to_string(bytes.size()) + " bytes, at least " +
           std::to_string(Around) + " are needed");
  }
  const Seal right;
  const Seal seal = decode<Seal>(bytes.first(sizeof(Seal)));
  if (seal.magic != right.magic) refuse("no file of fabtwin: it starts otherwise");
  if (seal.version != right.version) {
    refuse("format version " + std::to_string(seal.version) + ", this program reads " +
           std::to_string(right.version));
  }
  const std::size_t body = bytes.size() - Around;
  if (seal.bytes > body) {
    refuse("truncated: " + std::to_string(seal.bytes) + " bytes of fields announced, " +
           std::to_string(body) + " are there");
  }
  if (seal.bytes < body) refuse(std::to_string(body - seal.bytes) + " bytes too many at the end");
  const auto sum = decode<std::uint64_t>(bytes.last(sizeof(std::uint64_t)));
  if (sum != hash64(bytes.data(), sizeof(Seal) + body))
    refuse("check sum is wrong: the bytes were damaged");
  if (seal.layout != layout)
    refuse("its fields are others than this program's: made for another version or model");
  return bytes.subspan(sizeof(Seal), body);
}

}  // namespace twin::core
