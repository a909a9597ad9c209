#include "apps/guard/start.hpp"

#include <fcntl.h>
#include <grp.h>
#include <pwd.h>
#include <sys/file.h>
#include <sys/prctl.h>
#include <unistd.h>

#include <cerrno>
#include <cstdlib>
#include <filesystem>

#include "apps/guard/conduit.hpp"
#include "twin/core/error.hpp"

namespace apps::guard {
namespace {

Descriptor open_ledger(const std::string& path) {
  Descriptor file(::open(path.c_str(), O_RDWR | O_CREAT | O_APPEND | O_CLOEXEC, 0600));
  must(file.number() >= 0, "cannot open " + path);
  must(::flock(file.number(), LOCK_EX | LOCK_NB) == 0, path + " is another guard's");
  // A last line that was not written whole was never answered.
  const std::size_t whole = read_rest(file.number()).rfind('\n') + 1;
  must(::ftruncate(file.number(), static_cast<off_t>(whole)) == 0 && ::fsync(file.number()) == 0 &&
           ::lseek(file.number(), 0, SEEK_SET) == 0,
       "cannot keep " + path);
  const std::string folder = path.substr(0, path.rfind('/') + 1);
  const Descriptor parent(::open(folder.empty() ? "." : folder.c_str(), O_RDONLY | O_CLOEXEC));
  must(::fsync(parent.number()) == 0, "cannot keep " + path);
  return file;
}

// At a number that none of the four has, so that none is put in the place of another.
Descriptor aside(const Descriptor& one) {
  return Descriptor(::fcntl(one.number(), F_DUPFD_CLOEXEC, 10));
}

}  // namespace

void close_inherited() {
  must(::close_range(3, ~0U, 0) == 0, "cannot close inherited descriptors");
}

void open_site(const Site& site) {
  const Descriptor limits = aside(open_to_read(site.limits, 077)),
                   key = aside(open_to_read(site.key, 0)), ledger = aside(open_ledger(site.ledger)),
                   listening = aside(listen_at(site.socket));
  must(::dup2(limits.number(), LimitsIn) >= 0 && ::dup2(key.number(), KeyIn) >= 0 &&
           ::dup2(ledger.number(), LedgerIn) >= 0 && ::dup2(listening.number(), ListeningIn) >= 0,
       "cannot hand over descriptors");
}

void become(const std::string& user) {
  if (::geteuid() != 0) return;
  errno = 0;
  const passwd* entry = ::getpwnam(user.c_str());
  if (entry == nullptr || entry->pw_uid == 0)
    throw twin::core::Error("user " + user + " (there is none, or it is root) adduser --system " +
                            user + "?");
  must(::setgroups(0, nullptr) == 0 &&
           ::setresgid(entry->pw_gid, entry->pw_gid, entry->pw_gid) == 0 &&
           ::setresuid(entry->pw_uid, entry->pw_uid, entry->pw_uid) == 0,
       "cannot become user " + user);
  must(::setresuid(0, 0, 0) != 0, "root was not given up");
}

void become_kernel(const std::string& authority) {
  const std::string path =
      std::filesystem::read_symlink("/proc/self/exe").parent_path() / "fabtwin-guard-kernel";
  must(::prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0, "cannot give up privileges");
  ::execl(path.c_str(), path.c_str(), authority.c_str(), nullptr);
  must(false, "cannot run " + path);
  std::abort();
}

}  // namespace apps::guard
