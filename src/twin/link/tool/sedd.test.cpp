// If these failed, a tool's own dictionary would be taken over with other identifiers than it has.
#include "twin/link/tool/sedd.hpp"

#include <gtest/gtest.h>

#include <fstream>
#include <iterator>

#include "twin/contract/refusal.hpp"

namespace twin::link::tool {
namespace {

TEST(Sedd, TheExampleBecomesAToolsFile) {
  std::ifstream in("data/tools/example-sedd.xml");
  const std::string xml{std::istreambuf_iterator<char>(in), {}};
  const Sedd sedd = read_sedd(xml, "example-sedd.xml");
  const Description& d = sedd.description;
  EXPECT_EQ(d.name, "example etcher");
  EXPECT_EQ(d.model, "E-9");
  ASSERT_EQ(d.variables.size(), 6U);
  EXPECT_EQ(d.variables[1].units, "Pa");
  EXPECT_EQ(d.variables[1].format, secs::Kind::F8);
  EXPECT_EQ(d.variables[3].is, Class::Discrete);
  EXPECT_EQ(d.variables[4].initial, secs::u2(10));
  EXPECT_EQ(d.variables[4].most, 240.0);
  ASSERT_EQ(d.events.size(), 2U);
  EXPECT_EQ(d.events[1].id, secs::Key(1001));
  ASSERT_EQ(d.alarms.size(), 1U);
  EXPECT_EQ(d.alarms[0].text, "chuck over temperature");
  EXPECT_EQ(sedd.notes, (std::vector<std::string>{"command START (to be allowed by a person)"}));
  EXPECT_EQ(read_description(toml_text(d), "made.toml"), d);
}

TEST(Sedd, TakesTextsAndNotesWhatItLeavesOut) {
  const Sedd sedd = read_sedd(
      "<x><sv id='A.B' name='a \"b\"'/><sv id='5'/><sv id='5'/><sv/><ec id='9' format='Z9'/></x>",
      "x.xml");
  const Description& d = sedd.description;
  EXPECT_EQ(d.formats.vid, secs::Kind::Ascii);
  EXPECT_EQ(d.variables[1].id, secs::Key("5"));
  EXPECT_EQ(d.variables[1].name, "variable 5");
  EXPECT_EQ(sedd.notes,
            (std::vector<std::string>{"variable 5 (given twice)", "variable without an identifier",
                                      "variable 9: format Z9 (taken for A)"}));
  EXPECT_EQ(read_description(toml_text(d), "made.toml"), d);
}

TEST(Sedd, RefusesWhatIsNone) {
  EXPECT_EQ(contract::refusal([] { read_sedd("<a>\n<b></a>", "x.xml"); }),
            "x.xml:2: no XML (Start-end tags mismatch)");
  EXPECT_EQ(contract::refusal([] { read_sedd("<a/>", "x.xml"); }),
            "x.xml: no variable, event or alarm in it (is it a SEDD, SEMI E172?)");
}

}  // namespace
}  // namespace twin::link::tool
