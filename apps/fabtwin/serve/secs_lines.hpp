// A site's tools on their HSMS lines: a GEM host each, whose reports go to the door and are
// acknowledged when they last. It reads; what changes a tool leaves here by a guard's permit alone.
#pragma once
#include <chrono>
#include <cstddef>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "apps/fabtwin/serve/line_memory.hpp"
#include "apps/fabtwin/serve/site.hpp"
#include "twin/event/names.hpp"
#include "twin/guard/permit.hpp"
#include "twin/link/door.hpp"
#include "twin/link/gem/adapter.hpp"
#include "twin/link/gem/host.hpp"
#include "twin/link/hsms/sockets.hpp"

namespace apps::fabtwin::serve {

class SecsLines {
 public:
  struct Options {
    std::string description = {};  // text of the tools' class
    std::string file = {};         // its name, for messages
    std::vector<SiteTool> tools = {};
    bool define_reports = false;           // whether the site lets us define what they report
    std::function<Tick()> line_time = {};  // [ms] of a clock that never runs backwards
    std::function<Tick()> site_time = {};  // [ms since 1970]
    double speed = 1.0;                    // of site time: site seconds a real second
    LineMemories memories = {};            // of the lives before, and the record behind them
    twin::record::Disk* disk = nullptr;    // null: there is nothing behind them
    RecordEnd record = {};
    std::function<bool(twin::core::Note)> note = {};  // into the record; false: not now
  };
  // Opens the lines by and by. The door must outlive it. twin::core::Error for a bad description.
  SecsLines(twin::link::Door& door, Options options);
  ~SecsLines();
  SecsLines(const SecsLines&) = delete;
  SecsLines& operator=(const SecsLines&) = delete;

  struct ToolAnswer {
    std::optional<twin::link::secs::Message> message = {};
    std::string why = {};  // none came
  };
  using Told = std::function<void(const ToolAnswer&)>;
  // Why it cannot be sent; empty: it is under way, and `told` is called once, in a turn.
  [[nodiscard]] std::string command(const std::string& tool, twin::link::secs::Message message,
                                    twin::guard::Permit permit, Told told);
  // What its line does; nothing where it has none.
  [[nodiscard]] std::optional<twin::link::gem::Phase> phase(const std::string& tool) const;
  // Why this tool could take no command now; empty: it could.
  [[nodiscard]] std::string unready(const std::string& tool) const;

  void turn(std::chrono::milliseconds wait);  // moves bytes; waits where nothing is to be done
  void shut();                                // takes leave of every tool

  [[nodiscard]] std::size_t lines() const { return lines_.size(); }
  [[nodiscard]] std::size_t running() const;  // whose reports flow
  [[nodiscard]] std::uint64_t reports() const;
  [[nodiscard]] std::uint64_t definitions() const;  // of reports, since they were opened
  // After all that has been handed to the door.
  [[nodiscard]] std::vector<LineMemory> memory() const;

 private:
  struct Line;
  [[nodiscard]] Line* line_of(const std::string& tool) const;
  void hear(Line& line);
  void hear_report(Line& line, const twin::link::gem::News& news);
  void hear_state(Line& line, const twin::link::gem::News& news);

  twin::link::Door& door_;
  Options options_;
  twin::event::Names names_;
  twin::link::gem::EquipmentModel model_;
  twin::link::hsms::Sockets sockets_;
  std::vector<std::shared_ptr<Line>> lines_;
};

}  // namespace apps::fabtwin::serve
