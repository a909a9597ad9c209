// If these failed, two texts could be the same command, or one text two: an approval would be for one
// and the message for the other.
#include "twin/guard/command.hpp"

#include <gtest/gtest.h>

#include "twin/guard/example.hpp"

namespace twin::guard {
namespace {

using namespace example;  // NOLINT(google-build-using-namespace)

std::string replaced(std::string text, std::string_view what, std::string_view by) {
  const std::size_t at = text.find(what);
  EXPECT_NE(at, std::string::npos) << what;
  return text.replace(at, what.size(), by);
}

TEST(GuardCommand, HasOneSpelling) {
  for (const Command& c : {with_bytes(offset()), with_bytes(hold()), resume("*")}) {
    const std::string text = show(c);
    EXPECT_EQ(read_command(text), c);
    // Any other byte: another command in its one spelling, or none.
    for (std::size_t k = 0; k < text.size(); ++k) {
      for (const char other :
           {' ', '\n', '0', '9', '-', '.', ',', 'e', 'N', '\0', '\x80', '+', 'A'}) {
        std::string altered = text;
        altered[k] = other;
        if (altered == text) continue;
        const auto read = read_command(altered);
        if (read) {
          EXPECT_EQ(show(*read), altered);
          EXPECT_NE(*read, c);
        }
      }
      EXPECT_FALSE(read_command(text.substr(0, k))) << k;
      EXPECT_FALSE(read_command(text.substr(0, k) + text.substr(k + 1)) == c) << k;
    }
    EXPECT_FALSE(read_command(text + "\n"));
    EXPECT_FALSE(read_command(text + "x y\n"));
  }
}

TEST(GuardCommand, KeysAreNeitherDoubledMissingUnknownNorInAnotherOrder) {
  const std::string text = show(with_bytes(offset()));
  const auto lines = split(std::string_view(text).substr(0, text.size() - 1), '\n');
  for (std::size_t k = 0; k < lines.size(); ++k) {
    std::string doubled, missing, swapped, unknown;
    for (std::size_t j = 0; j < lines.size(); ++j) {
      const std::string line = std::string(lines[j]) + "\n";
      doubled += j == k ? line + line : line;
      missing += j == k ? "" : line;
      unknown += j == k ? "x" + line : line;
      swapped += std::string(lines[j == k                        ? (k + 1) % lines.size()
                                   : j == (k + 1) % lines.size() ? k
                                                                 : j]) +
                 "\n";
    }
    for (const std::string& bad : {doubled, missing, swapped, unknown})
      EXPECT_FALSE(read_command(bad)) << bad;
  }
}

TEST(GuardCommand, RefusesNumbersThatAreNone) {
  const std::string text = show(with_bytes(offset()));
  for (const char* bad : {"nan", "NaN", "inf", "-inf", "1e0", "1.0", "1,0", "-0", "0x1p0", "1 ", "",
                          "1\t", "5e-324", "+1", "1%", "1 %"})
    EXPECT_FALSE(read_command(replaced(text, "value 1\n", "value " + std::string(bad) + "\n")))
        << bad;
  EXPECT_TRUE(read_command(replaced(text, "value 1\n", "value 1.5\n")));
}

TEST(GuardCommand, IsOfBoundedLength) {
  Command c = offset();
  c.bytes.resize(MessageBytes);
  EXPECT_TRUE(read_command(show(c)));
  c.bytes.resize(MessageBytes + 1);
  EXPECT_FALSE(read_command(show(c)));
  c = offset();
  c.tool = std::string(64, 't');
  EXPECT_TRUE(read_command(show(c)));
  c.tool += 't';
  EXPECT_FALSE(read_command(show(c)));
}

TEST(GuardRequest, IsACommandItsApprovalsAndAWitness) {
  const Command c = with_bytes(offset());
  const auto r = read_request(request(c));
  ASSERT_TRUE(r);
  EXPECT_EQ(r->command, c);
  EXPECT_EQ(r->command_text, show(c));
  ASSERT_EQ(r->approvals.size(), 2U);
  EXPECT_EQ(r->approvals[1].person, "bob");
  EXPECT_EQ(r->approvals[1].at, Now - 700);
  ASSERT_TRUE(r->witness);
  EXPECT_EQ(r->witness->value, Decimal{0});
  EXPECT_EQ(r->witness->unit, "%");
  EXPECT_TRUE(quick_verify(Mes, r->witness->signed_text, r->witness->signature));

  const std::string head = "fabtwin-guard request 1\n" + show(c),
                    a = approval(c, "alice", "approver", {Alice}), w = witness(c, {}, "pm,hold");
  EXPECT_TRUE(read_request(head));
  EXPECT_TRUE(read_request(head + a + a + a + a + w));
  EXPECT_FALSE(read_request(head + a + a + a + a + a + w));
  EXPECT_FALSE(read_request(head + w + a));
  EXPECT_FALSE(read_request(head + w + w));
  EXPECT_FALSE(read_request(head + a + w + "\n"));
  EXPECT_FALSE(read_request(head + a.substr(0, a.size() - 1)));
  EXPECT_FALSE(read_request(show(c)));
  EXPECT_FALSE(read_request("fabtwin-guard request 2\n" + show(c)));
  EXPECT_FALSE(read_request("fabtwin-guard request 1\n" + show(c).substr(4)));
  EXPECT_EQ(read_request(head + w)->witness->conditions, (Names{"pm", "hold"}));
}

TEST(GuardRequest, IsOfBoundedLength) {
  Command c = offset();
  c.bytes.resize(MessageBytes);
  std::string text = "fabtwin-guard request 1\n" + show(c);
  ASSERT_LT(text.size(), RequestBytes);
  EXPECT_TRUE(read_request(text));
  // The same without its length: no longer one is read, however it would go on.
  EXPECT_FALSE(read_request(text + std::string(RequestBytes + 1 - text.size(), 'x')));
  // As long as one may be, by what its witness saw.
  const auto seen = [&](std::size_t letters) {
    std::string conditions(letters, 'x');
    for (std::size_t k = 32; k + 1 < letters; k += 33) conditions[k] = ',';
    return text + witness(c, {}, conditions);
  };
  const std::size_t most = RequestBytes - seen(1).size() + 1;
  EXPECT_EQ(seen(most).size(), RequestBytes);
  EXPECT_TRUE(read_request(seen(most)));
  EXPECT_FALSE(read_request(seen(most + 1)));
}

TEST(GuardRequest, EachPartOfApprovalAndWitnessMustBeRead) {
  const Command c = with_bytes(offset());
  const std::string head = "fabtwin-guard request 1\n" + show(c),
                    a = approval(c, "alice", "approver", {Alice}), w = witness(c, Decimal{5});
  for (const std::string& line : {a, w}) {
    const auto words = split(std::string_view(line).substr(0, line.size() - 1), ' ');
    for (std::size_t k = 0; k < words.size(); ++k) {
      for (const char* bad : {"", "a\x01", "1.50", "nan"}) {
        std::string altered;
        for (std::size_t j = 0; j < words.size(); ++j)
          altered += (j == 0 ? "" : " ") + std::string(j == k ? bad : words[j]);
        const auto r = read_request(head + altered + "\n");
        const bool name = std::string(bad) == "1.50" || std::string(bad) == "nan";
        EXPECT_TRUE(!r || name) << altered;
      }
    }
  }
  EXPECT_FALSE(read_witness(w.substr(0, w.size() - 1)));
  EXPECT_FALSE(read_witness(w + "x"));
  EXPECT_TRUE(read_witness(w));
}

}  // namespace
}  // namespace twin::guard
