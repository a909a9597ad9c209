// What a busy passive end says to a second caller (E37.1: one session a time): Select.rsp with
// status 3, then the line closes. A plain value like the session.
#pragma once
#include <array>
#include <cstdint>
#include <span>
#include <vector>

#include "twin/link/hsms/frame.hpp"

namespace twin::link::hsms {

class Refusal {
 public:
  enum class Next : std::uint8_t {
    ReadOn,      // its first frame is not whole yet
    SendAnswer,  // it wanted to be selected: send answer(), then close
    Close,       // it wanted something else
  };
  [[nodiscard]] Next received(std::span<const std::uint8_t> bytes) {
    for (const std::uint8_t byte : bytes) {
      if (have_ < first_.size()) first_[have_++] = byte;
    }
    if (have_ < first_.size()) return Next::ReadOn;
    const Header header = header_from(std::span(first_).subspan(LengthBytes));
    if (length_from(first_) != HeaderBytes || header.ptype != 0 ||
        Type{header.stype} != Type::SelectReq) {
      return Next::Close;
    }
    append_frame(control(Type::SelectRsp, header.system, 0,
                         static_cast<std::uint8_t>(SelectStatus::Exhausted)),
                 answer_);
    return Next::SendAnswer;
  }
  [[nodiscard]] std::span<const std::uint8_t> answer() const noexcept { return answer_; }

 private:
  std::array<std::uint8_t, LengthBytes + HeaderBytes> first_{};
  std::size_t have_ = 0;
  std::vector<std::uint8_t> answer_;
};

}  // namespace twin::link::hsms
