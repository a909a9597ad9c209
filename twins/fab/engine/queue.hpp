// Queue lines: doubly linked lists over the lots, best lot first, so that joining under FIFO and leaving are O(1).
#pragma once

namespace twins::fab {

// Order within a line: priority (where the group ranks it), then the rule's key, then the lot's serial number.
template <class Rule, class Sink>
bool Engine<Rule, Sink>::goes_before(const Lot& a, const Lot& b) const {
  if (a.priority != b.priority && infos[steps[a.step].group].ranks_priority)
    return a.priority > b.priority;
  if (a.key != b.key) return a.key < b.key;
  return a.serial < b.serial;
}

template <class Rule, class Sink>
void Engine<Rule, Sink>::enqueue(std::uint32_t slot) {
  Lot& lot = lots[slot];
  const StepInfo& step = steps[lot.step];
  const GroupInfo& info = infos[step.group];
  Group& group = groups[step.group];
  lot.line = step.line;
  if (step.dedication_in != None) {
    const std::uint32_t tool = x.dedication[slot * m.dedication_slots + step.dedication_in];
    if (tool != None) {
      lot.line = info.dedicated_line + (tool - info.first_tool);
      ++group.waiting_dedicated;
    }
  }
  ++group.waiting;
  tallies[step.group].queue_ticks -= x.now;
  lot.key = Rule::Dynamic ? static_cast<double>(lot.since) : rule(m, lot, Look{x.now});
  Line& line = lines[lot.line];
  ++line.count;
  line.wafers += lot.wafers;
  std::uint32_t after = line.tail;
  while (after != None && goes_before(lot, lots[after])) after = lots[after].prev;
  lot.prev = after;
  lot.next = after == None ? line.head : lots[after].next;
  (after == None ? line.head : lots[after].next) = slot;
  (lot.next == None ? line.tail : lots[lot.next].prev) = slot;
}

template <class Rule, class Sink>
void Engine<Rule, Sink>::dequeue(std::uint32_t slot) {
  Lot& lot = lots[slot];
  const std::uint32_t g = steps[lot.step].group;
  Line& line = lines[lot.line];
  --line.count;
  line.wafers -= lot.wafers;
  (lot.prev == None ? line.head : lots[lot.prev].next) = lot.next;
  (lot.next == None ? line.tail : lots[lot.next].prev) = lot.prev;
  Group& group = groups[g];
  --group.waiting;
  if (infos[g].dedicated_line != None && lot.line >= infos[g].dedicated_line)
    --group.waiting_dedicated;
  tallies[g].queue_ticks += x.now;
  lot.next = lot.prev = lot.line = None;
}

}  // namespace twins::fab
