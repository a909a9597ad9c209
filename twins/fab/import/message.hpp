// How a reader words a user's mistake, so that all of them read alike: "problem (why) suggestion?".
#pragma once
#include <span>
#include <string>
#include <string_view>

namespace twins::fab::import {

// 'text', shortened where it is long: it goes into a message on one line.
std::string quote(std::string_view text);

// "problem (why) suggestion"; an empty part is left out.
std::string sentence(std::string_view problem, std::string_view why,
                     std::string_view suggestion = {});

// "did you mean X?" for the known word nearest to the given one; empty where none is near.
std::string did_you_mean(std::string_view given, std::span<const std::string> known);

}  // namespace twins::fab::import
