// The text of a rule with what stands beside it, put together and taken apart: "cr:batch=mcb,conwip=60".
#pragma once
#include <string>
#include <string_view>

namespace twins::fab {

// With one parameter more ("conwip=60"). One of the same name, the part before the equals sign, is replaced, but for
// those of a tool's qualification, which add up.
std::string with_parameter(std::string_view rule, std::string_view parameter);

// Without those that say when lots enter.
std::string without_release(std::string_view rule);
std::string release_of(std::string_view rule);  // those alone: "conwip=60,conwip.a=6"

// The same of those that say which tools do what.
std::string without_qualification(std::string_view rule);
std::string qualification_of(std::string_view rule);

// Without the plans of tools.
std::string without_plan(std::string_view rule);

}  // namespace twins::fab
