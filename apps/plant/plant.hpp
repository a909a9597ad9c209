// A plant that runs beside its twin: a Site on the computer's clock, in a folder that it can be taken
// up from. What it says goes out through outlets, which keep it until the twin has it for good.
#pragma once
#include <chrono>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "apps/plant/diary.hpp"
#include "apps/plant/notice.hpp"
#include "apps/plant/site.hpp"
#include "apps/plant/truth.hpp"

namespace apps::plant {

enum class Takes : std::uint8_t { Mine, NotMine };

// The lines of some sources, each a real link.
class Outlet {
 public:
  virtual ~Outlet() = default;
  // Mine: it keeps the message and sends it, again if need be, until the twin has it for good.
  virtual Takes tell(const Message& message) = 0;
  virtual void corrupt(const Message& message, std::uint32_t damage) = 0;  // sends broken bytes
  virtual void cut(std::uint32_t source, bool down) = 0;  // a line that is down, or up again
  // [tick] `at` of the oldest message that the twin does not have for good; Never: it has all.
  [[nodiscard]] virtual Tick settled() const = 0;
  // Sends and receives what can be; where nothing is, waits so long at most.
  virtual void turn(std::chrono::milliseconds wait) = 0;
};

struct PlantOptions {
  std::filesystem::path folder = {};  // DIR
  std::filesystem::path data = {};    // of the data set
  double speed = 1.0;                 // plant seconds a real second; 0: as fast as it goes
  SiteOptions site = {};
  std::string given = {};  // the texts of scenario and faults: a plant of others is another plant
  Tick save_every = 6 * 3'600'000;  // [tick]
};

class Plant {
 public:
  // Begins a plant in the folder, or takes up the one that is there. real_ms: the computer's clock
  // [ms since 1970]. Throws twin::core::Error where the folder holds another plant, or none.
  Plant(const std::shared_ptr<const twins::fab::Layout>& layout, PlantOptions options,
        std::int64_t real_ms);

  void add(std::unique_ptr<Outlet> outlet) { outlets_.push_back(std::move(outlet)); }
  // Puts up the notice, with the outlets' doors; from now on others may come.
  void announce();
  [[nodiscard]] Notice& notice() { return notice_; }
  [[nodiscard]] const std::filesystem::path& folder() const { return options_.folder; }

  // Lives up to what the clock says, at most `until` and not much at a time, and lets the outlets
  // do their work, or wait so long at most. Whether the end is still ahead.
  bool turn(std::int64_t real_ms, Tick until, std::chrono::milliseconds wait = {});

  // The fab has ended, but for stop(): the wire and the outlets do their work. Whether something is
  // not yet with the twin.
  bool listen(std::chrono::milliseconds wait);

  // At now(), written down before it is obeyed.
  Obeyed obey(const Command& command);

  // Saved, and its truth closed.
  void stop();

  [[nodiscard]] const Site& site() const { return *site_; }
  [[nodiscard]] Site& site() { return *site_; }
  [[nodiscard]] bool taken_up() const { return taken_up_; }  // not begun
  [[nodiscard]] std::uint64_t told() const { return told_; }

 private:
  void open(std::int64_t real_ms);
  void live(Tick until);
  void live_again(Tick until);
  void save();
  void receive(const Delivery& delivery);
  [[nodiscard]] std::string identity() const;
  [[nodiscard]] std::filesystem::path save_file(Tick at) const;
  [[nodiscard]] std::vector<Tick> saves() const;  // rising

  std::shared_ptr<const twins::fab::Layout> layout_;
  PlantOptions options_;
  Notice notice_;
  std::unique_ptr<Site> site_;
  std::unique_ptr<Truth> truth_;
  std::unique_ptr<Diary> diary_;
  std::vector<std::unique_ptr<Outlet>> outlets_;
  std::size_t next_note_ = 0;  // of the diary: to be lived again
  Tick restart_at_ = -1;       // [tick] taken up: from here on all count anew; -1: done
  bool taken_up_ = false;
  std::uint64_t told_ = 0;  // messages said
};

}  // namespace apps::plant
