// If these failed, a permit would be for bytes that say something else than what people approved.
#include "twin/guard/message.hpp"

#include <gtest/gtest.h>

#include "twin/guard/example.hpp"

namespace twin::guard {
namespace {

Form form_of(std::string_view text) {
  Form form;
  EXPECT_TRUE(read(text, form)) << text;
  return form;
}

TEST(GuardMessage, IsSecsAsTheFormHasIt) {
  Command c = example::offset();
  c.value = Decimal{-1'500'000};
  c.lot = "L7";
  c.parameter.reset();
  EXPECT_EQ(bytes_of(form_of("S2F41,L2,A=lot,F8=value"), c),
            (Bytes{2, 41, 1, 2, 0x41, 2, 'L', '7', 0x81, 8, 0xbf, 0xf8, 0, 0, 0, 0, 0, 0}));
  c.value = Decimal{-2'000'000};
  EXPECT_EQ(bytes_of(form_of("S127F255,L2,A=lot,I4=value"), c),
            (Bytes{127, 255, 1, 2, 0x41, 2, 'L', '7', 0x71, 4, 0xff, 0xff, 0xff, 0xfe}));
  c.value = Decimal{258'000'000};
  EXPECT_EQ(bytes_of(form_of("S2F15,L3,U4:7,U4=value,A=lot"), c),
            (Bytes{2, 15, 1, 3, 0xb1, 4, 0, 0, 0, 7, 0xb1, 4, 0, 0, 1, 2, 0x41, 2, 'L', '7'}));
  EXPECT_EQ(bytes_of(form_of("S1F1,L0"), example::resume("*")), (Bytes{1, 1, 1, 0}));
  EXPECT_EQ(bytes_of(form_of("S1F1,L1,A=tool"), example::resume("X")),
            (Bytes{1, 1, 1, 1, 0x41, 1, 'X'}));
  EXPECT_EQ(bytes_of(form_of("S1F1,I4:-3"), example::resume("X")),
            (Bytes{1, 1, 0x71, 4, 0xff, 0xff, 0xff, 0xfd}));
}

TEST(GuardMessage, WholeNumbersAreNotRounded) {
  Command c = example::offset();
  c.parameter.reset();
  for (const char* form : {"S2F15,I4=value", "S2F15,U4=value"}) {
    c.value = Decimal{1};
    EXPECT_FALSE(bytes_of(form_of(form), c));
    c.value = Decimal{1'000'001};
    EXPECT_FALSE(bytes_of(form_of(form), c));
    c.value = Decimal{0};
    EXPECT_TRUE(bytes_of(form_of(form), c));
  }
  c.value = Decimal{-1'000'000};
  EXPECT_FALSE(bytes_of(form_of("S2F15,U4=value"), c));
  EXPECT_TRUE(bytes_of(form_of("S2F15,I4=value"), c));
}

TEST(GuardMessage, AllThatIsGivenIsSentAndAllThatIsSentIsGiven) {
  Command c = example::resume("T");
  const Form empty = form_of("S2F41,L0");
  EXPECT_TRUE(bytes_of(empty, c));  // the line is the tool's
  for (auto* member : {&c.recipe, &c.lot, &c.before, &c.parameter}) {
    *member = "x";
    EXPECT_FALSE(bytes_of(empty, c));
    member->reset();
  }
  c.value = Decimal{5};
  EXPECT_FALSE(bytes_of(empty, c));
  c.value.reset();
  for (const char* form : {"S2F41,A=recipe", "S2F41,A=lot", "S2F41,A=before", "S2F41,A=parameter",
                           "S2F41,F8=value", "S2F41,A=value"})
    EXPECT_FALSE(bytes_of(form_of(form), c)) << form;
  c.recipe = "r";
  c.lot = "l";
  c.before = "b";
  c.parameter = "p";
  c.value = Decimal{5'000'000};
  EXPECT_EQ(
      bytes_of(form_of("S2F41,L5,A=recipe,A=lot,A=before,A=parameter,A=value"), c),
      (Bytes{2, 41, 1, 5, 0x41, 1, 'r', 0x41, 1, 'l', 0x41, 1, 'b', 0x41, 1, 'p', 0x41, 1, '5'}));
  c.lot = "x9";
  EXPECT_FALSE(bytes_of(form_of("S2F41,L5,A=recipe,F8=lot,A=before,A=parameter,A=value"), c));
}

TEST(GuardMessage, AFormIsWholeOrRefused) {
  for (const char* bad : {"",
                          "S",
                          "S2",
                          "S2F",
                          "2F41,L0",
                          "S2F41",
                          "SF41,L0",
                          "S128F1,L0",
                          "S2F256,L0",
                          "S2F41F1,L0",
                          "S2F41,L1",
                          "S2F41,L2,A:x",
                          "S2F41,L0,L0",
                          "S2F41,A:x,A:y",
                          "S2F41,L256",
                          "S2F41,L-1",
                          "S2F41,L",
                          "S2F41,Lx",
                          "S2F41,L3,A:x,Lx",
                          "S2F41,A",
                          "S2F41,A:",
                          "S2F41,B:x",
                          "S2F41,A=nobody",
                          "S2F41,A=",
                          "S2F41,F8:x",
                          "S2F41,U4:-1",
                          "S2F41,U4:1.5",
                          "S2F41,:x",
                          "S2F41,=lot",
                          "s2f41,L0",
                          "S2F41,A:a=b",
                          "S2F41,A:-",
                          "S02F41,L0",
                          "S2F41,",
                          "S2F41,L1,L1,L1",
                          "S2F41,U8:1"}) {
    Form form;
    EXPECT_FALSE(read(std::string_view(bad), form)) << bad;
  }
  EXPECT_TRUE(form_of("S2F41,L1,A=lot").uses("lot"));
  EXPECT_FALSE(form_of("S2F41,L1,A:lot").uses("lot"));
  EXPECT_FALSE(form_of("S2F41,L1,A=lot").uses("value"));
  const auto with_items = [](int n) {
    std::string form = "S0F0,L" + std::to_string(n);
    for (int k = 0; k < n; ++k) form += ",L0";
    return form;
  };
  EXPECT_EQ(form_of(with_items(255)).slots.size(), 256U);
  Form form;  // one byte of length holds no more
  EXPECT_FALSE(read(std::string_view(with_items(256)), form));
  EXPECT_FALSE(read(std::string_view(with_items(257)), form));
}

}  // namespace
}  // namespace twin::guard
