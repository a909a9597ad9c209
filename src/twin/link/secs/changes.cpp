#include "twin/link/secs/changes.hpp"

#include <array>

#include "twin/link/secs/codec.hpp"

namespace twin::link::secs {
namespace {

struct Row {
  int stream;
  int function;
  Effect effect;
};

// clang-format off
constexpr std::array Rows = {
    Row{1, 1, Effect::Reads},        // are you there
    Row{1, 3, Effect::Reads},        // status variables
    Row{1, 11, Effect::Reads},       // their names
    Row{1, 13, Effect::Reads},       // establish communication: both sides say it after every connection
    Row{1, 17, Effect::Configures},  // on-line: the tool begins to tell; LOCAL or REMOTE stays the operator's switch
    Row{1, 19, Effect::Reads},       // attributes
    Row{1, 21, Effect::Reads},       // names of data variables
    Row{1, 23, Effect::Reads},       // names of events
    Row{2, 13, Effect::Reads},       // equipment constants
    Row{2, 17, Effect::Reads},       // the tool's clock
    Row{2, 18, Effect::Configures},  // our clock, because the tool asks: it may set its own by it
    Row{2, 23, Effect::Configures},  // trace: what is sampled and sent; no wafer sees it
    Row{2, 25, Effect::Reads},       // loop-back
    Row{2, 29, Effect::Reads},       // names of equipment constants
    Row{2, 33, Effect::Configures},  // define reports
    Row{2, 35, Effect::Configures},  // link reports to events
    Row{2, 37, Effect::Configures},  // enable events
    Row{2, 39, Effect::Reads},       // may I send a long one
    Row{2, 43, Effect::Configures},  // what is spooled while the line is down
    Row{2, 45, Effect::Configures},  // limits that raise events
    Row{2, 47, Effect::Reads},       // those limits
    Row{5, 3, Effect::Configures},   // which alarms are told
    Row{5, 5, Effect::Reads},        // alarms
    Row{5, 7, Effect::Reads},        // enabled alarms
    Row{6, 3, Effect::Reads},        // discrete variables
    Row{6, 15, Effect::Reads},       // an event's report
    Row{6, 17, Effect::Reads},       // the same, annotated
    Row{6, 19, Effect::Reads},       // a report
    Row{6, 21, Effect::Reads},       // the same, annotated
    Row{7, 1, Effect::Reads},        // would you take a recipe
    Row{7, 5, Effect::Reads},        // give me a recipe
    Row{7, 6, Effect::Changes},      // here is the recipe that you asked for
    Row{7, 19, Effect::Reads},       // which recipes are there
    Row{7, 25, Effect::Reads},       // give me a formatted recipe
    Row{7, 26, Effect::Changes},     // here is the formatted recipe that you asked for
    Row{12, 4, Effect::Changes},     // the set-up of a map: which dies the tool will treat
    Row{12, 14, Effect::Changes},    // a map by rows
    Row{12, 16, Effect::Changes},    // by arrays
    Row{12, 18, Effect::Changes},    // by coordinates
    Row{13, 6, Effect::Changes},     // a piece of a data set, which may be a recipe
    Row{14, 1, Effect::Reads},       // attributes of objects
    Row{14, 5, Effect::Reads},       // types of objects
    Row{14, 7, Effect::Reads},       // names of attributes
};
// clang-format on

// S6F23 {RSDC}: 0 transmits the spool, which is how a host gets what it missed; 1 purges it, and
// what happened is lost for ever.
Effect effect_of_spool(const Message& message) noexcept {
  const auto request = message.body ? message.body->as_u64() : std::nullopt;
  return request == 0U && message.body->count() == 1 ? Effect::Reads : Effect::Changes;
}

}  // namespace

Effect effect_of(const Message& message) noexcept {
  if (message.is(6, 23)) return effect_of_spool(message);
  for (const Row& row : Rows) {
    if (message.is(row.stream, row.function)) return row.effect;
  }
  // The other replies acknowledge what the tool began.
  return message.is_primary() ? Effect::Changes : Effect::Reads;
}

std::vector<std::uint8_t> permit_bytes(const Message& message) {
  std::vector<std::uint8_t> bytes{message.stream, message.function};
  if (message.body) encode(*message.body, bytes);
  return bytes;
}

}  // namespace twin::link::secs
