// The pages for users against the program: the tutorial is done step by step, and no page speaks of a
// command or an option that does not exist.
#include <gtest/gtest.h>
#include <sys/wait.h>

#include <algorithm>
#include <array>
#include <cstdio>
#include <filesystem>
#include <optional>
#include <regex>
#include <sstream>

#include "apps/fabtwin/commands.hpp"
#include "apps/fabtwin/files.hpp"
#include "twin/record/scratch_folder.hpp"

namespace apps::fabtwin {
namespace {

namespace fs = std::filesystem;

using TutorialLines = std::vector<std::string>;

TutorialLines lines_of(const std::string& text) {
  TutorialLines lines;
  std::istringstream in(text);
  for (std::string line; std::getline(in, line);) {
    line.erase(line.find_last_not_of(' ') + 1);
    lines.push_back(line);
  }
  return lines;
}

struct Block {
  std::string language;  // what stands behind the three ticks
  std::size_t line = 0;  // of its first line, from 1
  TutorialLines lines;
};

std::vector<Block> blocks_of(const std::string& markdown) {
  std::vector<Block> blocks;
  bool inside = false;
  std::size_t number = 0;
  for (const std::string& line : lines_of(markdown)) {
    ++number;
    if (line.starts_with("```")) {
      inside = !inside;
      if (inside) blocks.push_back({line.substr(3), number + 1, {}});
    } else if (inside) {
      blocks.back().lines.push_back(line);
    }
  }
  return blocks;
}

// The first quoted line that the output does not have in its place; "..." stands for any lines, and
// lines before the first and behind the last quoted one need not be quoted.
std::optional<std::string> first_missing(const TutorialLines& quoted, const TutorialLines& output) {
  auto at = output.begin();
  bool gap = true;
  for (const std::string& line : quoted) {
    if (line == "...") {
      gap = true;
      continue;
    }
    const auto found = std::find(at, output.end(), line);
    if (found == output.end() || (!gap && found != at)) return line;
    at = found + 1;
    gap = false;
  }
  return std::nullopt;
}

struct Ended {
  int status = -1;
  std::string out;  // standard output and standard error
};

Ended bash(const std::string& line, const fs::path& folder) {
  const fs::path program = FABTWIN_PROGRAM;
  const std::string script = "export FABTWIN='" + fs::current_path().string() + "' PATH='" +
                             program.parent_path().string() + "':\"$PATH\"\ncd '" +
                             folder.string() + "' || exit 125\n{ " + line + "\n} 2>&1\n";
  write_file(folder / ".line", std::string_view(script));
  std::FILE* const pipe = ::popen(("bash '" + (folder / ".line").string() + "'").c_str(), "r");
  Ended ended;
  std::array<char, 4096> block{};
  while (const std::size_t n = std::fread(block.data(), 1, block.size(), pipe))
    ended.out.append(block.data(), n);
  const int status = ::pclose(pipe);
  ended.status = WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
  return ended;
}

int expected_status(const std::string& line) {
  static const std::regex Comment("# exit status ([0-9]+)$");
  std::smatch match;
  return std::regex_search(line, match, Comment) ? std::stoi(match[1]) : 0;
}

// Whoever follows the tutorial would see something else than it says.
TEST(Tutorial, SaysWhatTheProgramDoes) {
  if (!fs::exists("/bin/bash")) GTEST_SKIP() << "this system has no /bin/bash";
  const twin::record::ScratchFolder folder("tutorial");
  TutorialLines output;
  std::size_t commands = 0, quotes = 0;
  for (const Block& block : blocks_of(read_text("docs/tutorial.md"))) {
    const std::string place = "docs/tutorial.md:" + std::to_string(block.line);
    if (block.language == "sh") {
      output.clear();
      for (const std::string& line : block.lines) {
        const Ended ended = bash(line, folder.path());
        EXPECT_EQ(ended.status, expected_status(line)) << place << ": " << line << "\n"
                                                       << ended.out;
        for (std::string& l : lines_of(ended.out)) output.push_back(std::move(l));
        ++commands;
      }
    } else if (block.language == "text") {
      const auto missing = first_missing(block.lines, output);
      std::string all;
      for (const std::string& l : output) all += l + "\n";
      EXPECT_FALSE(missing) << place << ": the program does not print\n"
                            << missing.value_or("") << "\nwhere the page has it, but\n"
                            << all;
      ++quotes;
    }
  }
  EXPECT_GE(commands, 15U);
  EXPECT_GE(quotes, 8U);
}

// A changed table would pass as the one that is quoted.
TEST(Tutorial, FindsALineThatIsNotThere) {
  const TutorialLines output = {"head", "a 1", "b 2", "end"};
  EXPECT_EQ(first_missing({"a 1", "b 2"}, output), std::nullopt);
  EXPECT_EQ(first_missing({"head", "...", "b 2"}, output), std::nullopt);
  EXPECT_EQ(first_missing({"a 1", "end"}, output), "end");
  EXPECT_EQ(first_missing({"b 2", "...", "a 1"}, output), "a 1");
  EXPECT_EQ(first_missing({"b 3"}, output), "b 3");
}

// The words behind each "fabtwin" or "./run" that begins a line of a block or stands in ticks.
std::vector<TutorialLines> command_lines(const std::string& line, bool in_block) {
  static const std::regex Inline("`(?:fabtwin|\\./run) ([^`]+)`");
  static const std::regex Block("^ *(?:fabtwin|\\./run) (.+)$");
  std::vector<TutorialLines> found;
  const auto add = [&](const std::string& text) {
    TutorialLines words;
    std::istringstream in(text.substr(0, text.find("   ")));  // a remark may follow
    for (std::string word; in >> word;) {
      if (word == "|" || word == ">" || word == "#" || word == "&&") break;
      words.push_back(word);
    }
    found.push_back(words);
  };
  std::smatch match;
  if (in_block && std::regex_match(line, match, Block)) add(match[1]);
  if (!in_block)
    for (auto it = std::sregex_iterator(line.begin(), line.end(), Inline);
         it != std::sregex_iterator(); ++it)
      add((*it)[1]);
  return found;
}

// Every page of the repository, as paths from its root.
TutorialLines pages() {
  TutorialLines paths;
  for (auto it = fs::recursive_directory_iterator("."); it != fs::recursive_directory_iterator();
       ++it) {
    const std::string name = it->path().filename().string();
    if (it->is_directory() &&
        (name.starts_with('.') || name == "build" || name == "node_modules")) {
      it.disable_recursion_pending();
    } else if (it->path().extension() == ".md") {
      paths.push_back(it->path().lexically_normal().string());
    }
  }
  return paths;
}

// What is wrong with the commands of a page, one line each; `count` of them were met.
std::string wrong_commands(const std::string& path, const std::string& text, std::size_t& count) {
  CommandLine fabtwin("fabtwin", "1.0");
  Command& program = fabtwin.program();
  describe(program);
  std::string wrong;
  bool in_block = false;
  std::size_t number = 0;
  for (const std::string& line : lines_of(text)) {
    ++number;
    if (line.starts_with("```")) {
      in_block = !in_block;
      continue;
    }
    for (const TutorialLines& words : command_lines(line, in_block)) {
      ++count;
      const std::string problem = unknown_word(program, words);
      if (!problem.empty()) wrong += path + ":" + std::to_string(number) + ": " + problem + "\n";
    }
  }
  return wrong;
}

// A page would send its reader into an error.
TEST(Documents, SpeakOfCommandsThatExist) {
  std::size_t count = 0;
  for (const std::string& path : pages())
    EXPECT_EQ(wrong_commands(path, read_text(path), count), "");
  EXPECT_GE(count, 30U);
  EXPECT_NE(wrong_commands("a.md", "try `fabtwin simulate DIR --dayz 3`\n", count), "");
  EXPECT_NE(wrong_commands("a.md", "```\n./run chek DIR\n```\n", count), "");
}

// A reader would follow a link into nothing.
TEST(Documents, LinkToFilesThatExist) {
  static const std::regex Link("\\]\\(([^)#]*)(#[^)]*)?\\)");
  std::size_t count = 0;
  for (const std::string& path : pages()) {
    const std::string text = read_text(path);
    for (auto it = std::sregex_iterator(text.begin(), text.end(), Link);
         it != std::sregex_iterator(); ++it) {
      const std::string target = (*it)[1];
      if (target.empty() || target.find("://") != std::string::npos) continue;
      ++count;
      EXPECT_TRUE(fs::exists(fs::path(path).parent_path() / target)) << path << ": " << target;
    }
  }
  EXPECT_GE(count, 20U);
}

}  // namespace
}  // namespace apps::fabtwin
