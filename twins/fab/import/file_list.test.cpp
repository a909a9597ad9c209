#include "twins/fab/import/file_list.hpp"

#include <gtest/gtest.h>

#include "twin/core/error.hpp"
#include "twins/fab/import/text.hpp"

namespace twins::fab::import {
namespace {

std::string why_not_file_list(const Folder& folder) {
  try {
    static_cast<void>(file_list(folder));
  } catch (const twin::core::Error& e) {
    return e.what();
  }
  return "listed";
}

// A file would be taken for another, or left out without a word.
TEST(FileList, knows_the_text_form_by_its_names) {
  const FileList list =
      file_list({"fab", {{"tool.txt", ""}, {"part.txt", ""}, {"order.txt", ""}, {"WIP.txt", ""}}});
  EXPECT_EQ(list.tools, "tool.txt");
  EXPECT_EQ(list.orders, (std::vector<std::string>{"WIP.txt", "order.txt"}));
  EXPECT_EQ(list.setups, "");
  EXPECT_FALSE(list.listed);
  EXPECT_EQ(list.zero_s, *parse_date("01/01/18 00:00:00"));
  EXPECT_EQ(why_not_file_list({"fab", {{"tools.txt", ""}}}),
            "fab: no file tool.txt (the data set needs it) did you mean tools.txt?");
  EXPECT_EQ(why_not_file_list({"fab", {{"tool.txt", ""}, {"tool.txt.1l", ""}}}),
            "tool.txt: two tool files (there is a tool.txt.1l as well) can one be removed?");
  EXPECT_EQ(why_not_file_list({"fab", {{"tool.txt", ""}, {"part.txt", ""}}}),
            "fab: no file order.txt (the data set needs it)");
}

Folder release(const std::string& options) {
  return {
      "fab.asd",
      {{"options.def", options}, {"tool.txt", ""}, {"part.txt", ""}, {"a.txt", ""}, {"b.txt", ""}}};
}

// The release's inactive alternatives would be read with the active files.
TEST(FileList, reads_the_active_files_of_options_def) {
  const FileList list = file_list(
      release("~ model options\nCOMMENT_CHARACTER\t~\nSIM_START\t02/01/18 "
              "00:00:00\r\nSEQ_ADDS_SETUP_DELAYS\tN\n"
              "STATION_FILES\tfile\ttool.txt\nPRODUCT_FILES\tfile\tpart.txt\nSETUP_FILES\tnone\n"
              "ORDER_FILES\tfile\ta.txt\n\tfile\t~old.txt\n\n\tfile\tb.txt\t~ and this\n"));
  EXPECT_TRUE(list.listed);
  EXPECT_EQ(list.orders, (std::vector<std::string>{"a.txt", "b.txt"}));
  EXPECT_EQ(list.setups, "");
  EXPECT_EQ(list.zero_s, *parse_date("02/01/18 00:00:00"));
}

// A text-form fab could not choose its own time zero.
TEST(FileList, takes_time_zero_alone_from_options_def) {
  Folder folder = release("SIM_START\t06/01/24\t12:00:00\n");
  folder.files.emplace("order.txt", "");
  const FileList list = file_list(folder);
  EXPECT_FALSE(list.listed);
  EXPECT_EQ(list.zero_s, *parse_date("06/01/24 12:00:00"));
}

// A setting that the model does not follow would be passed over.
TEST(FileList, refuses_what_it_does_not_know) {
  EXPECT_EQ(
      why_not_file_list(release("SEQ_ADDS_SETUP_DELAYS\tY\n")),
      "options.def:1, column SEQ_ADDS_SETUP_DELAYS: unsupported value 'Y' (only N is modelled)");
  EXPECT_EQ(why_not_file_list(release("USE_CALENDARS(Y/N)\tN\n")),
            "options.def:1, column USE_CALENDARS(Y/N): unsupported value 'N' (only Y is modelled)");
  EXPECT_EQ(
      why_not_file_list(release("COMMENT_CHARACTER\t#\n")),
      "options.def:1, column COMMENT_CHARACTER: unsupported comment character (only ~ is read)");
  EXPECT_EQ(why_not_file_list(release("SIM_START\ttoday\n")),
            "options.def:1, column SIM_START: 'today' is not a date (MM/DD/YY HH:MM:SS in the "
            "years 2000 to 2099)");
  EXPECT_EQ(why_not_file_list(release("STATION_FILES\tfile\ttools.txt\n")),
            "options.def:1, column STATION_FILES: no file tools.txt (the data set needs it) did "
            "you mean tool.txt?");
  EXPECT_EQ(why_not_file_list(release("STATION_FILES\tfile\ttool.txt\n\tfile\ta.txt\n")),
            "options.def, column STATION_FILES: two active files: tool.txt and a.txt (only one can "
            "be read)");
  EXPECT_EQ(why_not_file_list(release("STATION_FILES\tfolder\ta\n")),
            "options.def:1, column STATION_FILES: unknown value 'folder' (it must be 'file NAME' "
            "or 'none')");
  EXPECT_EQ(why_not_file_list(release("STATION_FILES\tfile\ttool.txt\n")),
            "options.def, column PRODUCT_FILES: no active file (the data set needs one)");
  EXPECT_EQ(why_not_file_list(release("\tfile\ta.txt\n")),
            "options.def:1: value without a key (no line above names one)");
}

}  // namespace
}  // namespace twins::fab::import
