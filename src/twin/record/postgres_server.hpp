// A PostgreSQL server of a test's own: made in a scratch folder from Debian's package, reached by a
// socket there, run by a user without rights (the server refuses root), stopped at the end.
#pragma once
#include <unistd.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <string>

#include "twin/record/scratch_folder.hpp"

namespace twin::record {

class PostgresServer {
 public:
  PostgresServer() : scratch_("postgres") {
    namespace fs = std::filesystem;
    const std::string programs = "/usr/lib/postgresql/15/bin";
    if (!fs::exists(programs + "/initdb")) {
      problem_ = "PostgreSQL 15 is not installed (Debian's package postgresql-15)";
      return;
    }
    std::string as;  // in front of a command
    if (geteuid() == 0) {
      if (std::system("getent passwd postgres > /dev/null") != 0) {
        problem_ = "there is no user postgres, and the server refuses root";
        return;
      }
      as = "setpriv --reuid=postgres --regid=postgres --clear-groups env -i PATH=\"$PATH\" ";
      if (std::system(("chown postgres '" + scratch_.path().string() + "'").c_str()) != 0) {
        problem_ = "the scratch folder cannot be given to the user postgres";
        return;
      }
    }
    const std::string folder = scratch_.path().string();
    const auto run = [&](const std::string& command) {
      return std::system(("cd '" + folder + "' && timeout 100 " + as + command +
                          " >> server.log 2>&1 < /dev/null")
                             .c_str()) == 0;
    };
    std::ofstream(scratch_.file("server.log")).close();
    fs::permissions(scratch_.file("server.log"), fs::perms{0666});
    if (!run(programs + "/initdb -D '" + folder +
             "/cluster' -U postgres -A trust -E UTF8 --locale=C --no-sync")) {
      problem_ = "initdb failed: " + log();
      return;
    }
    // No network at all; no fsync, since nothing here need outlive the test.
    start_ = programs + "/pg_ctl -D '" + folder + "/cluster' -w -t 60 -o \"-k '" + folder +
             "' -h '' -F\" start";
    stop_ = "cd / && timeout 100 " + as + programs + "/pg_ctl -D '" + folder +
            "/cluster' -m immediate -w stop > /dev/null 2>&1 < /dev/null";
    if (!run(start_)) problem_ = "the server did not start: " + log();
  }
  PostgresServer(const PostgresServer&) = delete;
  PostgresServer& operator=(const PostgresServer&) = delete;
  ~PostgresServer() { stop(); }

  // Empty: it runs. Else why not.
  [[nodiscard]] const std::string& problem() const { return problem_; }

  [[nodiscard]] std::string connection() const {
    return "host='" + scratch_.path().string() + "' user=postgres dbname=postgres";
  }

  void stop() {
    if (stop_.empty()) return;
    if (std::system(stop_.c_str()) != 0) problem_ = "the server did not stop";
    stop_.clear();
  }

 private:
  [[nodiscard]] std::string log() const {
    std::ifstream in(scratch_.file("server.log"));
    std::string last;
    for (std::string line; std::getline(in, line);) last = line;
    return last;
  }

  ScratchFolder scratch_;
  std::string problem_, start_, stop_;
};

}  // namespace twin::record
