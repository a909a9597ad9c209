// If these failed, a mistake in a tool's file would be found in the fab instead of by its reader.
#include "twin/link/tool/description.hpp"

#include <gtest/gtest.h>

#include <fmt/format.h>

#include "twin/contract/refusal.hpp"

namespace twin::link::tool {
namespace {

std::string refused_description(const std::string& text) {
  return contract::refusal(
      [&] { static_cast<void>(read_description("[class]\nname = \"t\"\n" + text, "t.toml")); });
}

constexpr const char* V = "[[variables]]\nid = 1\nname = \"A\"\n";

TEST(Description, TheStandardFabToolIsRead) {
  const Description d = read_description(std::filesystem::path("data/tools/fab-tool.toml"));
  EXPECT_EQ(d.name, "fab-tool");
  EXPECT_EQ(d.time_format, TimeFormat::Iso);
  EXPECT_EQ(d.variables[d.variable(Role::Counter)].name, "Counter");
  EXPECT_EQ(d.variables[d.variable("Lot")].id, secs::Key(200));
  EXPECT_EQ(d.events[d.event(Moment::Remote)].name, "Remote");
  EXPECT_EQ(d.variable("Lto"), None);
  EXPECT_EQ(d.event(Moment::LimitCrossed), None);
  for (const CollectionEvent& e : d.events) EXPECT_FALSE(e.reports.empty()) << e.name;
  for (const Report& r : d.reports) {
    // Each report numbers and dates its message; those of the machinery only date it.
    if (r.id >= secs::Key(710)) {
      EXPECT_EQ(r.variables[0], d.variable(Role::Clock)) << to_string(r.id);
      continue;
    }
    EXPECT_EQ(r.variables[0], d.variable(Role::Counter)) << to_string(r.id);
    EXPECT_EQ(r.variables[1], d.variable(Role::Epoch)) << to_string(r.id);
    EXPECT_EQ(r.variables[2], d.variable(Role::Clock)) << to_string(r.id);
  }
}

TEST(Description, ReadsAllThatAFileMaySay) {
  const Description d = read_description(R"(
[class]
name = "etcher"
model = "E-9"
software = "3.1"
time_format = "12 digits"
utc_offset_minutes = -300
[formats]
ceid = "U2"
vid = "A"
[[variables]]
id = "CHAMBER.STATE"
name = "State"
units = "Pa"
class = "constant"
format = "I2"
default = -7
least = -10
most = 10
states = { "1" = "productive", "2" = "unscheduled_down" }
[[reports]]
id = 5
variables = ["State", "State"]
[[events]]
id = 9
name = "Up"
reports = [5]
state = "standby"
kind = "measurement"
fields = { value = "State" }
fixed = { item = "pressure", unit = "Pa" }
[[alarms]]
id = 3
text = "too hot"
category = 2
state = "unscheduled_down"
[[traces]]
id = 1
period_s = 0.5
group = 4
signals = [{ variable = "State", parameter = "p", unit = "Pa" }]
[[commands]]
name = "GO"
parameters = [
  { name = "FAST", format = "U1", least = 0, most = 1 },
  { name = "HOW", values = ["a"] },
]
[[modules]]
name = "A"
state = "State"
[jobs]
job = "State"
state = "State"
[substrates]
id = "State"
lot = "State"
[[tools]]
name = "E1"
address = "127.0.0.1:5000"
device = 7
)",
                                         "etcher.toml");
  EXPECT_EQ(d.time_format, TimeFormat::Short);
  EXPECT_EQ(d.utc_offset_minutes, -300);
  EXPECT_EQ(d.formats.ceid, secs::Kind::U2);
  EXPECT_EQ(d.variables[0].id, secs::Key("CHAMBER.STATE"));
  EXPECT_EQ(d.variables[0].initial, secs::i2(-7));
  EXPECT_EQ(d.variables[0].states.at(1),
            (std::pair<std::string, event::ToolState>("2", event::ToolState::UnscheduledDown)));
  EXPECT_EQ(d.reports[0].variables, (std::vector<std::uint32_t>{0, 0}));
  EXPECT_EQ(d.events[0].state, event::ToolState::Standby);
  EXPECT_EQ(d.events[0].meaning->unit, event::Unit::Pascal);
  EXPECT_EQ(d.events[0].meaning->from[static_cast<std::size_t>(Field::Value)], 0U);
  EXPECT_EQ(d.alarms[0].category, 2);
  EXPECT_EQ(d.traces[0].period_ms, 500);
  EXPECT_EQ(d.traces[0].signals[0].parameter, "p");
  EXPECT_EQ(d.commands[0].parameters[1].values, (std::vector<std::string>{"a"}));
  EXPECT_EQ(d.modules[0].blocked, None);
  EXPECT_EQ(d.tools[0], (Instance{.name = "E1", .host = "127.0.0.1", .port = 5000, .device = 7}));
}

TEST(Description, EachMistakeIsNamedWithItsLine) {
  EXPECT_EQ(refused_description("[[variables]]\nid = 1\nname = \"A\"\nnmae = 3\n"),
            "t.toml:6: unknown key 'nmae' ([[variables]] has no such key)");
  EXPECT_EQ(refused_description("[[variable]]\n"),
            "t.toml:3: unknown key 'variable' (the file has no such key) did you mean variables?");
  EXPECT_EQ(refused_description(std::string(V) + "[[variables]]\nid = 1\nname = \"B\"\n"),
            "t.toml:7: id = 1 (another variable has it)");
  EXPECT_EQ(refused_description(std::string(V) + "[[variables]]\nid = 2\nname = \"A\"\n"),
            "t.toml:8: name = \"A\" (another variable has it)");
  EXPECT_EQ(refused_description("[[variables]]\nid = 1\nname = \"\"\n"),
            "t.toml:5: name = \"\" (must have 1 to 256 characters)");
  EXPECT_EQ(refused_description("[[variables]]\nid = -1\nname = \"A\"\n"),
            "t.toml:4: id = -1 (does not fit U4, the format of such identifiers)");
  EXPECT_EQ(refused_description("[[variables]]\nid = \"x\"\nname = \"A\"\n"),
            "t.toml:4: id = \"x\" (does not fit U4, the format of such identifiers)");
  EXPECT_EQ(refused_description("[formats]\nvid = \"F4\"\n"),
            "t.toml:4: vid = \"F4\" (an identifier is a whole number or A)");
  EXPECT_EQ(
      refused_description(std::string(V) + "format = \"U3\"\n"),
      "t.toml:6: format = \"U3\" (one of L, B, BOOLEAN, A, J, I1, I2, I4, I8, U1, U2, U4, U8, "
      "F4, F8)");
  EXPECT_EQ(refused_description(std::string(V) + "format = \"U1\"\ndefault = 256\n"),
            "t.toml:7: default = 256 (does not fit U1)");
  EXPECT_EQ(refused_description(std::string(V) + "format = \"L\"\ndefault = 1\n"),
            "t.toml:7: default (a list begins empty)");
  EXPECT_EQ(refused_description(std::string(V) + "least = 2\nmost = 1\n"),
            "t.toml:7: most = 1 (less than least = 2)");
  EXPECT_EQ(refused_description(std::string(V) +
                                "role = \"clock\"\n[[variables]]\nid = 2\nname = \"B\"\nrole = "
                                "\"clock\"\n"),
            "t.toml:10: role = \"clock\" (another variable has it)");
  EXPECT_EQ(refused_description(std::string(V) + "[[reports]]\nid = 1\nvariables = [\"a\"]\n"),
            "t.toml:8: variables = \"a\" (there is no such variable) did you mean A?");
  EXPECT_EQ(refused_description(std::string(V) + "[[reports]]\nid = 1\nvariables = []\n"),
            "t.toml:8: a report without variables (it says nothing)");
  EXPECT_EQ(refused_description("[[events]]\nid = 1\nname = \"E\"\nreports = [7]\n"),
            "t.toml:6: reports: 7 (there is no such report)");
  EXPECT_EQ(refused_description(std::string(V) +
                                "[[events]]\nid = 1\nname = \"E\"\nkind = \"unloaded\"\nfields = "
                                "{ lot = \"A\" }\n"),
            "t.toml:10: lot = \"A\" (no report of the event has it)");
  EXPECT_EQ(refused_description("[[events]]\nid = 1\nname = \"E\"\nfixed = { lot = \"A\" }\n"),
            "t.toml:6: fixed (an event without kind has none)");
  EXPECT_EQ(refused_description(
                "[[events]]\nid = 1\nname = \"E\"\nkind = \"measurement\"\nfixed = { unit = "
                "\"bar\" }\n"),
            "t.toml:7: unit = \"bar\" (no unit of the schema)");
  EXPECT_EQ(
      refused_description("[[events]]\nid = 1\nname = \"E\"\nkind = \"unload\"\n").substr(0, 40),
      "t.toml:6: kind = \"unload\" (one of unknow");
  EXPECT_EQ(refused_description(
                fmt::format("[[alarms]]\nid = 1\ntext = \"{}\"\n", std::string(121, 'x'))),
            "t.toml:5: text (ALTX has at most 120 characters)");
  EXPECT_EQ(refused_description("[[traces]]\nid = 1\nperiod_s = 1\n"),
            "t.toml:3: a trace without signals (it says nothing)");
  EXPECT_EQ(refused_description(std::string(V) + "[[traces]]\nid = 1\nperiod_s = 0\n"),
            "t.toml:8: period_s = 0 (must be from 0.01 to 359999)");
  EXPECT_EQ(refused_description("[jobs]\n"), "accepted");
  EXPECT_EQ(refused_description(std::string(V) + "[jobs]\njob = \"A\"\n"),
            "t.toml:6: [jobs] needs 'job' and 'state'");
  EXPECT_EQ(refused_description(std::string(V) + "[substrates]\nlot = \"A\"\n"),
            "t.toml:6: [substrates] needs 'id' and 'lot'");
  for (const char* address :
       {"host", ":1", "host:", "host:0", "host:65536", "host:1a", "host:-1"}) {
    EXPECT_EQ(
        refused_description(fmt::format("[[tools]]\nname = \"T\"\naddress = \"{}\"\n", address)),
        fmt::format("t.toml:5: address = \"{}\" (must be HOST:PORT, port 1 to 65535)", address));
  }
  EXPECT_EQ(refused_description("x = [\n").substr(0, 18), "t.toml:3, column 7");
  EXPECT_EQ(contract::refusal([] { read_description(std::filesystem::path("no/such.toml")); }),
            "no/such.toml: cannot be read (is it there?)");
}

TEST(Description, TheDigestSpeaksOfWhatIsDefined) {
  // A tool would keep reports that the file no longer has.
  const std::string text =
      "[class]\nname = \"t\"\n" + std::string(V) + "[[reports]]\nid = 1\nvariables = [\"A\"]\n";
  const auto digest = [](const std::string& t) { return read_description(t, "t").digest(); };
  EXPECT_EQ(digest(text), digest(text + "[[commands]]\nname = \"GO\"\n"));
  EXPECT_NE(digest(text), digest(text + "[[events]]\nid = 1\nname = \"E\"\nreports = [1]\n"));
}

}  // namespace
}  // namespace twin::link::tool
