// If these failed, what comes over the wire would not be what happened in the fab, or a test of a
// mirror would be held against another fab than the one it heard of.
#include "apps/plant/site.hpp"

#include <gtest/gtest.h>

#include <map>
#include <set>
#include <tuple>

#include "apps/plant/arrival.hpp"
#include "twins/fab/lively_fab.hpp"

namespace apps::plant {
namespace {

using twin::event::Event;
using twins::fab::DayMs;
using twins::fab::HourMs;

constexpr auto SiteDay = static_cast<Tick>(DayMs);
constexpr auto SiteHour = static_cast<Tick>(HourMs);

using SiteKey = std::tuple<std::uint32_t, std::uint32_t, std::uint64_t>;
SiteKey key(const Message& m) { return {m.source, m.epoch, m.seq}; }

TEST(Site, WhatArrivesIsWhatHappened) {
  // Wrong: with every fault but lies, the distinct messages would not be the events of the fab, and
  // a mirror of them not the fab at every audited instant.
  const auto layout = twins::fab::lively_fab();
  SiteOptions o{.fab = {.seed = 9}, .faults = faults_of_level("heavy"), .audit_every = SiteHour};
  o.faults.ghosts = 0.0;
  o.fab.scenario.operators.push_back({.from = 0, .every = SiteHour, .hold = SiteHour});
  std::vector<SiteKey> said;
  std::vector<std::pair<Tick, twins::fab::View>> audits;
  std::map<Fault::Kind, int> faults;
  Site site(layout, o,
            {.event = {},
             .message = [&](const Message& m) { said.push_back(key(m)); },
             .fault = [&](const Fault& f) { ++faults[f.kind]; },
             .audit = [&](const Fab& fab) { audits.emplace_back(fab.now(), fab.view()); }});
  std::map<SiteKey, Event> heard;
  std::uint64_t copies = 0;
  const Wire::Receive receive = [&](const Delivery& d) {
    if (d.corrupt) return;
    const auto [at, is_new] = heard.emplace(key(*d.message), d.message->event);
    if (!is_new) {
      ++copies;
      EXPECT_EQ(at->second, d.message->event);
    }
    site.wire().acknowledge(d.ticket, d.at);
  };
  for (Tick at = 0; at < 7 * SiteDay; at += SiteHour / 2)
    site.run_until(at + SiteHour / 2, receive);
  ASSERT_TRUE(site.settle(20 * SiteDay, receive));
  EXPECT_EQ(site.wire().settled(), twin::core::Never);
  EXPECT_EQ(heard.size(), said.size());
  EXPECT_GT(copies, 100U);
  for (const auto kind : {Fault::Kind::Dropped, Fault::Kind::Cut, Fault::Kind::Rebooted,
                          Fault::Kind::Corrupted, Fault::Kind::Reordered})
    EXPECT_GT(faults[kind], 0) << to_string(kind);

  const auto nominal = twins::fab::make_fab(layout);
  twins::fab::Mirror mirror(*nominal);
  twins::fab::State x = mirror.start();
  std::size_t next = 0;
  ASSERT_EQ(audits.size(), 7U * 24U - 1U);
  for (const auto& [at, view] : audits) {
    for (; next < said.size() && heard.at(said[next]).at <= at; ++next)
      ASSERT_EQ(mirror.apply(x, heard.at(said[next])), twins::fab::Applied::Moved);
    x.now = at;
    ASSERT_EQ(twins::fab::first_difference(*layout, view, twins::fab::observe(*layout, x)), "");
  }
}

TEST(Site, TheListenerHasNoPartInWhatHappens) {
  // Wrong: the truth would depend on how well it is listened to, and no two runs could be compared.
  const auto layout = twins::fab::lively_fab();
  SiteOptions o{.fab = {.seed = 9}, .faults = faults_of_level("heavy")};
  std::vector<SiteKey> said[2];
  for (int deaf = 0; deaf < 2; ++deaf) {
    Site site(layout, o,
              {.event = {},
               .message = [&](const Message& m) { said[deaf].push_back(key(m)); },
               .fault = {},
               .audit = {}});
    site.run_until(2 * SiteDay, [&](const Delivery& d) {
      if (deaf == 0) site.wire().acknowledge(d.ticket, d.at);
    });
  }
  EXPECT_EQ(said[0], said[1]);
}

TEST(Site, ObeysAtOnceAndTellsOverTheWire) {
  const auto layout = twins::fab::lively_fab();
  Site site(layout, {});
  int held = 0;
  const Wire::Receive receive = [&](const Delivery& d) {
    held += d.message->event.kind == twin::event::Kind::Held;
    site.wire().acknowledge(d.ticket, d.at);
  };
  site.run_until(SiteDay, receive);
  for (const auto& lot : site.fab().state().lots) {
    if (lot.place != twins::fab::LotPlace::Queued) continue;
    EXPECT_TRUE(site.obey({.kind = Command::Kind::Hold, .lot = lot.id}).done);
    break;
  }
  site.run_until(SiteDay + SiteHour, receive);
  EXPECT_EQ(held, 1);
}

TEST(Site, GoesOnFromWhereItWasSaved) {
  // Wrong: after the plant's own death its messages would have other numbers, and a twin would take
  // twice what it has already.
  const auto layout = twins::fab::lively_fab();
  SiteOptions o{.fab = {.seed = 4}, .faults = faults_of_level("heavy")};
  std::vector<std::pair<SiteKey, Event>> said, again;
  const auto into = [](auto& list) {
    return Site::Watch{.event = {},
                       .message = [&](const Message& m) { list.emplace_back(key(m), m.event); },
                       .fault = {},
                       .audit = {}};
  };
  const Wire::Receive deaf = [](const Delivery&) {};
  Site one(layout, o, into(said));
  one.run_until(SiteDay, deaf);
  const std::vector<std::byte> saved = one.save();
  const std::size_t before = said.size();
  one.run_until(2 * SiteDay, deaf);

  Site two(layout, o, into(again));
  two.load(saved);
  EXPECT_EQ(two.now(), SiteDay);
  two.run_until(2 * SiteDay, deaf);
  ASSERT_EQ(said.size(), before + again.size());
  for (std::size_t i = 0; i < again.size(); ++i) {
    ASSERT_EQ(again[i].first, said[before + i].first);
    const bool both_lies = !(again[i].second == again[i].second);  // NaN
    ASSERT_TRUE(both_lies || again[i].second == said[before + i].second);
  }
}

}  // namespace
}  // namespace apps::plant
