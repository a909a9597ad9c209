// A site's guard for tests: its process with real keys and signed limits, an observer who tells what the test lets him
// see, two approvers, and recommendations that it would permit.
#pragma once
#include <filesystem>
#include <fstream>
#include <memory>
#include <optional>
#include <string>
#include <thread>

#include "apps/fabtwin/child.hpp"
#include "apps/fabtwin/real_time.hpp"
#include "apps/fabtwin/serve/automation.hpp"
#include "apps/plant/observer.hpp"
#include "twin/guard/client.hpp"
#include "twin/guard/limits.hpp"
#include "twin/people/example.hpp"
#include "twin/record/scratch_folder.hpp"

namespace apps::fabtwin::serve {

struct GuardedSite {
  explicit GuardedSite(const std::string& name, const std::string& tool = "LITHO_01")
      : folder(name), tool_name(tool) {
    const auto key = [](std::uint8_t n) {
      return twin::guard::show(twin::guard::public_key(seed(n)));
    };
    const std::string lines =
        "fabtwin-guard limits 1\nvalid 0 999999999999999\n"
        "times 3600000 900000 5000 600000 3000 0\nbudget 100 100 3600000\n"
        "person alice approver " +
        key(Alice) + "\nperson bob approver " + key(Bob) + "\nobserver mes " + key(Mes) +
        "\nclass offset setpoint approver 2 standby,productive held,pm - "
        "S2F41,L2,A:RECIPE_OFFSET,L2,L2,A:TOOL,A=tool,L2,A=parameter,F8=value\n"
        "class hold action approver 1 standby,productive - held S2F41,L2,A:HOLD,L1,L2,A:LOT,A=lot\n"
        "class prefer action approver 0 standby,productive - - "
        "S2F41,L2,A:PRIORITY,L2,L2,A:LOT,A=lot,L2,A:VALUE,F8=value\n"
        "class resume resume approver 2 - - - -\n"
        "allow offset " +
        tool +
        " - PERCENT % -5 5 2 0.1 10\n"
        "allow hold " +
        tool +
        " - - - - - - - -\n"
        "allow prefer " +
        tool +
        " - - - 0 1000 100 1 1000\n"
        "allow resume * - - - - - - - -\n";
    write("authority.key", twin::guard::show(seed(Authority)) + "\n");
    write("guard.key", twin::guard::show(seed(Key)) + "\n");
    write("alice.key", twin::guard::show(seed(Alice)) + "\n");
    const auto signature = twin::guard::sign(seed(Authority), twin::guard::limits_text(lines));
    write("limits.signed", lines + "signature " + twin::guard::show(signature) + "\n");
    settings = {.socket = folder / "guard.socket",
                .key = twin::guard::public_key(seed(Key)),
                .limits = folder / "limits.signed",
                .authority = twin::guard::public_key(seed(Authority)),
                .observer = folder / "observer.socket",
                .patience_ms = 2'000,
                .read_back_ms = 3'000};
    sight = plant::Sight{"standby", {}, twin::guard::Decimal{500'000}};
    observe();
  }

  enum : std::uint8_t { Authority = 1, Key, Alice, Bob, Mes, Stranger };
  static twin::guard::Seed seed(std::uint8_t number) {
    twin::guard::Seed s{};
    s[0] = number;
    return s;
  }
  static Tick now() { return real_ms(); }

  // The guard's process, begun or begun anew on its ledger.
  void start() {
    std::filesystem::remove(folder / "said");
    guard = std::make_unique<Child>(
        std::vector<std::string>{FABTWIN_GUARD, folder / "limits.signed",
                                 twin::guard::show(settings.authority), folder / "guard.key",
                                 folder / "ledger", settings.socket, "nobody"},
        folder / "said");
    for (int k = 0; k < 3'000 && !said().ends_with("ready\n") && guard->running(); ++k)
      std::this_thread::sleep_for(std::chrono::milliseconds(10));
  }
  [[nodiscard]] std::string said() const {
    std::ifstream in(folder / "said");
    return {std::istreambuf_iterator<char>(in), {}};
  }
  // The observer, with what the test lets him see, or with the plant's eyes.
  void observe(std::function<plant::Seen(const plant::Look&)> see = {}) {
    if (!see) see = [this](const plant::Look&) { return sight; };
    observer = std::make_unique<plant::Observer>(
        settings.observer.string(),
        plant::Observer::Options{
            .name = "mes", .seed = seed(Mes), .see = std::move(see), .now_ms = [this] {
              return now() - observer_lag;
            }});
  }

  [[nodiscard]] twin::people::Recommendation offset(const std::string& id, double value) const {
    auto r = fresh(twin::people::example::set_point(id));
    r.act.target = tool_name;
    r.act.tool = tool_name;
    r.act.value = value;
    r.act.words = "Set the offset of " + tool_name + ".";
    r.edit.reset();
    return r;
  }
  [[nodiscard]] twin::people::Recommendation hold(const std::string& id,
                                                  const std::string& lot) const {
    auto r = fresh(twin::people::example::advice(id));
    r.act = {
        .kind = "hold", .target = lot, .tool = {}, .lot = lot, .words = "Hold lot " + lot + "."};
    return r;
  }
  // Sent unless somebody says no.
  [[nodiscard]] twin::people::Recommendation prefer(const std::string& id,
                                                    const std::string& lot) const {
    auto r = hold(id, lot);
    r.act.kind = "prefer";
    r.act.parameter = "priority";
    r.act.unit = "number";
    r.act.value = 30.0;
    r.act.from = 10.0;
    r.act.until = r.made + 3'600'000;
    r.level = 6;
    return r;
  }
  static twin::people::Recommendation fresh(twin::people::Recommendation r) {
    r.made = now() - 10;
    r.assumed.state_at = now() - 20;
    r.expires = now() + 300'000;
    r.command.reset();
    return r;
  }
  static twin::people::Rules rules() {
    using namespace twin::people;
    return {{{.name = "offset", .kind = ActKind::SetPoint, .persons = 2},
             {.name = "hold"},
             {.name = "prefer", .level = SentUnlessVetoed, .veto_ms = 1},
             {.name = "rule"}}};
  }

  // As the person's own machine makes it.
  static std::string approval(const std::string& command, const std::string& person,
                              std::uint8_t key, Tick at = now()) {
    const std::string text = twin::guard::approval_text(person, "approver", at, command);
    return "approval " + person + " approver " + twin::guard::show(at) + " " +
           twin::guard::show(twin::guard::sign(seed(key), text));
  }

  void write(const std::string& name, const std::string& text) const {
    std::ofstream(folder / name, std::ios::binary) << text;
    std::filesystem::permissions(folder / name, std::filesystem::perms(0600));
  }

  twin::record::ScratchFolder folder;
  std::string tool_name;
  GuardSettings settings;
  plant::Seen sight;
  Tick observer_lag = 0;  // [ms] that its word is old
  std::unique_ptr<plant::Observer> observer;
  std::unique_ptr<Child> guard;
};

}  // namespace apps::fabtwin::serve
