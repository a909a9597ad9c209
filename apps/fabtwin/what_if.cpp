// fabtwin what-if: what would become of a fab as it stands if something were otherwise from now on.
#include <fmt/format.h>

#include <chrono>
#include <memory>
#include <nlohmann/json.hpp>

#include "apps/fabtwin/ahead_flags.hpp"
#include "apps/fabtwin/commands.hpp"
#include "apps/fabtwin/files.hpp"
#include "apps/fabtwin/interrupt.hpp"
#include "apps/fabtwin/progress.hpp"
#include "apps/fabtwin/what_if_answer.hpp"
#include "apps/fabtwin/what_if_words.hpp"

namespace apps::fabtwin {
namespace {

using namespace twins::fab::decide;
using twins::fab::State;

struct WhatIfFlags : AheadFlags {
  WhatIfWords words;
  WhatIfAsked asked;
};

void check_what_if(const WhatIfFlags& f) {
  const auto wrong = [](const std::string& what) { throw Failure(Exit::Usage, what); };
  check_ahead(f, f.asked.horizon_hours);
  if (f.asked.pairs < 2 || f.asked.pairs > 100'000)
    wrong(fmt::format("--runs {} (must be 2 to 100000 pairs)", f.asked.pairs));
  if (f.words.empty())
    wrong(
        "nothing is otherwise (say --down, --mix, --buy, --hot, --move-pm, --to-rule, --release or "
        "--qualification)");
}

Exit ask_question(WhatIfFlags f) {
  check_what_if(f);
  f.words.rule = another_rule(f.words.rule, f);
  f.words.release = rule_in_lower_case(f.words.release);
  for (std::string& which : f.words.qualifications) which = rule_in_lower_case(which);
  const Present present(f);
  const Prepared& prepared = present.prepared;
  const twins::fab::Layout& layout = *prepared.layout;
  const State& seen = present.seen;
  const auto begun = std::chrono::steady_clock::now();
  WhatIfAsked asked = f.asked;
  asked.now = seen.now;
  asked.standing = prepared.run.rule;
  asked.seed = prepared.run.seed + 1;
  asked.threads = present.threads;
  asked.outlook.paces = {{}};  // learnt below, when the question is known to be one
  const WhatIf what_if =
      or_fail(Exit::Usage, [&] { return what_if_of(f.words, layout, seen, prepared.run.rule); });
  or_fail(Exit::Usage, [&] { TwoLives(prepared.layout, seen, {}, what_if, asked); });
  asked.outlook = present.learn_outlook();
  const TwoLives lives(prepared.layout, seen, {}, what_if, asked);
  const Interrupt interrupt;
  WhatIfResult result;
  {
    Progress progress(stderr, "what-if");
    result = compare(lives, [&](std::uint64_t runs) {
      progress.show(static_cast<double>(runs) / (2.0 * static_cast<double>(asked.pairs)));
      return !interrupt.asked();
    });
  }
  const double seconds =
      std::chrono::duration<double>(std::chrono::steady_clock::now() - begun).count();
  const WhatIfShown shown{layout, asked,        texts_of(layout, what_if, asked.now),
                          result, f.after_days, interrupt.asked()};
  if (f.json) {
    Json json = json_head("what_if");
    json["data_set"] = json_data_set(layout);
    json.update(what_if_json(shown));
    json["timing"] = {{"seconds", seconds}, {"threads", asked.threads}};
    print(json.dump(1) + "\n");
  } else {
    print(title_of(layout) + "\n" + what_if_text(shown) +
          fmt::format("{} runs of {:.0f} h in {:.1f} s\n", 2 * result.pairs, asked.horizon_hours,
                      seconds));
  }
  return interrupt.asked() ? Exit::Interrupted : Exit::Ok;
}

}  // namespace

void add_what_if(Command& program) {
  const auto flags = std::make_shared<WhatIfFlags>();
  Command& command = program.add_command(
      "what-if", "Say what would become of a fab as it stands if something were otherwise");
  add_present(command, *flags);
  const auto add = [&](const char* name, std::vector<std::string>& words, const char* form,
                       const char* text) {
    command.add_option(name, words, text).type_name(form).repeatable();
  };
  add("--down", flags->words.downs, "TOOL:FROM_H:UNTIL_H",
      "a tool is down, in hours from the present, as in LithoTrack_1#2:0:12 (repeatable)");
  add("--mix", flags->words.mixes, "PRODUCT=STARTS_PER_DAY",
      "a product starts so many lots a day, 0: none any more (repeatable)");
  add("--buy", flags->words.bought, "GROUP+N[@FROM_H]",
      "so many tools more in a group, now or in some hours (repeatable)");
  add("--hot", flags->words.hot, "LOT",
      "the lot of this number gets a priority above all others (repeatable)");
  add("--move-pm", flags->words.pms, "TOOL:CALENDAR:TO_H",
      "the next maintenance of a calendar by days comes in so many hours (repeatable)");
  command
      .add_option("--to-rule", flags->words.rule,
                  "another dispatching rule from now on (see `fabtwin rules`)")
      .type_name("NAME");
  command
      .add_option("--release", flags->words.release,
                  "lots enter by another control from now on: conwip=60, workload=12, "
                  "starvation=1.5 (see `fabtwin rules`), scheduled")
      .type_name("CONTROL");
  add("--qualification", flags->words.qualifications, "WHICH",
      "a tool does other steps from now on: not.etch_1#2=part_3, only.etch_1#2=part_3 (see "
      "`fabtwin rules`), all for no restriction (repeatable)");
  add_horizon(command, flags->asked.horizon_hours);
  command.add_option("--runs", flags->asked.pairs, "pairs of runs, as it is and otherwise")
      .shows_default();
  add_chances(command, *flags);
  command.footer(
      "Examples:\n"
      "  fabtwin what-if data/example-fab --down LithoScan_1#3:0:48\n"
      "  fabtwin what-if data/example-fab --mix part_1=15 --buy LithoScan_1+2@24 --horizon 336");
  command.action([flags] { return ask_question(*flags); });
}

}  // namespace apps::fabtwin
