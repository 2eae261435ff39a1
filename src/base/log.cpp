#include "base/log.hpp"

#include <spdlog/sinks/stdout_sinks.h>
#include <spdlog/spdlog.h>
#include <unistd.h>

#include <boost/json.hpp>

#include "base/clock.hpp"

namespace base::log {
namespace {

spdlog::level::level_enum spd(LogLevel level) {
  switch (level) {
    case LogLevel::debug:
      return spdlog::level::debug;
    case LogLevel::info:
      return spdlog::level::info;
    case LogLevel::warn:
      return spdlog::level::warn;
    case LogLevel::error:
      return spdlog::level::err;
  }
  std::unreachable();
}

std::string_view label(LogLevel level) {
  switch (level) {
    case LogLevel::debug:
      return "debug";
    case LogLevel::info:
      return "info";
    case LogLevel::warn:
      return "warn";
    case LogLevel::error:
      return "error";
  }
  std::unreachable();
}

struct Sink {
  std::shared_ptr<spdlog::logger> logger;
  Format format = Format::text;
};

// Tests and sub-commands log nothing until start() is called.
Sink& sink() {
  static Sink instance;
  return instance;
}

std::string quoted_if_needed(std::string_view text) {
  if (!text.empty() && text.find_first_of(" \"=\n\r\t") == std::string_view::npos) return std::string(text);
  return boost::json::serialize(boost::json::string(text));
}

std::string text_value(const Field& field) {
  if (const auto* text = std::get_if<std::string_view>(&field.value)) return quoted_if_needed(*text);
  if (const auto* number = std::get_if<std::int64_t>(&field.value)) return fmt::format("{}", *number);
  if (const auto* real = std::get_if<double>(&field.value)) return fmt::format("{:.3f}", *real);
  return std::get<bool>(field.value) ? "true" : "false";
}

}  // namespace

void start(LogLevel level, Format format) {
  if (format == Format::automatic) format = isatty(STDERR_FILENO) == 1 ? Format::text : Format::json;
  auto logger = std::make_shared<spdlog::logger>("mcp-gateway", std::make_shared<spdlog::sinks::stderr_sink_mt>());
  logger->set_pattern("%v");
  logger->set_level(spd(level));
  logger->flush_on(spdlog::level::debug);
  sink() = {std::move(logger), format};
}

bool enabled(LogLevel level) { return sink().logger && sink().logger->should_log(spd(level)); }

void write(LogLevel level, std::string_view event, Fields fields) {
  if (!enabled(level)) return;
  const auto line = render(sink().format, level, rfc3339(SystemClock().now()), event, fields);
  sink().logger->log(spd(level), fmt::string_view("{}"), line);
}

std::string render(Format format, LogLevel level, std::string_view time, std::string_view event, Fields fields) {
  if (format == Format::json) {
    boost::json::object line{{"time", time}, {"level", label(level)}, {"event", event}};
    for (const auto& field : fields) {
      std::visit([&](auto value) { line[field.key] = value; }, field.value);
    }
    return boost::json::serialize(line);
  }
  auto line = fmt::format("{} {:5} {}", time, label(level), event);
  for (const auto& field : fields) line += fmt::format(" {}={}", field.key, text_value(field));
  return line;
}

}  // namespace base::log
