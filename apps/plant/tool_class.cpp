#include "apps/plant/tool_class.hpp"

#include <fmt/format.h>

#include <array>
#include <string_view>

#include "twin/event/vocabulary.hpp"

namespace apps::plant {
namespace {

using twin::event::Kind;

struct Variable {
  int id;
  std::string_view name, kind, format, more;
};

// clang-format off
constexpr std::array Variables = {
    Variable{1, "Counter", "status", "U8", "role = \"counter\""},
    Variable{2, "Epoch", "status", "U4", "role = \"epoch\""},
    Variable{3, "Clock", "status", "A", "role = \"clock\""},
    Variable{4, "ControlState", "status", "U1", "role = \"control_state\"\ndefault = 1"},
    Variable{5, "EquipmentState", "status", "U1",
             "states = { \"1\" = \"productive\", \"2\" = \"standby\", \"4\" = \"scheduled_down\", "
             "\"5\" = \"unscheduled_down\" }"},
    Variable{6, "ProcessState", "status", "U1", ""},
    Variable{7, "SpoolCountActual", "status", "U4", "role = \"spool_count_actual\""},
    Variable{8, "SpoolCountTotal", "status", "U4", "role = \"spool_count_total\""},
    Variable{9, "LotsInProcess", "status", "L", ""},
    Variable{100, "EstablishTimeout", "constant", "U2",
             "role = \"establish_timeout\"\nunits = \"s\"\nleast = 1\nmost = 600\ndefault = 2"},
    Variable{101, "TimeFormat", "constant", "U1", "role = \"time_format\"\nleast = 0\nmost = 2\ndefault = 2"},
    Variable{102, "EnableSpooling", "constant", "BOOLEAN", "role = \"enable_spooling\"\ndefault = true"},
    Variable{103, "MaxSpoolTransmit", "constant", "U4",
             "role = \"max_spool_transmit\"\nleast = 0\nmost = 4294967295\ndefault = 0"},
    Variable{200, "Lot", "discrete", "A", ""},
    Variable{201, "Wafers", "discrete", "U4", ""},
    Variable{202, "Carrier", "discrete", "A", ""},
    Variable{203, "Tool", "discrete", "A", ""},
    Variable{204, "Chamber", "discrete", "A", ""},
    Variable{205, "Route", "discrete", "A", ""},
    Variable{206, "Step", "discrete", "U4", ""},
    Variable{207, "Visit", "discrete", "U4", ""},
    Variable{208, "Recipe", "discrete", "A", ""},
    Variable{209, "Job", "discrete", "U4", ""},
    Variable{210, "Item", "discrete", "A", ""},
    Variable{211, "Value", "discrete", "F8", ""},
    Variable{212, "Unit", "discrete", "A", ""},
    Variable{213, "Quality", "discrete", "U1", ""},
};
// clang-format on
constexpr int FirstField = 200;

constexpr std::array KindsTold = {
    Kind::SetupStarted,      Kind::LoadStarted,
    Kind::ProcessingStarted, Kind::ProcessingSuspended,
    Kind::ProcessingResumed, Kind::ProcessingEnded,
    Kind::Unloaded,          Kind::BatchFormed,
    Kind::ToolStateChanged,  Kind::PmDue,
    Kind::PmStarted,         Kind::PmEnded,
    Kind::ToolDown,          Kind::ToolUp,
    Kind::RecipeChanged,
};

std::string lower(std::string_view name) {
  std::string out(name);
  out[0] = static_cast<char>(out[0] - 'A' + 'a');
  return out;
}

}  // namespace

std::string tool_class_text() {
  std::string out =
      "# The plant's tools (fabtwin plant), written by it. docs/tool-description.md says what "
      "each\n"
      "# key means.\n[class]\nname = \"plant-tool\"\nmodel = \"PLANT\"\nsoftware = \"1.0\"\n"
      "time_format = \"iso\"\n";
  std::string report, fields;
  for (const Variable& v : Variables) {
    out += fmt::format("\n[[variables]]\nid = {}\nname = \"{}\"\nclass = \"{}\"\nformat = \"{}\"\n",
                       v.id, v.name, v.kind, v.format);
    if (!v.more.empty()) out += fmt::format("{}\n", v.more);
    if (v.id <= 3 || v.id >= FirstField)
      report += fmt::format("{}\"{}\"", report.empty() ? "" : ", ", v.name);
    if (v.id >= FirstField) fields += fmt::format("{} = \"{}\"\n", lower(v.name), v.name);
  }
  out += fmt::format("\n[fields]\n{}\n[[reports]]\nid = 1\nvariables = [{}]\n", fields, report);
  for (const Kind kind : KindsTold) {
    out += fmt::format("\n[[events]]\nid = {}\nname = \"{}\"\nreports = [1]\nkind = \"{}\"\n",
                       4000 + static_cast<int>(kind), to_string(kind), to_string(kind));
  }
  for (const std::string_view command : {"HOLD", "RELEASE"})
    out += fmt::format("\n[[commands]]\nname = \"{}\"\nparameters = [{{ name = \"LOT\" }}]\n",
                       command);
  out +=
      "\n[[commands]]\nname = \"PRIORITY\"\nparameters = [{ name = \"LOT\" }, "
      "{ name = \"VALUE\", format = \"F8\", least = 0, most = 1000 }]\n"
      "\n[[commands]]\nname = \"PM_START\"\nparameters = [{ name = \"TOOL\" }, "
      "{ name = \"CALENDAR\", format = \"U4\" }]\n"
      "\n[[commands]]\nname = \"RECIPE_OFFSET\"\nparameters = [{ name = \"TOOL\" }, "
      "{ name = \"PERCENT\", format = \"F8\", least = -50, most = 100 }]\n";
  return out;
}

}  // namespace apps::plant
