// A tool of a demo vendor: what tools/list says of it, and what runs when it is called (MCP server/tools).
#pragma once

#include <boost/json/object.hpp>
#include <functional>
#include <string>
#include <vector>

namespace demo {

// What a call gives. `steps` are told as progress before the text, with a pause between, when the caller asked for
// progress.
struct Outcome {
  std::string text;
  bool is_error = false;
  std::vector<std::string> steps;
};

// The input schema as text: of JSON Schema's keywords, those that demo/arguments.hpp checks.
struct Tool {
  std::string name;
  std::string title;
  std::string description;
  boost::json::object input_schema;
  bool read_only = true;
  // Called only with arguments that the schema allows. Thread-safe.
  std::function<Outcome(const boost::json::object& arguments)> run;
};

[[nodiscard]] inline Outcome answer(std::string text) { return {std::move(text), false, {}}; }
// Says to the model what was wrong and what to do instead.
[[nodiscard]] inline Outcome refuse(std::string text) { return {std::move(text), true, {}}; }

}  // namespace demo
