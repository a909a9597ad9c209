// JSON (RFC 8259) read strictly where it stands: no document is built, nothing is guessed, and each
// refusal says at which byte and why. The caller knows what may come, so the depth is the caller's.
#pragma once
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace twin::link {

class JsonReader {
 public:
  // `what` is what messages call the text; texts of more than `text_max` bytes are refused.
  JsonReader(std::string_view json, std::string_view what, std::size_t text_max = 4'096)
      : json_(json), what_(what), text_max_(text_max) {}

  // Each member: member(key) reads its value and no more. The key is valid until then.
  template <class F>
  void object(F member) {
    open('{', "an object");
    for (bool first = true; !closes('}', first); first = false) {
      key_ = text();
      key_at_ = token_;
      colon();
      member(std::string_view(key_));
    }
  }
  // Each element: element() reads it.
  template <class F>
  void array(F element) {
    open('[', "an array");
    for (bool first = true; !closes(']', first); first = false) element();
  }

  [[nodiscard]] bool at_text() { return peek() == '"'; }
  [[nodiscard]] bool at_array() { return peek() == '['; }
  [[nodiscard]] bool at_end() { return peek() == '\0' && at_ == json_.size(); }
  std::string text();
  double number();
  std::int64_t integer();                   // no fraction, no exponent
  std::uint64_t count(std::uint64_t most);  // not negative
  void end();                               // nothing but blanks may follow

  [[nodiscard]] std::size_t byte() const { return at_; }  // read so far
  // Throws core::Error "payload: byte 17: why"; `byte` counts from 1.
  [[noreturn]] void refuse(const std::string& why) const { refuse_at(token_, why); }
  [[noreturn]] void refuse_key(const std::string& why) const { refuse_at(key_at_, why); }
  [[noreturn]] void refuse_at(std::size_t at, const std::string& why) const;

 private:
  char peek();  // the next character that is no blank; 0 at the end
  void open(char bracket, const char* what);
  bool closes(char bracket, bool first);
  void colon();
  std::string_view digits();  // the number's text, checked by the grammar
  void escape(std::string& out);
  std::uint32_t four_hex();

  std::string_view json_;
  std::string_view what_;
  std::size_t text_max_;
  std::size_t at_ = 0;
  std::size_t token_ = 0;  // where the last value began
  std::string key_;
  std::size_t key_at_ = 0;  // where the last key began
};

// Appends the text in quotes. Bytes that are no UTF-8 become U+FFFD.
void put_json_text(std::string& out, std::string_view text);

}  // namespace twin::link
