// All that people did, folded: one trail, the recommendations with their lives and what came of them, the
// accounts. Notes of the record go in; whoever has the record has this.
#pragma once
#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "twin/core/containers.hpp"
#include "twin/people/accounts.hpp"
#include "twin/people/learning.hpp"
#include "twin/people/lifecycle.hpp"
#include "twin/people/outcome.hpp"
#include "twin/people/trail.hpp"

namespace twin::people {

// Beyond so many, the oldest that have ended are only in the record any more.
inline constexpr std::size_t CasesMax = 2'000;

class People {
 public:
  // Takes a note of ours; any other leaves it as it is. Throws core::Error where the note is not what must come next:
  // altered, moved, left out before, or impossible. Unchanged then.
  void apply(const core::Note& note);

  [[nodiscard]] const Trail& trail() const { return trail_; }
  [[nodiscard]] const Accounts& accounts() const { return accounts_; }
  [[nodiscard]] const Case* find(std::string_view id) const;
  // In the order in which they were proposed.
  [[nodiscard]] const std::map<std::uint64_t, Case>& cases() const { return cases_; }

  // What is kept beside a case: when it was proposed, what came of it.
  [[nodiscard]] const Sequel* sequel(std::string_view id) const;
  [[nodiscard]] const std::map<std::uint64_t, Sequel>& sequels() const { return sequels_; }

  // Counts over all that ever were, those that are forgotten too.
  [[nodiscard]] const Learning& learning() const { return learning_; }

  // The notes for what was asked, ready to be recorded and applied in this order.
  [[nodiscard]] core::Note note(const Case* one, const Asked& asked, const Moment& moment) const;
  [[nodiscard]] core::Note note(AccountEntry entry) const;  // its number and chain are set
  [[nodiscard]] core::Note note(OutcomeEntry entry) const;  // the same

  bool operator==(const People&) const = default;
  template <class A>
  static void fields(A& archive, auto& self) {
    archive("trail", self.trail_);
    archive("accounts", self.accounts_);
    archive("cases", self.cases_);
    archive("sequels", self.sequels_);
    archive("learning", self.learning_);
  }
  void loaded();  // the names follow from the cases; core::Error where they do not fit together

 private:
  void decide(const core::Note& note);
  void account(const core::Note& note);
  void learn(const core::Note& note);
  void forget();

  Trail trail_;
  Accounts accounts_;
  std::map<std::uint64_t, Case> cases_;      // by the number of the proposal
  std::map<std::uint64_t, Sequel> sequels_;  // of each
  Learning learning_;
  std::map<std::string, std::uint64_t, std::less<>> id_;  // of each; follows from cases_
};

}  // namespace twin::people
