// How long a twin that was killed takes to be one again: a whole fab lives DAYS with its twin beside it, record and
// snapshots on the real disk; then, as long after a snapshot as can be, the twin is killed and opened five times.
// Goal: at most 10 s to a living belief of SMT2020 HVLM after a week, at the default snapshot interval.
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <chrono>
#include <exception>
#include <filesystem>
#include <string_view>

#include "apps/fabtwin/serve/rig.hpp"
#include "apps/fabtwin/serve/site.hpp"
#include "twin/record/file_disk.hpp"
#include "twins/fab/import/read.hpp"

namespace {

using namespace apps::fabtwin::serve;
constexpr Tick MinuteMs = 60'000, DayMs = 24 * 60 * MinuteMs;

double seconds_since(std::chrono::steady_clock::time_point begun) {
  return std::chrono::duration<double>(std::chrono::steady_clock::now() - begun).count();
}

RigOptions options_of(const std::filesystem::path& folder) {
  RigOptions o;
  // The twin syncs once a minute of the plant's, not of ours: sources may have all of it on the way.
  o.beat_ms = MinuteMs;
  o.plant.window = 65'536;
  o.plant.retry_ms = 10 * MinuteMs;
  o.site = read_site(
      "[site]\nname = \"recovery\"\ndata = \".\"\nrecord = \"record\"\n"
      "time_zero = \"2018-01-01T00:00:00.000Z\"\n"
      "[drop]\nfolder = \"none\"\n"
      "[forecast]\nevery = \"5 min\"\n",
      folder / "site.toml");  // its defaults are those of every site
  return o;
}

int measure(const std::filesystem::path& folder, const std::filesystem::path& fab, Tick end) {
  if (std::filesystem::exists(folder / "record")) {
    fmt::print(stderr, "{}: there is a record already\n", folder.string());
    return 2;
  }
  std::filesystem::create_directories(folder);
  const auto layout = twins::fab::compile(twins::fab::import::read(fab));
  twin::record::FileDisk disk;
  auto begun = std::chrono::steady_clock::now();
  Rig rig(disk, layout, options_of(folder));
  rig.run_until(end);
  // On to the last minute before the next snapshot: the most that has to be folded again.
  const Tick interval = rig.living().site().snapshot_every_ms;
  rig.run_until(std::max(end, rig.living().belief().saved + interval - MinuteMs));
  fmt::print("{} tools, day {:.2f}: lived in {:.0f} s\n", layout->tools(),
             static_cast<double>(rig.plant().now()) / DayMs, seconds_since(begun));

  std::array<double, 5> taken{};
  for (double& one : taken) {
    begun = std::chrono::steady_clock::now();
    rig.kill();
    const double opened = seconds_since(begun);
    const auto work = rig.living().due(rig.plant().now() + rig.living().site().time_zero_ms);
    one = seconds_since(begun);
    const Opening& opening = rig.living().opening();
    fmt::print("{} entries, {} of them folded again: living after {:.2f} s, {} after {:.2f} s\n",
               opening.entries, opening.entries - opening.snapshot, opened,
               work ? "a forecast can run" : "no forecast is due yet", one);
  }
  std::ranges::sort(taken);
  fmt::print("median of {}: {:.2f} s (goal: at most 10)\n", taken.size(), taken[taken.size() / 2]);
  return 0;
}

}  // namespace

int main(int count, char** words) {
  double days = 7.0;
  const std::string_view last = count == 4 ? words[3] : "7";
  const auto [stopped, failed] = std::from_chars(last.data(), last.data() + last.size(), days);
  if (count < 3 || count > 4 || failed != std::errc() || !(days > 0.0 && days <= 365.0)) {
    fmt::print(stderr, "usage: fabtwin_recovery FOLDER FAB [DAYS]\n");
    return 2;
  }
  try {
    return measure(words[1], words[2], static_cast<Tick>(days * DayMs));
  } catch (const std::exception& e) {
    fmt::print(stderr, "{}\n", e.what());
    return 1;
  }
}
