// The equipment's side of GEM (SEMI E30) as a value without a line: it is fed with messages, with
// what the tool does, and with times, and asked what to send, what a host wants done, and when to be
// woken. What it knows comes from a tool's file. docs/links-gem.md has the table of its messages.
#pragma once
#include <array>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "twin/core/tick.hpp"
#include "twin/link/gem/codes.hpp"
#include "twin/link/gem/equipment_memory.hpp"
#include "twin/link/gem/outbox.hpp"
#include "twin/link/secs/message.hpp"
#include "twin/link/tool/description.hpp"
#include "twin/link/tool/telling.hpp"

namespace twin::link::gem {

// The file with its indices; shared by all equipments of a class. Never moved once it is made.
struct EquipmentModel {
  explicit EquipmentModel(tool::Description d) : description(std::move(d)), hearing(description) {}
  EquipmentModel(const EquipmentModel&) = delete;
  EquipmentModel& operator=(const EquipmentModel&) = delete;
  tool::Description description;
  tool::Hearing hearing;  // identifiers to indices
};

enum class Start : std::uint8_t {
  Online,            // S1F1 as soon as it communicates
  HostOffline,       // waits for the host's S1F17
  EquipmentOffline,  // waits for its operator
};
enum class Reports : std::uint8_t {
  AsFile,  // begins with the file's reports, linked and enabled
  Bare,    // begins with none, as a new tool does
};
enum class Multiblock : std::uint8_t {
  Never,
  Asks,  // S6F5 before an S6F11 of more than 244 bytes
};

struct EquipmentOptions {
  Start start = Start::Online;
  Control online = Control::Remote;       // the operator's switch: Local or Remote
  Control failed = Control::HostOffline;  // where a failed attempt to go on-line ends
  Reports reports = Reports::AsFile;
  Multiblock multiblock = Multiblock::Never;
  std::uint32_t epoch = 0;            // how often it has begun to count anew
  std::uint32_t window = 1;           // reports that await their acknowledgement at once
  std::size_t spool_max = 100'000;    // messages
  std::size_t waiting_max = 100'000;  // reports not yet sent, while it communicates
  std::size_t reports_max = 10'000;   // that a host may define, with 1'000 variables each
  std::size_t traces_max = 32;        // at once
  std::size_t recipes_max = 10'000;
  std::size_t recipe_bytes_max = 1U << 20;
  Tick conversation_ms = 45'000;  // until a message that was announced must have come
  // What is spooled until a host says otherwise (S2F43): (stream, function).
  std::vector<std::pair<std::uint8_t, std::uint8_t>> spooled = {{5, 1}, {6, 1}, {6, 11}};
};

struct CommandAnswer {
  Hcack code = Hcack::Done;
  std::vector<std::pair<std::string, Cpack>> parameters = {};  // those at fault
};

class Equipment {
 public:
  // The model must outlive it. Times are [ms since 1970]; the tool's clock is `now` and an offset.
  Equipment(const EquipmentModel& model, EquipmentOptions options);
  // As one of the same model was. Error for the memory of another model's.
  Equipment(const EquipmentModel& model, EquipmentOptions options, EquipmentMemory memory);
  [[nodiscard]] const EquipmentMemory& memory() const { return s_; }

  // --- the line ---
  void selected(Tick now);  // messages can be sent
  void lost(Tick now);      // they cannot any more; what awaited its answer is spooled
  void received(const secs::Message& message, Tick now);  // a primary, or the reply to one of ours
  void failed(std::uint32_t system, Tick now);            // no reply to this primary: T3, SxF0, S9
  void tick(Tick now);                                    // at deadline(), harmless earlier
  [[nodiscard]] Tick deadline() const;
  // Gives send(const Outgoing&) -> Post all that is to be sent.
  template <class Send>
  void flush(Send&& send) {
    s_.outbox.flush(send, [this](std::uint32_t ticket, Post post) { posted(ticket, post); });
  }

  // --- the tool's owner ---
  [[nodiscard]] std::optional<Happening> happened();
  void answer(std::uint32_t request, const CommandAnswer& answer);

  // A variable's value, in whatever form; crossing a limit raises its event.
  void set(std::uint32_t variable, secs::Item value, Tick now);
  [[nodiscard]] const secs::Item& value(std::uint32_t variable) const {
    return s_.values[variable];
  }
  // An event has happened. Whether a report of it was made: not if it is not enabled, or off-line.
  // A stamp says number, epoch or time where they are not its own: the next number, its epoch, now.
  // Whoever gives numbers lets no report of GEM's own events (Moment) tell the counter.
  bool raise(std::uint32_t event, Tick now, const tool::Stamp& stamp = {});
  // The same with the variables of the saying set first.
  bool tell(const tool::Telling::Saying& saying, Tick now, const tool::Stamp& stamp = {});
  void alarm(std::uint32_t alarm, bool set, Tick now);  // nothing if it was so already
  void terminal(std::string_view text, Tick now);       // S10F1: from the operator
  void store_recipe(std::string_view name, secs::Item body);

  void go_online(Tick now);   // the operator's
  void go_offline(Tick now);  // the operator's
  void switch_to(Control local_or_remote, Tick now);
  void enable(Tick now);  // communication; enabled at first
  void disable(Tick now);
  // All counters begin anew: the tool was restarted. Definitions, constants and spool are kept.
  void restart(std::uint32_t epoch);

  [[nodiscard]] Communication communication() const { return s_.communication; }
  [[nodiscard]] Control control() const { return s_.control; }
  [[nodiscard]] Tick clock(Tick now) const { return now + s_.offset_ms; }
  [[nodiscard]] Tick offset() const { return s_.offset_ms; }  // [ms] of its clock from `now`
  [[nodiscard]] std::size_t spooled() const { return s_.spool.size(); }
  [[nodiscard]] std::size_t waiting() const { return s_.waiting.size(); }  // not acknowledged
  [[nodiscard]] bool spooling() const { return s_.spool_active; }
  [[nodiscard]] const EquipmentCounts& counts() const { return s_.counts; }
  [[nodiscard]] std::uint64_t counter() const { return s_.counter; }  // of the next report
  [[nodiscard]] const EquipmentModel& model() const { return *model_; }

 private:
  enum class Answered : std::uint8_t { Yes, Illegal, Later };
  using Asked = EquipmentMemory::Asked;
  using Open = EquipmentMemory::Open;
  using Waiting = EquipmentMemory::Waiting;
  using EventState = EquipmentMemory::EventState;
  using TraceState = EquipmentMemory::TraceState;
  using Limit = EquipmentMemory::Limit;
  using Conversation = EquipmentMemory::Conversation;
  using Command = EquipmentMemory::Command;
  using Body = std::optional<secs::Item>;  // of a reply
  using Method = Answered (Equipment::*)(const secs::Message&, Body&, Tick);
  struct Route {
    std::uint8_t stream, function;
    Method method;
    enum class Allowed : std::uint8_t { Online, Always } allowed;
  };
  static const std::vector<Route>& routes();

  // equipment.cpp: communication, control, dispatch
  void establish(Tick now);
  void communicates(Tick now);
  void control_to(Control to, Tick now);
  void dispatch(const secs::Message& m, Tick now);
  void replied(const secs::Message& m, Tick now);
  void complain(int function, const secs::Message& about);
  std::uint32_t ask(Asked what, secs::Message message);
  void posted(std::uint32_t ticket, Post post);
  void fail(const Open& open, Tick now);
  void tell_owner(Happening happening);
  Answered s1f1(const secs::Message& m, Body& reply, Tick now);
  Answered s1f13(const secs::Message& m, Body& reply, Tick now);
  Answered s1f15(const secs::Message& m, Body& reply, Tick now);
  Answered s1f17(const secs::Message& m, Body& reply, Tick now);
  Answered s2f25(const secs::Message& m, Body& reply, Tick now);
  Answered s10f3(const secs::Message& m, Body& reply, Tick now);

  // equipment_variables.cpp
  [[nodiscard]] secs::Item current(std::uint32_t variable, Tick now) const;
  void refresh(Tick now);
  [[nodiscard]] std::string time_text(Tick at) const;
  [[nodiscard]] secs::Item id_of(std::uint32_t variable) const;
  [[nodiscard]] const secs::Item* constant(tool::Role role) const;
  // The indices that a list of identifiers asks for; all of the class where it is empty. False
  // where it is no such list. An unknown one: None.
  bool asked_for(const secs::Message& m, tool::Class of, std::vector<std::uint32_t>& indices,
                 std::vector<secs::Item>& ids) const;
  Answered s1f3(const secs::Message& m, Body& reply, Tick now);
  Answered s1f11(const secs::Message& m, Body& reply, Tick now);
  Answered s1f21(const secs::Message& m, Body& reply, Tick now);
  Answered s1f23(const secs::Message& m, Body& reply, Tick now);
  Answered s2f13(const secs::Message& m, Body& reply, Tick now);
  Answered s2f15(const secs::Message& m, Body& reply, Tick now);
  Answered s2f29(const secs::Message& m, Body& reply, Tick now);
  Answered s2f17(const secs::Message& m, Body& reply, Tick now);
  Answered s2f31(const secs::Message& m, Body& reply, Tick now);

  // equipment_reports.cpp
  [[nodiscard]] bool is_numbered(std::uint32_t event) const;
  [[nodiscard]] secs::Item reports_of(std::uint32_t event, Tick now) const;
  Answered s2f33(const secs::Message& m, Body& reply, Tick now);
  Answered s2f35(const secs::Message& m, Body& reply, Tick now);
  Answered s2f37(const secs::Message& m, Body& reply, Tick now);
  Answered s2f39(const secs::Message& m, Body& reply, Tick now);
  Answered s6f15(const secs::Message& m, Body& reply, Tick now);
  Answered s6f19(const secs::Message& m, Body& reply, Tick now);
  Drack define(const secs::Message& m);
  Lrack link(const secs::Message& m);

  // equipment_sampling.cpp: traces and limits
  void sample(Tick now);
  void watch(std::uint32_t variable, Tick now);
  Answered s2f23(const secs::Message& m, Body& reply, Tick now);
  Answered s2f45(const secs::Message& m, Body& reply, Tick now);
  Answered s2f47(const secs::Message& m, Body& reply, Tick now);
  [[nodiscard]] Tiaack trace(const secs::Message& m, Tick now);

  // equipment_spool.cpp: what is on its way to the host, and what is kept for it
  void deliver(secs::Message message, Tick now);
  void keep(secs::Message message, Tick now);
  void tell_spool(Tick now);
  void send_waiting();
  void unload();
  void acknowledged(const Open& open, const secs::Message& reply, Tick now);
  [[nodiscard]] bool spoolable(const secs::Message& m) const;
  Answered s2f43(const secs::Message& m, Body& reply, Tick now);
  Answered s6f23(const secs::Message& m, Body& reply, Tick now);

  // equipment_service.cpp: alarms, commands, recipes
  Answered s5f3(const secs::Message& m, Body& reply, Tick now);
  Answered s5f5(const secs::Message& m, Body& reply, Tick now);
  Answered s5f7(const secs::Message& m, Body& reply, Tick now);
  Answered s2f41(const secs::Message& m, Body& reply, Tick now);
  Answered s2f49(const secs::Message& m, Body& reply, Tick now);
  Answered command(const secs::Message& m, std::size_t at, Body& reply);
  Answered s7f1(const secs::Message& m, Body& reply, Tick now);
  Answered s7f3(const secs::Message& m, Body& reply, Tick now);
  Answered s7f5(const secs::Message& m, Body& reply, Tick now);
  Answered s7f17(const secs::Message& m, Body& reply, Tick now);
  Answered s7f19(const secs::Message& m, Body& reply, Tick now);
  Answered s7f23(const secs::Message& m, Body& reply, Tick now);
  Answered s7f25(const secs::Message& m, Body& reply, Tick now);
  Answered keep_recipe(const secs::Item* name, secs::Item body, Body& reply, Tick now);
  [[nodiscard]] secs::Item alarm_item(std::uint32_t alarm) const;
  void recipe_changed(const std::string& name, Happening::What what, Tick now);

  const EquipmentModel* model_;
  EquipmentOptions options_;
  EquipmentMemory s_ = {};  // all that changes
};

}  // namespace twin::link::gem
