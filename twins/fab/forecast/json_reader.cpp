// A forecast from JSON, apart from the writer, which must know the fab: this reads what came from
// outside, and is fuzzed.
#include <limits>
#include <nlohmann/json.hpp>

#include "twin/core/error.hpp"
#include "twin/core/fields.hpp"
#include "twins/fab/forecast/json.hpp"

namespace twins::fab::forecast {

namespace {

using nlohmann::json;

class Reader {
 public:
  [[maybe_unused]] static constexpr bool Loading = true;
  Reader(const json& object, std::string path) : object_(object), path_(std::move(path)) {}

  template <class T>
  void operator()(const char* name, T& member) {
    const std::string path = path_ + "/" + name;
    if (!object_.is_object() || !object_.contains(name)) refuse(path, "is missing");
    read(object_[name], path, member);
  }

 private:
  [[noreturn]] static void refuse(const std::string& path, const std::string& why) {
    throw twin::core::Error("forecast: " + path + " " + why);
  }

  template <class T>
  static void read(const json& from, const std::string& path, T& to) {
    if constexpr (std::is_same_v<T, bool>) {
      if (!from.is_boolean()) refuse(path, "is neither true nor false");
      to = from.get<bool>();
    } else if constexpr (std::is_floating_point_v<T>) {
      if (!from.is_number() && !from.is_null()) refuse(path, "is no number");
      to = from.is_null() ? std::numeric_limits<T>::infinity() : from.get<T>();
    } else if constexpr (std::is_integral_v<T>) {
      const bool fits = from.is_number_unsigned()
                            ? from.get<std::uint64_t>() <=
                                  static_cast<std::uint64_t>(std::numeric_limits<T>::max())
                            : std::is_signed_v<T> && from.is_number_integer();
      if (!fits) refuse(path, "is no whole number of this size");
      to = from.get<T>();
    } else if constexpr (twin::core::Vector<T> || twin::core::StdArray<T>) {
      if (!from.is_array()) refuse(path, "is no array");
      if constexpr (twin::core::Vector<T>) {
        to.resize(from.size());
      } else if (from.size() != to.size()) {
        refuse(path, "has " + std::to_string(from.size()) + " numbers (must have " +
                         std::to_string(to.size()) + ")");
      }
      for (std::size_t i = 0; i < to.size(); ++i)
        read(from[i], path + "/" + std::to_string(i), to[i]);
    } else {
      Reader members(from, path);
      twin::core::visit_fields(members, to);
    }
  }

  const json& object_;
  std::string path_;
};

}  // namespace

Forecast from_json(std::string_view text) {
  const json page = json::parse(text, nullptr, false);
  if (page.is_discarded()) throw twin::core::Error("forecast: no JSON (is the file cut short?)");
  if (!page.is_object()) throw twin::core::Error("forecast: must be a JSON object");
  Forecast f;
  Reader schema(page, "");
  schema("schema", f.schema);
  if (f.schema != SchemaVersion)
    throw twin::core::Error("forecast: schema " + std::to_string(f.schema) +
                            " (this program reads " + std::to_string(SchemaVersion) + ")");
  Reader reader(page, "");
  twin::core::visit_fields(reader, f);
  check(f.budget);
  return f;
}

}  // namespace twins::fab::forecast
