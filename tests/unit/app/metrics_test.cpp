// The documentation's table of metrics against what the rooms register.
#include "gateway/metrics.hpp"

#include <gtest/gtest.h>

#include <fstream>
#include <regex>
#include <set>
#include <sstream>

#include "fake/source_tree.hpp"
#include "http/metrics.hpp"
#include "store/metrics.hpp"
#include "vendor/metrics.hpp"

namespace {

// "name" or "name{label,label}", as the table's first column has them.
std::set<std::string> registered() {
  prometheus::Registry registry;
  const http::Metrics http(registry);
  const store::Metrics store(registry);
  const vendor::Metrics vendor(registry);
  gateway::Metrics gateway(registry);
  gateway.request("unified", "ping", "ok", std::chrono::milliseconds(1));
  gateway.vendor_error("hudu", base::Kind::vendor_down);

  std::set<std::string> all;
  for (const auto& family : registry.Collect()) {
    std::string labels;
    for (const auto& label : family.metric.at(0).label) labels += (labels.empty() ? "" : ",") + label.name;
    all.insert(labels.empty() ? family.name : family.name + "{" + labels + "}");
  }
  return all;
}

std::set<std::string> documented() {
  std::ifstream in(fake::source_tree() + "/docs/operating.md");
  std::ostringstream page;
  page << in.rdbuf();
  const auto text = page.str();
  const std::regex row(R"(\n\| `(mcpgw_[^`]+)` \|)");
  std::set<std::string> all;
  for (std::sregex_iterator it(text.begin(), text.end(), row), end; it != end; ++it) all.insert(it->str(1));
  return all;
}

TEST(Metrics, EveryOneIsDocumentedAndEveryDocumentedOneExists) { EXPECT_EQ(documented(), registered()); }

}  // namespace
