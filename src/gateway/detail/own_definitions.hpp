// The definitions of the gateway's own tools, as tools/list shows them.
#pragma once

#include <string_view>

namespace gateway {

inline constexpr std::string_view kStatusDefinition =
    R"({"name":"gateway__status","title":"Status of the vendors",)"
    R"("description":"Tells which vendors this gateway has for you, how many tools each offers, why the tools of one )"
    R"(are missing (no credential, rejected, down), and what to do about it.",)"
    R"("inputSchema":{"type":"object","properties":{"vendor":{"type":"string",)"
    R"("description":"The vendor's short name, as before the __ of its tools. All vendors when absent."}}},)"
    R"("outputSchema":{"type":"object","properties":{"tools":{"type":"integer"},"settings":{"type":"string"},)"
    R"("vendors":{"type":"array","items":{"type":"object","properties":{"vendor":{"type":"string"},)"
    R"("name":{"type":"string"},"state":{"type":"string","enum":["up","degraded","down","failing",)"
    R"("needs_credential","rejected","unreadable","unknown"]},"tools":{"type":"integer"},)"
    R"("link":{"type":"string"},"reason":{"type":"string"},"lastError":{"type":"string"}},)"
    R"("required":["vendor","name","state","tools","link"]}}},"required":["tools","settings","vendors"]},)"
    R"("annotations":{"title":"Status of the vendors","readOnlyHint":true,"openWorldHint":false}})";

inline constexpr std::string_view kSearchDefinition =
    R"({"name":"gateway__search_tools","title":"Search tools",)"
    R"("description":"Finds tools of all vendors by what they do. Search here first, then call a tool that was found )"
    R"(with gateway__call_tool.",)"
    R"("inputSchema":{"type":"object","properties":{"query":{"type":"string",)"
    R"("description":"What the tool shall do, in a few words: create ticket."},)"
    R"("vendor":{"type":"string","description":"Only tools of this vendor, by its short name."},)"
    R"("limit":{"type":"integer","minimum":1,"maximum":50,"default":10}},"required":["query"]},)"
    R"("outputSchema":{"type":"object","properties":{"searched":{"type":"integer"},"tools":{"type":"array",)"
    R"("items":{"type":"object","properties":{"name":{"type":"string"},"vendor":{"type":"string"},)"
    R"("description":{"type":"string"},"inputSchema":{"type":"object"}},)"
    R"("required":["name","vendor","description","inputSchema"]}}},"required":["searched","tools"]},)"
    R"("annotations":{"title":"Search tools","readOnlyHint":true,"openWorldHint":false}})";

inline constexpr std::string_view kCallDefinition =
    R"({"name":"gateway__call_tool","title":"Call a tool",)"
    R"("description":"Calls a tool that gateway__search_tools found. The answer is that tool's own.",)"
    R"("inputSchema":{"type":"object","properties":{"name":{"type":"string",)"
    R"("description":"The tool's name as found: vendor__tool."},"arguments":{"type":"object",)"
    R"("description":"What that tool's inputSchema asks for.","additionalProperties":true}},"required":["name"]},)"
    R"("annotations":{"title":"Call a tool"}})";

}  // namespace gateway
