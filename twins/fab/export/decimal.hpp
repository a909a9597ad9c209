// Numbers as the text form holds them: in a unit, as short as can be, and such that the reader gets
// the same bits back.
#pragma once
#include <string>

namespace twins::fab {

// The shortest plain decimal d (no exponent) with double(d) * unit == value exactly, as the reader
// multiplies; where no decimal has this property, the one that comes nearest. value finite, zero or
// more; unit positive.
std::string decimal_times(double value, double unit);

// The same for double(d) / divisor == value: percentages.
std::string decimal_over(double value, double divisor);

// "MM/DD/YY HH:MM:SS" of milliseconds since 01/01/18 00:00:00; empty where that form has no such
// date: not a whole second, or not in the years 2000 to 2099.
std::string date_of(double ms);

}  // namespace twins::fab
