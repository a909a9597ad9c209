// Between a tool's reports and canonical events, both ways, as its file says. Reading is what a host
// does with S6F11; telling is its inverse, which a simulated tool uses. What telling accepts is read
// back exactly.
#pragma once
#include <cstdint>
#include <map>
#include <optional>
#include <span>
#include <string_view>
#include <utility>
#include <vector>

#include "twin/event/event.hpp"
#include "twin/event/names.hpp"
#include "twin/link/secs/item.hpp"
#include "twin/link/tool/description.hpp"

namespace twin::link::tool {

// What numbers and dates a message, where its reports say so.
struct Stamp {
  std::optional<std::uint64_t> counter = {};
  std::optional<std::uint32_t> epoch = {};
  std::optional<core::Tick> clock = {};  // [ms since 1970]
  bool operator==(const Stamp&) const = default;
};

// What became of a message.
enum class Heard : std::uint8_t {
  Understood,    // its events were appended, if it means any
  UnknownEvent,  // a CEID that the file does not have
  Malformed,     // not the structure of S6F11, or a report that the file does not have
  BadValue,      // a field whose value cannot be what it is for
};

// One value of a variable, as a message told it. A view of the message.
struct Told {
  std::uint32_t variable = None;
  const secs::Item* value = nullptr;
};

class Hearing {
 public:
  explicit Hearing(const Description& description);  // which must outlive it

  // The variables that an S6F11 tells, in their order; its event's index in `event`. The reports may
  // be told in other integer widths than they were defined with.
  [[nodiscard]] Heard values(const secs::Item& body, std::uint32_t& event,
                             std::vector<Told>& told) const;
  [[nodiscard]] Stamp stamp(std::span<const Told> told) const;
  // The events that it means, their names added to `names`; `tool`: whose line it is. A variable
  // that tells a list of lots makes an event of each.
  [[nodiscard]] Heard events(std::uint32_t event, std::span<const Told> told, std::string_view tool,
                             event::Names& names, std::vector<event::Event>& to) const;

  [[nodiscard]] const Description& description() const { return *d_; }
  [[nodiscard]] std::uint32_t variable(const secs::Key& id) const;
  [[nodiscard]] std::uint32_t event(const secs::Key& id) const;
  [[nodiscard]] std::uint32_t alarm(const secs::Key& id) const;

 private:
  const Description* d_;
  std::map<secs::Key, std::uint32_t> variables_, reports_, events_, alarms_;
  std::uint32_t counter_, epoch_, clock_;
};

class Telling {
 public:
  explicit Telling(const Description& description);  // which must outlive it

  struct Saying {
    std::uint32_t event = None;  // index
    std::vector<std::pair<std::uint32_t, secs::Item>> variables =
        {};  // to be set before it is raised
  };
  // How the tool tells this event; nothing where its file has no event of the kind, or no report of
  // it holds all that the event says. `at`, `arrived` and the source's number are not part of it:
  // they are the message's clock and counter.
  [[nodiscard]] std::optional<Saying> say(const event::Event& event,
                                          const event::Names& names) const;

 private:
  const Description* d_;
  std::vector<std::uint32_t> by_kind_;  // [kind] event; None: there is none
};

}  // namespace twin::link::tool
