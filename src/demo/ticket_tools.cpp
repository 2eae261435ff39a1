#include "demo/ticket_tools.hpp"

#include <fmt/format.h>

#include <boost/json/array.hpp>
#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>

#include "demo/arguments.hpp"

namespace demo {
namespace {

namespace json = boost::json;
using Desk = std::shared_ptr<ServiceDesk>;

json::object schema(std::string_view text) { return json::parse(text).as_object(); }

json::object summary(const Ticket& ticket) {
  json::object object{{"id", ticket.id}, {"title", ticket.title}, {"status", ticket.status}};
  object["priority"] = ticket.priority;
  object["requester"] = ticket.requester;
  object["opened"] = base::rfc3339(ticket.opened);
  return object;
}

json::object whole(const Ticket& ticket) {
  auto object = summary(ticket);
  object["description"] = ticket.description;
  if (!ticket.asset_id.empty()) object["asset_id"] = ticket.asset_id;
  json::array notes;
  for (const auto& note : ticket.notes) notes.push_back({{"at", base::rfc3339(note.at)}, {"text", note.text}});
  object["notes"] = std::move(notes);
  return object;
}

json::object rendered(const Asset& asset) {
  json::object object{{"id", asset.id}, {"name", asset.name}, {"type", asset.type}};
  object["owner"] = asset.owner;
  object["site"] = asset.site;
  return object;
}

Outcome outcome(const base::Result<Ticket>& ticket) {
  return ticket ? answer(json::serialize(whole(*ticket))) : refuse(ticket.error().message);
}

Outcome list_tickets(const Desk& desk, const json::object& arguments) {
  const TicketFilter filter{text(arguments, "status"), text(arguments, "priority")};
  json::array tickets;
  for (const auto& ticket : desk->list(filter, static_cast<std::size_t>(number(arguments, "limit", 20)))) {
    tickets.push_back(summary(ticket));
  }
  json::object result;
  result["tickets"] = std::move(tickets);
  return answer(json::serialize(result));
}

Outcome get_ticket(const Desk& desk, const json::object& arguments) {
  return outcome(desk->find(text(arguments, "id")));
}

Outcome create_ticket(const Desk& desk, const json::object& arguments) {
  Ticket ticket;
  ticket.title = text(arguments, "title");
  ticket.description = text(arguments, "description");
  ticket.priority = arguments.contains("priority") ? text(arguments, "priority") : "normal";
  ticket.requester = arguments.contains("requester") ? text(arguments, "requester") : "Service desk";
  ticket.asset_id = text(arguments, "asset_id");
  return outcome(desk->create(std::move(ticket)));
}

Outcome add_note(const Desk& desk, const json::object& arguments) {
  return outcome(desk->add_note(text(arguments, "id"), text(arguments, "text")));
}

Outcome close_ticket(const Desk& desk, const json::object& arguments) {
  return outcome(desk->close(text(arguments, "id")));
}

Outcome search_assets(const Desk&, const json::object& arguments) {
  json::array assets;
  for (const auto& asset : ServiceDesk::search_assets(text(arguments, "query"))) assets.push_back(rendered(asset));
  json::object result;
  result["assets"] = std::move(assets);
  return answer(json::serialize(result));
}

Outcome run_diagnostics(const Desk&, const json::object& arguments) {
  const auto id = text(arguments, "asset_id");
  const auto asset = ServiceDesk::asset(id);
  if (!asset) return refuse(fmt::format("There is no asset \"{}\"; see search_assets.", id));
  auto report =
      answer(fmt::format("{}: reachable, 41 % disk in use, services running, patches current, last backup "
                         "succeeded. Nothing to do.",
                         asset->name));
  report.steps = {"Reaching " + std::string(asset->name), "Looking at disks", "Looking at services",
                  "Comparing patches", "Reading the backup log"};
  return report;
}

Outcome test_connection(const Desk&, const json::object&) {
  return answer(R"({"status":"ok","account":"Harbour Line demo","message":"The API key works."})");
}

using Act = Outcome (*)(const Desk&, const json::object&);

struct Described {
  std::string_view name;
  std::string_view title;
  std::string_view description;
  std::string_view schema;
  bool read_only;
  Act act;
};

constexpr std::array<Described, 8> kTools{{
    {"list_tickets", "List tickets",
     "Lists service-desk tickets, newest first, without their descriptions and notes; get_ticket has those.",
     R"({"type":"object","properties":{
       "status":{"type":"string","description":"Only tickets in this state","enum":["open","waiting","closed"]},
       "priority":{"type":"string","description":"Only tickets of this priority",
                   "enum":["low","normal","high","urgent"]},
       "limit":{"type":"integer","description":"At most this many; 20 unless told","minimum":1,"maximum":100}}})",
     true, list_tickets},
    {"get_ticket", "Get a ticket", "Returns one ticket with its description and all notes.",
     R"({"type":"object","properties":{
       "id":{"type":"string","description":"The ticket's id, like T-1003","minLength":1,"maxLength":32}},
       "required":["id"]})",
     true, get_ticket},
    {"create_ticket", "Create a ticket", "Opens a new ticket and returns it. Search for an existing one first.",
     R"({"type":"object","properties":{
       "title":{"type":"string","description":"One line that says what is wrong","minLength":1,"maxLength":200},
       "description":{"type":"string","description":"What happened, since when, what was tried","maxLength":4000},
       "priority":{"type":"string","description":"How urgent; normal unless told",
                   "enum":["low","normal","high","urgent"]},
       "requester":{"type":"string","description":"Who asks for help","maxLength":100},
       "asset_id":{"type":"string","description":"The device it is about, like as-03; see search_assets",
                   "maxLength":32}},
       "required":["title"]})",
     false, create_ticket},
    {"add_note", "Add a note", "Adds a note to a ticket and returns the ticket.",
     R"({"type":"object","properties":{
       "id":{"type":"string","description":"The ticket's id, like T-1003","minLength":1,"maxLength":32},
       "text":{"type":"string","description":"What was found or done","minLength":1,"maxLength":4000}},
       "required":["id","text"]})",
     false, add_note},
    {"close_ticket", "Close a ticket", "Closes a ticket. Add a note that says what solved it first.",
     R"({"type":"object","properties":{
       "id":{"type":"string","description":"The ticket's id, like T-1003","minLength":1,"maxLength":32}},
       "required":["id"]})",
     false, close_ticket},
    {"search_assets", "Search assets", "Finds devices by a part of their name, type, owner or site.",
     R"({"type":"object","properties":{
       "query":{"type":"string","description":"A part of the name, type, owner or site, like: notebook","minLength":1,
                "maxLength":100}},
       "required":["query"]})",
     true, search_assets},
    {"run_diagnostics", "Run diagnostics",
     "Checks one device: network, disks, services, patches, backup. Reports progress while it runs.",
     R"({"type":"object","properties":{
       "asset_id":{"type":"string","description":"The device's id, like as-03; see search_assets","minLength":1,
                   "maxLength":32}},
       "required":["asset_id"]})",
     true, run_diagnostics},
    {"test_connection", "Test the connection", "Says whether the API key works, and for which account.",
     R"({"type":"object","properties":{}})", true, test_connection},
}};

}  // namespace

McpServer make_ticket_server(const std::shared_ptr<ServiceDesk>& desk) {
  std::vector<Tool> tools;
  for (const auto& tool : kTools) {
    tools.push_back({std::string(tool.name), std::string(tool.title), std::string(tool.description),
                     schema(tool.schema), tool.read_only, std::bind_front(tool.act, desk)});
  }
  return {{"demo-tickets", "Demo service desk",
           "The service desk of Harbour Line, an invented company: tickets and devices, kept in memory."},
          std::move(tools)};
}

}  // namespace demo
