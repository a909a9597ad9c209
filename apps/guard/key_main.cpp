// fabtwin-guard-key: the keys and signatures of people, made away from the guard.
#include <fcntl.h>
#include <sodium.h>
#include <unistd.h>

#include <cstdio>

#include "apps/guard/conduit.hpp"
#include "twin/core/error.hpp"
#include "twin/guard/command.hpp"
#include "twin/guard/rules.hpp"

namespace {

using namespace apps::guard;  // NOLINT(google-build-using-namespace)
namespace guard = twin::guard;
using twin::core::Error;

void make_key(const std::string& path) {
  guard::Seed seed{};
  randombytes_buf(seed.data(), seed.size());
  const Descriptor file(::open(path.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600));
  const std::string text = guard::show(seed) + "\n";
  if (::write(file.number(), text.data(), text.size()) != static_cast<ssize_t>(text.size()) ||
      ::fsync(file.number()) != 0)
    throw Error(path + " (cannot be written, or is there already)");
  std::puts(guard::show(guard::public_key(seed)).c_str());
}

int run(const std::vector<std::string>& w) {
  const auto signature = [&](const std::string& text) {
    return guard::show(guard::sign(read_seed(w[2]), text));
  };
  if (w.size() == 3 && w[1] == "new") {
    make_key(w[2]);
  } else if (w.size() == 3 && w[1] == "public") {
    std::puts(guard::show(guard::public_key(read_seed(w[2]))).c_str());
  } else if (w.size() == 4 && w[1] == "sign") {
    const std::string lines = read_all(w[3], 077),
                      text = lines + "signature " + signature(guard::limits_text(lines)) + "\n";
    guard::expect_rules(guard::read_limits(text, guard::public_key(read_seed(w[2]))));
    std::printf("%s", text.c_str());
  } else if (w.size() == 6 && w[1] == "approve") {
    const std::string command = read_all(w[5], 077);
    if (!guard::read_command(command)) throw Error(w[5] + " (is no command in its one spelling)");
    const auto now = now_ms();
    std::printf("approval %s %s %s %s\n", w[3].c_str(), w[4].c_str(), guard::show(now).c_str(),
                signature(guard::approval_text(w[3], w[4], now, command)).c_str());
  } else {
    std::fputs(
        "usage: fabtwin-guard-key new KEY                 makes a key, prints its public half\n"
        "       fabtwin-guard-key public KEY              prints its public half\n"
        "       fabtwin-guard-key sign KEY LIMITS         prints the limits with their signature\n"
        "       fabtwin-guard-key approve KEY PERSON ROLE COMMAND  prints the approval of a "
        "command\n",
        stderr);
    return 2;
  }
  return 0;
}

}  // namespace

int main(int count, char** words) {
  try {
    return run(std::vector<std::string>(words, words + count));
  } catch (const std::exception& e) {
    std::fprintf(stderr, "fabtwin-guard-key: %s\n", e.what());
    return 78;
  }
}
