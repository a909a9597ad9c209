// SML, the customary text of SECS messages in logs and tests: S6F11 W <L [2] <U2 3001> <F8 452.5>>.
// What is printed is read back as exactly the same item, whatever its bytes.
#pragma once
#include <string>
#include <string_view>
#include <vector>

#include "twin/link/secs/message.hpp"

namespace twin::link::secs {

enum class Layout : std::uint8_t { OneLine, Indented };  // Indented: a line for each item

// Texts stand in quotes, their other bytes between them: <A "one" 0x0A "two">. A localized string
// begins with the number of its encoding: <C 2 "text">. A NaN that is not the usual one is 0x and
// its bits.
[[nodiscard]] std::string sml(const Item& item, Layout layout = Layout::OneLine);
[[nodiscard]] std::string sml(const Message& message, Layout layout = Layout::OneLine);

// Read what people write: any white space, counts or none, both quotes, /* comments */ and // ones.
// core::Error with `file`, line and column. Lists nest 32 deep at most.
[[nodiscard]] Item item_from_sml(std::string_view text, const std::string& file = "SML");
[[nodiscard]] std::vector<Message> messages_from_sml(std::string_view text,
                                                     const std::string& file = "SML");

}  // namespace twin::link::secs
