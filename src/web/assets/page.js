// Copy buttons, and the hand-over of an authorization to a client that waits on this machine. Every page works
// without this file.
"use strict";

for (const button of document.querySelectorAll("button[data-copy]")) {
  button.hidden = false;
  button.addEventListener("click", async () => {
    const text = document.getElementById(button.dataset.copy).textContent;
    let word = "Copied";
    try {
      await navigator.clipboard.writeText(text);
    } catch {
      // No clipboard on plain http: select the text instead, so that the keyboard's copy takes it.
      getSelection().selectAllChildren(document.getElementById(button.dataset.copy));
      word = "Press Ctrl+C";
    }
    button.firstChild.data = word;
    setTimeout(() => { button.firstChild.data = "Copy"; }, 2500);
  });
}

// Asking a closed port fails at once, which a navigation could not tell us: it would end at the browser's own
// "connection refused". But browsers ask the person before a page on the network may reach this machine, and Safari
// forbids it from https: a refusal would then say nothing about the port, so there we only ask where it is allowed.
async function mayAskThisMachine() {
  if (["localhost", "127.0.0.1", "[::1]"].includes(location.hostname)) return true;
  for (const name of ["loopback-network", "local-network-access"]) {
    try {
      return (await navigator.permissions.query({ name })).state === "granted";
    } catch {
      // Not known to this browser: try the next name.
    }
  }
  return !(location.protocol === "https:" && navigator.vendor.startsWith("Apple"));
}

// "/favicon.ico" is what every callback server has to put up with from browsers anyway; some take a request for any
// other path without a code for a failed sign-in.
async function isListening(origin) {
  if (!(await mayAskThisMachine())) return true;
  try {
    await fetch(origin + "/favicon.ico", { mode: "no-cors", credentials: "omit", cache: "no-store" });
    return true;
  } catch {
    return false;
  }
}

async function handOver(page) {
  const link = document.getElementById("continue");
  if (await isListening(page.dataset.origin)) {
    location.replace(link.href);
    return;
  }
  document.getElementById("returning").hidden = true;
  document.getElementById("stopped").hidden = false;
  document.title = document.getElementById("stopped-title").textContent + " · mcp-gateway";
}

const page = document.querySelector("[data-hand-over]");
// The "back" button brings the page out of the browser's cache with its script already run: nothing to hand over then.
if (page) handOver(page);
