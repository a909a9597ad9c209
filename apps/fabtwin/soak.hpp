// A soak of the twin that people start: a plant with faulty lines, a broker and `fabtwin serve` as
// processes. In the first third of its time the twin is killed again and again; the rest is one
// life, in which the broker dies, the twin stands still, and rude clients come, while its memory
// and its descriptors are counted. docs/torture.md.
#pragma once
#include <chrono>
#include <cmath>
#include <cstdint>
#include <fstream>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include "apps/fabtwin/child.hpp"
#include "apps/fabtwin/files.hpp"
#include "apps/fabtwin/flatness.hpp"
#include "twin/core/draw.hpp"
#include "twin/link/mosquitto_broker.hpp"
#include "twin/record/scratch_folder.hpp"

namespace apps::fabtwin {

struct SoakOptions {
  std::string data = "data/minifab";
  std::string faults = "heavy";
  double seconds = 20.0;      // real ones
  double speed = 4'000.0;     // plant seconds a second
  double stroke_every = 2.0;  // [s] mean
  double stands_still = 1.0;  // [s] the twin, at a time
  std::string forecast = {};  // the site's table
  std::uint64_t seed = 1;
};

// What a process holds.
struct Held {
  double kib = 0.0;    // resident
  double files = 0.0;  // open descriptors
};

inline Held held_by(pid_t process) {
  const std::filesystem::path proc = "/proc/" + std::to_string(process);
  Held held;
  std::error_code gone;
  for (auto it = std::filesystem::directory_iterator(proc / "fd", gone);
       !gone && it != std::filesystem::directory_iterator(); it.increment(gone))
    held.files += 1.0;
  double pages = 0.0;
  std::ifstream statm(proc / "statm");
  statm >> pages >> pages;
  held.kib = pages * static_cast<double>(::sysconf(_SC_PAGESIZE)) / 1024.0;
  return held;
}

struct Soaked {
  int kills = 0, stops = 0, broker_kills = 0, rude = 0;
  double kept_hours = 0.0;       // [h] of the last life after it warmed up
  std::vector<double> kib = {};  // [block] means, of that time
  std::vector<double> files = {};
  double block_hours = 0.0;
  std::string trouble = {};  // the twin ended by itself, in its words
  std::string verified = {}, replayed = {}, replayed_from_start = {};
  [[nodiscard]] Slope memory() const { return slope_of(kib, block_hours); }
  [[nodiscard]] Slope descriptors() const { return slope_of(files, block_hours); }
};

class Soak {
 public:
  Soak(std::string program, SoakOptions options)
      : program_(std::move(program)),
        options_(std::move(options)),
        draw_{options_.seed, 0x736f616b} {}

  Soaked run() {
    const std::string address = "127.0.0.1:" + std::to_string(broker_.port());
    Child plant({program_, "plant", at("plant"), "--data", options_.data, "--speed",
                 std::to_string(options_.speed), "--hsms-port", "0", "--tools", "per-group",
                 "--mqtt", address, "--site", "soak", "--faults", options_.faults, "--seed",
                 std::to_string(options_.seed)},
                at("plant.out"));
    for (int k = 0; k < 600 && !std::filesystem::exists(at("plant/plant.toml")); ++k) nap(0.1);
    write_site();
    start_twin();
    const double calm = options_.seconds / 3.0;
    live_until(calm, true);
    const double warm = calm + (options_.seconds - calm) / 3.0;
    live_until(warm, false);
    watching_ = true;
    out_.kept_hours = (options_.seconds - warm) / 3600.0;
    live_until(options_.seconds, false);
    close_blocks();
    (void)plant.end(SIGTERM);
    nap(1.0);
    if (twin_->running()) {
      if (const int status = twin_->end(SIGTERM); status != 130) tell("ended with", status);
    }
    out_.verified = told_by({"verify", at("record")});
    out_.replayed = told_by({"replay", at("record")});
    out_.replayed_from_start = told_by({"replay", at("record"), "--from-start"});
    return out_;
  }

 private:
  static constexpr std::size_t Blocks = 24;

  [[nodiscard]] std::string at(const std::string& name) const { return folder_ / name; }
  static void nap(double seconds) {
    std::this_thread::sleep_for(std::chrono::duration<double>(seconds));
  }
  [[nodiscard]] double now() const {
    return std::chrono::duration<double>(std::chrono::steady_clock::now() - begun_).count();
  }
  double uniform() { return draw_.uniform(0, 0, occasion_++); }
  double gap() { return -std::log1p(-uniform()) * options_.stroke_every; }
  void tell(const std::string& what, int status) {
    if (out_.trouble.empty())
      out_.trouble = what + " " + std::to_string(status) + "\n" + read_text(at("twin.out"));
  }

  void write_site() const {
    const std::string data = std::filesystem::absolute(options_.data).string();
    std::ofstream(at("site.toml")) << "[site]\nname = \"soak\"\ndata = \"" << data
                                   << "\"\nplant = \"plant/plant.toml\"\n"
                                      "[twin]\nwatermark = \"1 h\"\nsnapshot_every = \"12 h\"\n"
                                      "[secs]\n[mqtt]\n[http]\nlisten = \"127.0.0.1:"
                                   << port_ << "\"\n"
                                   << options_.forecast;
  }

  void start_twin() {
    twin_ = std::make_unique<Child>(
        std::vector<std::string>{program_, "serve", at("site.toml"), "--every", "5"},
        at("twin.out"));
  }

  void live_until(double until, bool killing) {
    for (; now() < until; nap(0.1)) {
      if (!twin_->running()) {
        tell("ended by itself with", twin_->wait());
        start_twin();
      }
      if (watching_) watch();
      if (now() < next_stroke_) continue;
      next_stroke_ = now() + gap();
      killing ? kill() : strike();
    }
  }

  void kill() {
    ++out_.kills;
    (void)twin_->end(SIGKILL);
    start_twin();
  }

  void strike() {
    const double u = uniform();
    if (u < 0.25) {
      ++out_.stops;
      ::kill(twin_->id(), SIGSTOP);
      nap(options_.stands_still);
      ::kill(twin_->id(), SIGCONT);
    } else if (u < 0.5) {
      ++out_.broker_kills;
      broker_.stop(SIGKILL);
      nap(options_.stands_still);
      broker_.start();
    } else {
      ++out_.rude;
      be_rude(u < 0.75);
    }
  }

  // Lines that say half a request, or one that no parser takes, and go without waiting.
  void be_rude(bool half) const {
    const std::string body(4'096, '{');
    const std::string words =
        half ? "POST /ingest HTTP/1.1\r\nContent-Le"
             : "POST /ingest HTTP/1.1\r\nHost: x\r\nContent-Length: 4096\r\n\r\n" + body;
    std::vector<int> lines;
    for (int k = 0; k < 40; ++k) {
      const int line = ::socket(AF_INET, SOCK_STREAM, 0);
      sockaddr_in address{};
      address.sin_family = AF_INET;
      address.sin_port = htons(static_cast<std::uint16_t>(port_));
      address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
      if (::connect(line, reinterpret_cast<sockaddr*>(&address), sizeof address) == 0)
        (void)::send(line, words.data(), words.size(), MSG_NOSIGNAL);
      lines.push_back(line);
    }
    nap(0.2);
    for (const int line : lines) ::close(line);
  }

  void watch() {
    const double block = out_.kept_hours * 3600.0 / static_cast<double>(Blocks);
    if (watched_.empty()) block_end_ = now() + block;
    watched_.push_back(held_by(twin_->id()));
    if (now() >= block_end_) close_blocks();
  }

  void close_blocks() {
    if (watched_.size() < 2) return;
    double kib = 0.0, files = 0.0;
    for (const Held& held : watched_) {
      kib += held.kib / static_cast<double>(watched_.size());
      files += held.files / static_cast<double>(watched_.size());
    }
    out_.kib.push_back(kib);
    out_.files.push_back(files);
    out_.block_hours = out_.kept_hours / static_cast<double>(Blocks);
    watched_.clear();
    std::printf("soak: %.0f s, %.0f KiB, %.1f descriptors\n", now(), kib, files);
    std::fflush(stdout);
  }

  [[nodiscard]] std::string told_by(std::vector<std::string> words) {
    words.insert(words.begin(), program_);
    const std::string file = at("told" + std::to_string(++told_));
    const int status = Child(words, file).wait();
    return "status " + std::to_string(status) + "\n" + read_text(file);
  }

  std::string program_;
  SoakOptions options_;
  twin::core::Draw draw_;
  std::uint32_t occasion_ = 0;
  int told_ = 0;
  twin::record::ScratchFolder folder_{"soak"};
  twin::link::MosquittoBroker broker_;
  int port_ = twin::link::free_port();
  std::chrono::steady_clock::time_point begun_ = std::chrono::steady_clock::now();
  double next_stroke_ = 0.0, block_end_ = 0.0;
  bool watching_ = false;
  std::vector<Held> watched_;
  std::unique_ptr<Child> twin_;
  Soaked out_;
};

}  // namespace apps::fabtwin
