#include "twin/link/uns_link.hpp"

#include <algorithm>

#include "twin/core/error.hpp"

namespace twin::link {
namespace {

constexpr int Qos = 1;
constexpr core::Tick LookForGapsMs = 500;
constexpr std::size_t GapsAtOnce = 200;
// More acks would only stand in the client's queue, and be said again after the next loss of the
// line: while it is busy or down they wait here, where neighbours become one.
constexpr std::size_t AcksUnderWay = 200, AcksKept = 2'000;

}  // namespace

UnsLink::UnsLink(Mqtt& mqtt, Door& door, Options options)
    : mqtt_(mqtt), door_(door), options_(std::move(options)) {
  mqtt_.on_message([this](const MqttMessage& m) { receive(m); });
}

std::string UnsLink::filter(const std::string& site) {
  const std::string mes = to_string(Topic{.site = site});
  return mes.substr(0, mes.size() - std::string_view("mes/event").size()) + "#";
}

void UnsLink::turn(core::Tick now) {
  now_ = now;
  mqtt_.turn(door_.full() ? Reading::No : Reading::Yes);
  send_acks();
  if (now - looked_ >= LookForGapsMs) ask(now);
}

void UnsLink::receive(const MqttMessage& message) {
  const auto topic = parse_topic(message.topic);
  if (topic && (topic->leaf == Leaf::Ack || topic->leaf == Leaf::Resend)) return;  // our own word
  if (options_.now) now_ = options_.now();
  Arrival arrival;
  try {
    if (!topic) throw core::Error("no topic of this namespace");
    arrival = read_payload(message.payload, options_.prefix, names_, options_.limits);
  } catch (const core::Error& e) {
    ++unreadable_;
    arrival = {.source = options_.prefix + std::string(message.topic), .arrived = now_};
    arrival.raw.assign(message.payload.begin(), message.payload.end());
    door_.unreadable(arrival, e.what());
    return;
  }
  arrival.arrived = now_;
  arrival.raw.assign(message.payload.begin(), message.payload.end());
  const std::string source = arrival.source.substr(options_.prefix.size());
  const std::uint32_t epoch = arrival.epoch;
  const std::uint64_t seq = arrival.seq;
  door_.take(std::move(arrival), names_, [this, source, epoch, seq](Taken taken) {
    if (taken != Taken::Refused) acknowledge(source, epoch, seq);
  });
}

void UnsLink::acknowledge(const std::string& source, std::uint32_t epoch, std::uint64_t seq) {
  if (!acks_.empty()) {
    Numbers& last = acks_.back();
    if (last.src == source && last.epoch == epoch && last.seq.last + 1 == seq) {
      last.seq.last = seq;
      return;
    }
  }
  acks_.push_back({.src = source, .epoch = epoch, .seq = {seq, seq}});
}

// An ack that is lost is no loss: the source says its message again and gets another.
void UnsLink::send_acks() {
  auto ack = acks_.begin();
  for (; ack != acks_.end() && mqtt_.queued() < AcksUnderWay; ++ack) {
    const Topic topic{.site = options_.site, .leaf = Leaf::Ack, .name = ack->src};
    static_cast<void>(mqtt_.publish(to_string(topic), write_numbers(*ack), Qos));
  }
  acks_.erase(acks_.begin(), ack);
  if (acks_.size() > AcksKept)
    acks_.erase(acks_.begin(), acks_.end() - static_cast<std::ptrdiff_t>(AcksKept));
  mqtt_.turn(Reading::No);
}

void UnsLink::ask(core::Tick now) {
  looked_ = now;
  decltype(asked_for_) still;
  for (const Gap& gap : door_.gaps(GapsAtOnce)) {
    if (!gap.source.starts_with(options_.prefix)) continue;
    const auto key = std::make_tuple(gap.source, gap.epoch, gap.missing.first);
    const auto before = asked_for_.find(key);
    Asked asked = before == asked_for_.end() ? Asked{} : before->second;
    if (now >= asked.next) {
      asked.pause = std::clamp(2 * asked.pause, options_.ask_again_ms, options_.ask_again_ms_max);
      asked.next = now + asked.pause;
      const std::string src = gap.source.substr(options_.prefix.size());
      const Topic topic{.site = options_.site, .leaf = Leaf::Resend, .name = src};
      const Numbers numbers{.src = src, .epoch = gap.epoch, .seq = gap.missing};
      if (mqtt_.publish(to_string(topic), write_numbers(numbers), Qos)) ++asked_;
    }
    still.emplace(key, asked);
  }
  asked_for_ = std::move(still);
}

UnsSource::UnsSource(Mqtt& mqtt, Options options)
    : mqtt_(mqtt), options_(std::move(options)), next_seq_(options_.first_seq) {
  mqtt_.on_message([this](const MqttMessage& m) { receive(m); });
  mqtt_.on_connected([this] {
    for (auto& [_, said] : kept_) said.at = 0;  // who knows what the line swallowed
  });
}

std::string UnsSource::filter(const std::string& site, const std::string& src) {
  std::string topic = to_string(Topic{.site = site, .leaf = Leaf::Ack, .name = src});
  topic.replace(topic.find("/twin/ack/"), 10, "/twin/+/");
  return topic;
}

std::uint64_t UnsSource::say(const event::Event& e, const event::Names& names,
                             std::string_view area, core::Tick now) {
  const std::uint64_t seq = next_seq_++;
  const Topic topic = topic_of(e, names, options_.site, area);
  const Arrival arrival{
      .source = options_.src, .epoch = options_.epoch, .seq = seq, .clock = e.at, .events = {e}};
  Said& said = kept_[seq];
  said = {.topic = to_string(topic), .payload = write_payload(arrival, names)};
  now_ = now;
  say_again(said);
  return seq;
}

void UnsSource::say_again(Said& said) {
  if (mqtt_.publish(said.topic, said.payload, Qos)) said.at = now_;
}

void UnsSource::receive(const MqttMessage& message) {
  const auto topic = parse_topic(message.topic);
  if (!topic || topic->name != options_.src) return;
  Numbers numbers;
  try {
    numbers = read_numbers(message.payload);
  } catch (const core::Error&) {
    return;  // not the twin's word
  }
  if (numbers.epoch != options_.epoch || numbers.src != options_.src) return;
  const auto first = kept_.lower_bound(numbers.seq.first);
  const auto last = kept_.upper_bound(numbers.seq.last);
  if (topic->leaf == Leaf::Ack) {
    kept_.erase(first, last);
  } else if (topic->leaf == Leaf::Resend) {
    for (auto said = first; said != last; ++said) said->second.at = 0;
  }
}

void UnsSource::turn(core::Tick now) {
  now_ = now;
  mqtt_.turn();
  if (!mqtt_.connected() || mqtt_.queued() > options_.at_once_max) return;
  std::size_t again = 0;
  for (auto& [_, said] : kept_) {
    if (again >= options_.at_once_max) break;
    if (now - said.at < options_.again_ms) continue;
    say_again(said);
    ++again;
  }
  mqtt_.turn();
}

}  // namespace twin::link
