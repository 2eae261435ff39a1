#include "demo/knowledge.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <boost/json/array.hpp>
#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>

#include "demo/arguments.hpp"
#include "demo/detail/articles.hpp"

namespace demo {
namespace {

namespace json = boost::json;
using detail::Article;
using detail::kArticles;
using detail::kRunbooks;
using detail::Runbook;

json::object schema(std::string_view text) { return json::parse(text).as_object(); }

std::string lower(std::string_view text) {
  std::string result(text);
  for (auto& c : result) {
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  }
  return result;
}

// How many of the query's words stand in the article; words in the title count three times.
int score(const Article& article, std::string_view query) {
  const auto title = lower(article.title);
  const auto body = lower(article.body);
  const auto words = lower(query);
  int points = 0;
  for (std::size_t begin = 0; begin < words.size();) {
    const auto end = std::min(words.find(' ', begin), words.size());
    const auto word = words.substr(begin, end - begin);
    if (!word.empty()) points += (title.contains(word) ? 3 : 0) + (body.contains(word) ? 1 : 0);
    begin = end + 1;
  }
  return points;
}

std::string excerpt(std::string_view body) {
  const auto sentence = body.find(". ");
  return std::string(body.substr(0, sentence == std::string_view::npos ? body.size() : sentence + 1));
}

Outcome search_articles(const json::object& arguments) {
  const auto query = text(arguments, "query");
  const auto category = text(arguments, "category");
  std::vector<std::pair<int, const Article*>> found;  // best first: points negated, then the order of the articles
  for (const auto& article : kArticles) {
    const int points = score(article, query);
    if (points > 0 && (category.empty() || category == article.category)) found.emplace_back(-points, &article);
  }
  std::ranges::sort(found);

  json::array articles;
  const auto limit = static_cast<std::size_t>(number(arguments, "limit", 5));
  for (const auto& [points, article] : found) {
    if (articles.size() == limit) break;
    json::object hit{{"id", article->id}, {"title", article->title}, {"category", article->category}};
    hit["excerpt"] = excerpt(article->body);
    articles.push_back(std::move(hit));
  }
  json::object result{{"found", found.size()}};
  result["articles"] = std::move(articles);
  return answer(json::serialize(result));
}

// Refusal that lists the ids there are, so that a model's next call is right.
template <class Entries>
Outcome no_such(std::string_view what, std::string_view id, const Entries& entries) {
  std::vector<std::string_view> ids;
  for (const auto& entry : entries) ids.push_back(entry.id);
  return refuse(fmt::format("There is no {} \"{}\"; there are {}.", what, id, fmt::join(ids, ", ")));
}

Outcome read_article(const json::object& arguments) {
  const auto id = text(arguments, "id");
  const auto* article = std::ranges::find(kArticles, id, &Article::id);
  if (article == kArticles.end()) return no_such("article", id, kArticles);
  return answer(fmt::format("# {}\n\nCategory: {}. Last updated {}.\n\n{}\n", article->title, article->category,
                            article->updated, article->body));
}

Outcome list_runbooks(const json::object& arguments) {
  const auto category = text(arguments, "category");
  json::array runbooks;
  for (const auto& runbook : kRunbooks) {
    if (!category.empty() && category != runbook.category) continue;
    json::object listed{{"id", runbook.id}, {"title", runbook.title}, {"category", runbook.category}};
    listed["minutes"] = runbook.minutes;
    runbooks.push_back(std::move(listed));
  }
  json::object result;
  result["runbooks"] = std::move(runbooks);
  return answer(json::serialize(result));
}

Outcome read_runbook(const json::object& arguments) {
  const auto id = text(arguments, "id");
  const auto* runbook = std::ranges::find(kRunbooks, id, &Runbook::id);
  if (runbook == kRunbooks.end()) return no_such("runbook", id, kRunbooks);
  auto page = fmt::format("# {} (about {} minutes)\n\n", runbook->title, runbook->minutes);
  int step = 1;
  for (std::size_t begin = 0; begin < runbook->steps.size(); ++step) {
    const auto end = std::min(runbook->steps.find('\n', begin), runbook->steps.size());
    page += fmt::format("{}. {}\n", step, runbook->steps.substr(begin, end - begin));
    begin = end + 1;
  }
  return answer(std::move(page));
}

Outcome check_links(const json::object&) {
  Outcome outcome = answer(fmt::format("Checked {} articles: every link answers.", kArticles.size()));
  for (const auto& article : kArticles) outcome.steps.push_back(fmt::format("{}: {}", article.id, article.title));
  return outcome;
}

std::vector<Tool> tools() {
  const auto id_schema = [](std::string_view description) {
    return schema(fmt::format(
        R"({{"type":"object","properties":{{"id":{{"type":"string","description":"{}","minLength":1,"maxLength":32}}}},"required":["id"]}})",
        description));
  };
  return {
      {"search_articles", "Search articles",
       "Searches the knowledge base for articles about a topic and returns their ids, titles and first sentences, best "
       "match first. Use a few plain words; read one with read_article.",
       schema(R"({"type":"object","properties":{
         "query":{"type":"string","description":"Words to look for, like: guest wireless","minLength":1,"maxLength":200},
         "category":{"type":"string","description":"Only articles of this category",
                     "enum":["accounts","backup","email","network","workstations"]},
         "limit":{"type":"integer","description":"At most this many articles; 5 unless told","minimum":1,"maximum":20}},
         "required":["query"]})"),
       true, search_articles},
      {"read_article", "Read an article", "Returns one knowledge-base article in full, as Markdown.",
       id_schema("The article's id, like kb-101"), true, read_article},
      {"list_runbooks", "List runbooks",
       "Lists the step-by-step runbooks for recurring incidents, with how long each takes.",
       schema(R"({"type":"object","properties":{
         "category":{"type":"string","description":"Only runbooks of this category",
                     "enum":["accounts","backup","email","network","workstations"]}}})"),
       true, list_runbooks},
      {"read_runbook", "Read a runbook", "Returns the numbered steps of one runbook, as Markdown.",
       id_schema("The runbook's id, like rb-01"), true, read_runbook},
      {"check_links", "Check links",
       "Checks the links of every article, one after another, and reports progress for each. Takes a few seconds.",
       schema(R"({"type":"object","properties":{}})"), true, check_links},
  };
}

}  // namespace

McpServer make_knowledge_base() {
  return {{"demo-docs", "Demo knowledge base",
           "The knowledge base of Harbour Line, an invented company: articles and runbooks for its service desk."},
          tools()};
}

}  // namespace demo
