#include "apps/api/ring.hpp"

#include <fmt/format.h>

#include <charconv>

#include "twin/core/expect.hpp"

namespace apps::api {

Frame Ring::add(std::string_view type, std::string_view json) {
  TWIN_EXPECT(json.find('\n') == std::string_view::npos, json);
  frames_.push_back(std::make_shared<const std::string>(
      fmt::format("id: {}-{}\nevent: {}\ndata: {}\n\n", run_, next_++, type, json)));
  if (frames_.size() > most_) frames_.pop_front();
  return frames_.back();
}

Frame Ring::lost() { return std::make_shared<const std::string>("event: lost\ndata: {}\n\n"); }

Frame Ring::passing(std::string_view type, std::string_view json) {
  TWIN_EXPECT(json.find('\n') == std::string_view::npos, json);
  return std::make_shared<const std::string>(fmt::format("event: {}\ndata: {}\n\n", type, json));
}

std::vector<Frame> Ring::since(std::string_view name) const {
  if (name.empty()) return {};
  const std::string mark = run_ + "-";
  std::uint64_t number = 0;
  const bool ours = name.starts_with(mark);
  const std::string_view digits = ours ? name.substr(mark.size()) : std::string_view();
  const auto read = std::from_chars(digits.data(), digits.data() + digits.size(), number);
  const bool known = ours && read.ec == std::errc() && read.ptr == digits.data() + digits.size() &&
                     number < next_ && next_ - number - 1 <= frames_.size();
  if (!known) return {lost()};
  return {frames_.end() - static_cast<std::ptrdiff_t>(next_ - number - 1), frames_.end()};
}

}  // namespace apps::api
