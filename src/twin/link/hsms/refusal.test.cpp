// If these failed, a second host could take a tool from the first, or would never learn why it waits.
#include "twin/link/hsms/refusal.hpp"

#include <gtest/gtest.h>

namespace twin::link::hsms {
namespace {

std::vector<std::uint8_t> frame(const Header& header) {
  std::vector<std::uint8_t> bytes;
  append_frame(header, bytes);
  return bytes;
}

TEST(Refusal, ASecondSelectGetsStatus3) {
  Refusal refusal;
  const auto bytes = frame(control(Type::SelectReq, 77));
  for (std::size_t k = 0; k + 1 < bytes.size(); ++k) {
    EXPECT_EQ(refusal.received(std::span(bytes).subspan(k, 1)), Refusal::Next::ReadOn);
  }
  EXPECT_EQ(refusal.received(std::span(bytes).last(1)), Refusal::Next::SendAnswer);
  const auto answer = refusal.answer();
  EXPECT_EQ(std::vector(answer.begin(), answer.end()), frame(control(Type::SelectRsp, 77, 0, 3)));
}

TEST(Refusal, WhateverElseItSaysTheLineCloses) {
  EXPECT_EQ(Refusal().received(frame(control(Type::LinktestReq, 1))), Refusal::Next::Close);
  EXPECT_EQ(Refusal().received(std::vector<std::uint8_t>(5000, 0xFF)), Refusal::Next::Close);
  Header odd = control(Type::SelectReq, 1);
  odd.ptype = 1;
  EXPECT_EQ(Refusal().received(frame(odd)), Refusal::Next::Close);
}

}  // namespace
}  // namespace twin::link::hsms
