#include "twins/fab/rules/policy_text.hpp"

#include <functional>

#include "twins/fab/rules/group_plan.hpp"
#include "twins/fab/rules/qualification.hpp"
#include "twins/fab/rules/release_control.hpp"

namespace twins::fab {

namespace {

std::string_view name_of(std::string_view parameter) {
  return parameter.substr(0, parameter.find('='));
}

std::string without(std::string_view rule, const std::function<bool(std::string_view)>& goes) {
  std::size_t from = rule.find(':');
  std::string text(rule.substr(0, from));
  char before = ':';
  while (from != std::string_view::npos) {
    const std::size_t comma = rule.find(',', from + 1);
    const std::string_view parameter =
        rule.substr(from + 1, comma == std::string_view::npos ? comma : comma - from - 1);
    if (!goes(name_of(parameter))) {
      text += before;
      text += parameter;
      before = ',';
    }
    from = comma;
  }
  return text;
}

// The parameters that stay, without the rule.
std::string only(std::string_view rule, const std::function<bool(std::string_view)>& stays) {
  const std::string text = without(rule, [&](std::string_view name) { return !stays(name); });
  const std::size_t colon = text.find(':');
  return colon == std::string::npos ? "" : text.substr(colon + 1);
}

}  // namespace

std::string with_parameter(std::string_view rule, std::string_view parameter) {
  std::string text = without(rule, [&](std::string_view name) {
    return name == name_of(parameter) && !is_qualification_parameter(name);
  });
  text += text.find(':') == std::string::npos ? ':' : ',';
  return text + std::string(parameter);
}

std::string without_release(std::string_view rule) { return without(rule, is_release_parameter); }
std::string release_of(std::string_view rule) { return only(rule, is_release_parameter); }

std::string without_plan(std::string_view rule) { return without(rule, is_plan_parameter); }

std::string without_qualification(std::string_view rule) {
  return without(rule, is_qualification_parameter);
}
std::string qualification_of(std::string_view rule) {
  return only(rule, is_qualification_parameter);
}

}  // namespace twins::fab
