#include "twin/guard/gate.hpp"

namespace twin::guard {

std::string show(const PermitText& permit, const Seed& guard, Sign sign) {
  Writing out{"fabtwin-guard permit 1\n"};
  PermitText::fields(out, permit);
  const Signature signature = sign(guard, out.text);
  out("signature", signature);
  return out.text;
}

std::optional<Permit> Gate::take(std::string_view text, core::Tick now, core::Tick line) {
  PermitText p;
  Signature signature{};
  Reading in{text};
  in.good = guard::take(in.text, "fabtwin-guard") == "permit 1";
  PermitText::fields(in, p);
  const std::string_view before = text.substr(0, text.size() - in.text.size());
  in("signature", signature);
  if (!in.good || !in.text.empty() || !verify_(guard_, before, signature)) return std::nullopt;
  std::erase_if(used_, [&](const PermitText& u) { return u.expires <= now; });
  const bool used = std::ranges::count(used_, p.nonce, &PermitText::nonce) != 0;
  if (p.issued < since_ || now >= p.expires || used) return std::nullopt;
  used_.push_back(p);
  return Permit(p.tool, p.bytes, line + (p.expires - now));
}

}  // namespace twin::guard
