// Structured logging: one event per line, its name first, then fields. JSON for machines, columns for a terminal.
// Fields use the project's words (principal, grant, session, connection, vendor). Never a body, token, code,
// cookie or header value; SecretString has no conversion to a field.
//
//   base::log::warn("vendor.down", {{"vendor", slug}, {"failures", 3}, {"error", "timeout"}});
//
// The sink is the one process-wide object of the program, set once at start. Thread-safe.
#pragma once

#include <concepts>
#include <cstdint>
#include <initializer_list>
#include <string>
#include <string_view>
#include <variant>

#include "base/error_shape.hpp"

namespace base::log {

struct Field {
  std::string_view key;
  std::variant<std::string_view, std::int64_t, double, bool> value;

  Field(std::string_view k, std::string_view v) : key(k), value(v) {}
  Field(std::string_view k, const char* v) : key(k), value(std::string_view(v)) {}
  Field(std::string_view k, const std::string& v) : key(k), value(std::string_view(v)) {}
  Field(std::string_view k, bool v) : key(k), value(v) {}
  Field(std::string_view k, double v) : key(k), value(v) {}
  template <std::integral T>
  Field(std::string_view k, T v) : key(k), value(static_cast<std::int64_t>(v)) {}
};
using Fields = std::initializer_list<Field>;

enum class Format {
  automatic,  // text on a terminal, JSON elsewhere
  text,
  json,
};

// Sends events of `level` and above to standard error. Call once, before threads start.
void start(LogLevel level, Format format);

[[nodiscard]] bool enabled(LogLevel level);
void write(LogLevel level, std::string_view event, Fields fields);

inline void debug(std::string_view event, Fields fields = {}) { write(LogLevel::debug, event, fields); }
inline void info(std::string_view event, Fields fields = {}) { write(LogLevel::info, event, fields); }
inline void warn(std::string_view event, Fields fields = {}) { write(LogLevel::warn, event, fields); }
inline void error(std::string_view event, Fields fields = {}) { write(LogLevel::error, event, fields); }

// One event of either format without its line end, as start() would print it. For tests and the formatter.
[[nodiscard]] std::string render(Format format, LogLevel level, std::string_view time, std::string_view event,
                                 Fields fields);

}  // namespace base::log
