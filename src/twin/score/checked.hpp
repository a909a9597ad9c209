// What every score asks of its input, said in the same words everywhere. A score that quietly
// leaves out what it cannot use flatters the forecast, so nothing is left out here.
#pragma once
#include <span>
#include <string_view>

namespace twin::score {

// core::Error unless x holds at least one number and every one is finite. what: the name of x in
// the message.
void need_finite(std::span<const double> x, std::string_view what);
void need_finite(double x, std::string_view what);

// core::Error unless x is finite and above 0.
void need_positive(double x, std::string_view what);

// core::Error unless 0 <= p <= 1.
void need_probability(double p, std::string_view what);

// core::Error unless 0 < level < 1: a confidence, or the share that an interval is to hold.
void need_level(double level, std::string_view what);

// core::Error unless both have as many.
void need_same_length(std::size_t a, std::string_view what_a, std::size_t b,
                      std::string_view what_b);

}  // namespace twin::score
