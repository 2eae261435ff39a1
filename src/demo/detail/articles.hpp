// What the demo knowledge base holds.
#pragma once

#include <array>
#include <string_view>

namespace demo::detail {

struct Article {
  std::string_view id;
  std::string_view category;  // one of kCategories
  std::string_view title;
  std::string_view updated;
  std::string_view body;
};

struct Runbook {
  std::string_view id;
  std::string_view category;
  std::string_view title;
  std::string_view minutes;
  std::string_view steps;  // one per line
};

inline constexpr std::array<std::string_view, 5> kCategories{"accounts", "backup", "email", "network", "workstations"};

inline constexpr std::array<Article, 8> kArticles{{
    {"kb-101", "accounts", "How a new colleague gets an account", "2026-09-14",
     "HR opens a ticket with the start date. Make the account three working days before, in the group of the "
     "department; never copy another person's groups. The first password goes to the manager by telephone."},
    {"kb-102", "accounts", "Lost second factor", "2026-10-02",
     "Check the person by a call back to the number in the directory. Remove the old device, hand out one recovery "
     "code, and let the person register the new device while you are on the line."},
    {"kb-110", "backup", "What is backed up, and for how long", "2026-08-21",
     "File servers every hour for 30 days, databases every 15 minutes for 14 days, workstations not at all: people "
     "keep their work on the file server. A monthly copy is kept for one year at the second site."},
    {"kb-111", "backup", "Restoring a file that was deleted by mistake", "2026-10-28",
     "Ask for the folder and the rough time. Restore into the folder _restored beside the old place, never over it, "
     "and close the ticket only when the person has looked at the file."},
    {"kb-120", "email", "Shared mailboxes", "2026-07-30",
     "A shared mailbox needs an owner who decides who may read it. Ask the owner, not the person who wants in. "
     "Sending as the mailbox is a right of its own."},
    {"kb-130", "network", "The guest wireless network", "2026-11-03",
     "The network is called Harbour-Guest; its password changes on Mondays and is shown at the reception. It reaches "
     "the internet only. Printers are not reachable from it, on purpose."},
    {"kb-131", "network", "VPN connects, but nothing answers", "2026-11-12",
     "Nearly always the home network uses 10.20.0.0/16 as well. Switch the profile to Full tunnel; if that helps, "
     "leave it so. If not, collect the client's log and open a ticket for the network team."},
    {"kb-140", "workstations", "A notebook is slow after an update", "2026-11-18",
     "Wait for the search index: about an hour on power. Then look at disk space (15 GB free are needed) and at the "
     "battery report; a worn battery throttles the processor."},
}};

inline constexpr std::array<Runbook, 4> kRunbooks{{
    {"rb-01", "network", "Internet line of a site is down", "15",
     "Look at the provider's status page.\nAsk somebody at the site whether the router's line light is on.\n"
     "Restart the router once, by the remote power socket.\nSwitch the site to the mobile line.\n"
     "Open a ticket at the provider and note its number in ours."},
    {"rb-02", "backup", "A backup job failed twice", "30",
     "Read the job's last error.\nCheck free space on the target.\nStart the job by hand and watch it for ten "
     "minutes.\nIf it fails again, start the job on the second target.\nTell the owner of the data."},
    {"rb-03", "accounts", "A colleague leaves today", "20",
     "Block sign-in.\nEnd all sessions.\nGive the mailbox to the manager.\nTake the device back into stock.\n"
     "Remove licences after 30 days, not before."},
    {"rb-04", "email", "A wave of phishing mail", "25",
     "Take one example with full headers.\nBlock the sender's domain.\nRemove the mail from all mailboxes.\n"
     "Find who clicked.\nReset the passwords of those who typed one in.\nWrite to everybody, with a picture."},
}};

}  // namespace demo::detail
