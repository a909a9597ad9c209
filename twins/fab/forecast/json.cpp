#include "twins/fab/forecast/json.hpp"

#include <nlohmann/json.hpp>

#include "twin/core/error.hpp"
#include "twin/score/vvuq/json.hpp"

namespace twins::fab::forecast {

namespace {

using nlohmann::json;

struct Page {  // the forecast and the names of its numbers
  const Forecast& forecast;
  std::string time_unit = "tick";  // [ms]
  std::vector<double> levels{Levels.begin(), Levels.end()};
  std::string staleness{};
  std::vector<std::string> group_names{}, product_names{}, tool_names{}, step_names{};

  template <class Archive>
  static void fields(Archive& a, auto& self) {
    a("time_unit", self.time_unit);
    a("levels", self.levels);
    a("staleness", self.staleness);
    Forecast::fields(a, self.forecast);
    a("group_names", self.group_names);
    a("product_names", self.product_names);
    a("tool_names", self.tool_names);
    a("step_names", self.step_names);
  }
};

class Reader {
 public:
  static constexpr bool Loading = true;
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

std::string to_json(const Layout& m, const Forecast& forecast) {
  Page page{forecast};
  page.staleness = staleness_text(forecast);
  for (const ToolGroup& g : m.description.tool_groups) page.group_names.push_back(g.name);
  for (const Product& p : m.description.products) page.product_names.push_back(p.name);
  for (std::uint32_t t = 0; t < m.tools(); ++t) page.tool_names.push_back(m.tool_name(t));
  for (std::uint32_t s = 0; s < m.steps.size(); ++s) page.step_names.push_back(m.step_name(s));
  twin::score::vvuq::JsonWriter writer;
  writer.value(page);
  return writer.text() + "\n";
}

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
