// If these failed, something could change a tool without anybody's permission.
#include "twin/link/secs/changes.hpp"

#include <gtest/gtest.h>

#include "twin/guard/example.hpp"

namespace twin::link::secs {
namespace {

Effect effect(int stream, int function, std::optional<Item> body = {}) {
  return effect_of({.stream = static_cast<std::uint8_t>(stream),
                    .function = static_cast<std::uint8_t>(function),
                    .body = std::move(body)});
}

TEST(Changes, WhatActsOnAToolNeedsAPermit) {
  for (const auto& [stream, function] :
       {std::pair{2, 15}, {2, 21}, {2, 27}, {2, 31},  {2, 41},  {2, 49}, {3, 17},
        {3, 25},          {1, 15}, {7, 3},  {7, 6},   {7, 17},  {7, 23}, {7, 26},
        {10, 3},          {10, 5}, {14, 9}, {16, 11}, {16, 27}, {12, 4}, {13, 6}}) {
    EXPECT_EQ(effect(stream, function), Effect::Changes) << stream << ' ' << function;
  }
}

TEST(Changes, WhatOnlyAltersReportsIsConfiguration) {
  for (const auto& [stream, function] :
       {std::pair{2, 33}, {2, 35}, {2, 37}, {2, 23}, {2, 43}, {2, 45}, {5, 3}, {1, 17}, {2, 18}}) {
    EXPECT_EQ(effect(stream, function), Effect::Configures) << stream << ' ' << function;
  }
}

TEST(Changes, QuestionsAndAcknowledgementsAreFree) {
  for (const auto& [stream, function] :
       {std::pair{1, 1}, {1, 2},  {1, 3}, {1, 11}, {1, 13}, {1, 14}, {2, 13},
        {2, 17},         {2, 29}, {5, 2}, {5, 5},  {5, 7},  {6, 2},  {6, 6},
        {6, 12},         {6, 15}, {6, 0}, {7, 5},  {7, 19}, {10, 2}}) {
    EXPECT_EQ(effect(stream, function), Effect::Reads) << stream << ' ' << function;
  }
}

TEST(Changes, TheSpoolMayBeFetchedButNotPurged) {
  EXPECT_EQ(effect(6, 23, u1(0)), Effect::Reads);
  EXPECT_EQ(effect(6, 23, u1(1)), Effect::Changes);
  EXPECT_EQ(effect(6, 23, u1(0, 1)), Effect::Changes);
  EXPECT_EQ(effect(6, 23), Effect::Changes);
  EXPECT_EQ(effect(6, 23, ascii("0")), Effect::Changes);
}

TEST(Changes, WhatTheTableDoesNotKnowChangesTheTool) {
  for (int stream = 0; stream < 128; ++stream) {
    if (stream == 1 || stream == 2 || (stream >= 5 && stream <= 7) || stream == 14) continue;
    for (int function = 1; function < 256; function += 2) {
      EXPECT_EQ(effect(stream, function), Effect::Changes) << stream << ' ' << function;
    }
  }
}

TEST(Changes, APermitIsForStreamFunctionAndBody) {
  Message message = primary(2, 41, Reply::Wanted, list(ascii("HOLD"), list()));
  const auto bytes = permit_bytes(message);
  message.system = 99;
  message.device = 3;
  EXPECT_EQ(permit_bytes(message), bytes);
  message.body = list(ascii("STOP"), list());
  EXPECT_NE(permit_bytes(message), bytes);
  EXPECT_NE(permit_bytes(primary(2, 49, Reply::Wanted, list(ascii("HOLD"), list()))), bytes);
}

// Otherwise no permit would ever be for what a link sends.
TEST(Changes, TheGuardMakesTheBytesThatALinkSends) {
  namespace example = guard::example;
  EXPECT_EQ(example::with_bytes(example::hold()).bytes,
            permit_bytes(primary(2, 41, Reply::Wanted,
                                 list(ascii("HOLD"), list(list(ascii("LOT"), ascii("L7")))))));
  EXPECT_EQ(
      example::with_bytes(example::offset()).bytes,
      permit_bytes(primary(2, 41, Reply::Wanted,
                           list(ascii("RECIPE_OFFSET"), list(list(ascii("TOOL"), ascii("LITHO_01")),
                                                             list(ascii("PERCENT"), f8(1.0)))))));
}

}  // namespace
}  // namespace twin::link::secs
