// The only file of this folder that names nlohmann/json: its parser feeds the value one token at a time.
#include "twin/people/json_value.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <nlohmann/json.hpp>

#include "twin/core/error.hpp"
#include "twin/core/expect.hpp"

namespace twin::people {
namespace {

using Kind = JsonValue::Kind;
using Library = nlohmann::json;

class Builder final : public nlohmann::json_sax<Library> {
 public:
  [[nodiscard]] std::string_view why() const { return why_; }
  [[nodiscard]] std::size_t byte() const { return byte_; }
  [[nodiscard]] JsonValue take() { return std::move(root_); }

  bool null() override { return put({}) != nullptr; }
  bool boolean(bool truth) override {
    return put({.kind = Kind::Truth, .truth = truth}) != nullptr;
  }
  bool number_integer(number_integer_t whole) override {
    return put({.kind = Kind::Whole, .whole = whole, .number = static_cast<double>(whole)}) !=
           nullptr;
  }
  bool number_unsigned(number_unsigned_t whole) override {
    if (whole <= static_cast<number_unsigned_t>(INT64_MAX))
      return number_integer(static_cast<number_integer_t>(whole));
    return number_float(static_cast<double>(whole), {});
  }
  bool number_float(number_float_t number, const string_t& /*digits*/) override {
    return put({.kind = Kind::Number, .number = number}) != nullptr;
  }
  bool string(string_t& text) override {
    return put({.kind = Kind::Text, .text = std::move(text)}) != nullptr;
  }
  bool binary(binary_t& /*bytes*/) override { return false; }
  bool start_object(std::size_t /*count*/) override { return open(Kind::Object); }
  bool start_array(std::size_t /*count*/) override { return open(Kind::List); }
  bool end_object() override { return close(); }
  bool end_array() override { return close(); }
  bool key(string_t& name) override {
    std::vector<std::string>& names = open_.back()->names;
    if (std::ranges::find(names, name) != names.end()) {
      why_ = fmt::format("the name '{}' stands twice in one object", name);
      return false;
    }
    names.push_back(std::move(name));
    return true;
  }
  bool parse_error(std::size_t byte, const std::string& /*token*/,
                   const nlohmann::detail::exception& /*error*/) override {
    byte_ = byte;
    why_ = "this is no JSON";
    return false;
  }

 private:
  // A pointer stays good: while an element is open, nothing is added to what it stands in.
  JsonValue* put(JsonValue value) {
    if (open_.empty()) {
      root_ = std::move(value);
      return &root_;
    }
    return &open_.back()->elements.emplace_back(std::move(value));
  }
  bool open(Kind kind) {
    if (open_.size() == JsonDepthMax) {
      why_ = fmt::format("deeper than {} levels", JsonDepthMax);
      return false;
    }
    open_.push_back(put({.kind = kind}));
    return true;
  }
  bool close() {
    open_.pop_back();
    return true;
  }

  JsonValue root_;
  std::vector<JsonValue*> open_;
  std::string why_;
  std::size_t byte_ = 0;
};

}  // namespace

const JsonValue* JsonValue::find(std::string_view name) const {
  const auto at = std::ranges::find(names, name);
  return at == names.end() ? nullptr : &elements[static_cast<std::size_t>(at - names.begin())];
}

JsonValue parse_json(std::string_view json, std::string_view what) {
  Builder builder;
  if (!Library::sax_parse(json.begin(), json.end(), &builder)) {
    const std::string place = builder.byte() == 0 ? "" : fmt::format("byte {}: ", builder.byte());
    throw core::Error(fmt::format("{}: {}{}", what, place, builder.why()));
  }
  return builder.take();
}

void put_json(std::string& out, std::string_view text) {
  out += Library(text).dump(-1, ' ', false, Library::error_handler_t::replace);
}

void put_json(std::string& out, double number) {
  TWIN_EXPECT(std::isfinite(number), number);
  if (number == 0.0) number = 0.0;  // -0 would be another text for the same number
  fmt::format_to(std::back_inserter(out), "{}", number);
}

}  // namespace twin::people
