// A file of an archive around any bytes whatever: seal and check sum are right, the fields need not
// be. For the tests and the fuzz target that tamper with fields.
#pragma once
#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "twin/core/archive.hpp"

namespace twin::core {

inline std::vector<std::byte> sealed(std::span<const std::byte> body, std::uint64_t layout) {
  std::vector<std::byte> all(sizeof(Seal) + body.size() + sizeof(std::uint64_t));
  Writer<CopySink> writer{CopySink{all.data()}};
  writer.write(Seal{.layout = layout, .bytes = body.size()});
  for (const std::byte b : body) writer.write(b);
  writer.write(hash64(all.data(), sizeof(Seal) + body.size()));
  return all;
}

}  // namespace twin::core
