// Words and numbers as a page shows them: names that cannot become markup, figures with thousands
// separated, and the width a text will take, so that a plot can leave room for it.
#pragma once
#include <string>
#include <string_view>

namespace twins::fab::report {

// A name as HTML text or attribute value: & < > " ' escaped, control characters made blanks.
std::string escaped(std::string_view name);

// At most `most` characters, the last one an ellipsis where something was cut. Counts code points.
std::string shortened(std::string_view name, std::size_t most);

// 12345.67 with one decimal: "12,345.7". Minus is U+2212, a rounded zero has no sign.
// Expects a finite value.
std::string figure(double value, int decimals = 0);

// The decimals that show three digits: none from 100 on, one from 10 on, two from 1 on, else three.
int decimals_of(double value);

// 0.9737: "97.4". The unit stands in the column's head.
std::string percent(double share, int decimals = 1);

// The width of a text in a wide common font [px], a little too much rather than too little.
double text_width(std::string_view text, double font_px);

}  // namespace twins::fab::report
