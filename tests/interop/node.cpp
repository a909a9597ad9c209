#include "tests/interop/node.hpp"

#include <arpa/inet.h>
#include <fcntl.h>
#include <poll.h>
#include <sys/file.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <csignal>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <stdexcept>

namespace tests::interop {
namespace {

namespace fs = std::filesystem;

fs::path installed(const std::string& name) { return fs::path("build/interop") / name; }

std::string text_of(const fs::path& path) {
  std::ifstream in(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), {}};
}

bool succeeds(const std::string& command) { return std::system(command.c_str()) == 0; }  // NOLINT

// Tests run side by side; only one of them installs.
class Lock {
 public:
  explicit Lock(const fs::path& path)
      : fd_(open(path.c_str(), O_CREAT | O_RDWR | O_CLOEXEC, 0644)) {
    if (fd_ < 0 || flock(fd_, LOCK_EX) != 0) throw std::runtime_error("lock " + path.string());
  }
  ~Lock() { close(fd_); }
  Lock(const Lock&) = delete;
  Lock& operator=(const Lock&) = delete;

 private:
  int fd_;
};

}  // namespace

std::string install_packages(const std::string& name) {
  return install_packages_of("tests/interop/" + name, name);
}

std::string install_packages_of(const std::string& folder, const std::string& name) {
  const fs::path from = folder;
  const fs::path to = installed(name);
  if (!succeeds("node --version >/dev/null 2>&1")) return "no node (the package nodejs)";
  if (!succeeds("npm --version >/dev/null 2>&1")) return "no npm (the package npm)";
  fs::create_directories(to);
  const Lock lock(to / "lock");
  for (auto entry = fs::recursive_directory_iterator(from); entry != fs::end(entry); ++entry) {
    const fs::path file = to / fs::relative(entry->path(), from);
    if (entry->is_directory() && (file.filename() == "node_modules" || file.filename() == "dist")) {
      entry.disable_recursion_pending();
    } else if (entry->is_regular_file() && text_of(entry->path()) != text_of(file)) {
      fs::create_directories(file.parent_path());
      fs::copy_file(entry->path(), file, fs::copy_options::overwrite_existing);
    }
  }
  // What is installed is what the lock file said when it was.
  const std::string wanted = text_of(from / "package-lock.json");
  if (text_of(to / "installed") == wanted) return {};
  // A registry that does not answer must not hold up the tests.
  const std::string install = "cd '" + to.string() +
                              "' && timeout 120 npm ci --ignore-scripts --no-audit --no-fund "
                              "--fetch-retries=1 --fetch-timeout=20000 >npm.log 2>&1";
  if (!succeeds(install)) return "npm ci failed (see " + (to / "npm.log").string() + ")";
  std::ofstream(to / "installed", std::ios::binary) << wanted;
  return {};
}

std::uint16_t free_port() {
  const int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t size = sizeof address;
  auto* any = reinterpret_cast<sockaddr*>(&address);  // NOLINT
  const bool found = bind(fd, any, size) == 0 && getsockname(fd, any, &size) == 0;
  close(fd);
  if (!found) throw std::runtime_error("no free port");
  return ntohs(address.sin_port);
}

Node::Node(const std::string& name, const std::string& script, std::vector<std::string> arguments) {
  std::array<int, 2> in{}, out{};
  if (pipe2(in.data(), O_CLOEXEC) != 0 || pipe2(out.data(), O_CLOEXEC) != 0) {
    throw std::runtime_error("pipe");
  }
  arguments.insert(arguments.begin(), {"node", script});
  std::vector<char*> words;
  words.reserve(arguments.size() + 1);
  for (std::string& word : arguments) words.push_back(word.data());
  words.push_back(nullptr);
  const std::string folder = installed(name).string();
  process_ = fork();
  if (process_ < 0) throw std::runtime_error("fork");
  if (process_ == 0) {
    dup2(in[0], STDIN_FILENO);
    dup2(out[1], STDOUT_FILENO);
    if (chdir(folder.c_str()) == 0) execvp("node", words.data());
    _exit(127);
  }
  close(in[0]);
  close(out[1]);
  to_ = in[1];
  from_ = out[0];
}

Node::~Node() {
  close(to_);
  kill(process_, SIGKILL);
  waitpid(process_, nullptr, 0);
  close(from_);
}

void Node::say(const std::string& line) {
  const std::string text = line + "\n";
  for (std::size_t done = 0; done < text.size();) {
    const ssize_t put = write(to_, text.data() + done, text.size() - done);
    if (put <= 0) throw std::runtime_error("the script does not listen");
    done += static_cast<std::size_t>(put);
  }
}

std::vector<std::string> Node::heard(std::chrono::milliseconds wait) {
  pollfd ready{.fd = from_, .events = POLLIN, .revents = 0};
  std::vector<std::string> lines;
  while (poll(&ready, 1, lines.empty() ? static_cast<int>(wait.count()) : 0) > 0) {
    std::array<char, 1 << 16> bytes{};
    const ssize_t got = read(from_, bytes.data(), bytes.size());
    if (got <= 0) break;
    partial_.append(bytes.data(), static_cast<std::size_t>(got));
    for (std::size_t end = 0; (end = partial_.find('\n')) != std::string::npos;) {
      lines.push_back(partial_.substr(0, end));
      partial_.erase(0, end + 1);
    }
  }
  return lines;
}

}  // namespace tests::interop
