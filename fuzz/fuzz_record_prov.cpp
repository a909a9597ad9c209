// Any bytes as a provenance document: what is read can be written, and is then read as the same.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>

#include "twin/core/error.hpp"
#include "twin/record/prov.hpp"

namespace {

using namespace twin::record;

void must(bool condition) {
  if (!condition) std::abort();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  ProvDocument document;
  try {
    document = read_prov({reinterpret_cast<const char*>(data), size});
  } catch (const twin::core::Error&) {
    return 0;
  }
  const std::string json = to_json(document);
  must(to_json(read_prov(json)) == json);
  return 0;
}
