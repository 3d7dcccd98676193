// The tree of check boxes of the Mini App. Who opened it is in the address, signed by Telegram.
"use strict";
const app = document.getElementById("app");
const said = document.getElementById("said");
const init = new URLSearchParams(location.hash.slice(1)).get("tgWebAppData") || "";

async function ask(within, change, on) {
  const response = await fetch(app.dataset.ask, {
    method: "POST",
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify({ init, within, change, on }),
  });
  const found = response.headers.get("Content-Type").includes("json") ? await response.json() : {};
  said.textContent = response.ok ? "" : found.said || app.dataset.failed;
  return response.ok ? found : null;
}

async function fill(list, within, change, on) {
  const found = await ask(within, change, on).catch(() => null);
  if (!found) {
    if (!said.textContent) said.textContent = app.dataset.failed;
    return false;
  }
  list.replaceChildren(...found.boxes.map((each) => row(each, list, within)));
  return true;
}

function row(each, list, within) {
  const item = document.createElement("li");
  const label = document.createElement("label");
  const box = document.createElement("input");
  box.type = "checkbox";
  box.checked = each.on;
  label.append(box, ` ${each.name} `);
  const n = document.createElement("small");
  n.textContent = each.n || "";
  label.append(n);
  item.append(label);
  box.addEventListener("change", async () => {
    if (!(await fill(list, within, each.code, box.checked))) box.checked = !box.checked;
  });
  if (each.more) {
    const open = document.createElement("button");
    open.type = "button";
    open.textContent = "›";
    open.setAttribute("aria-label", each.name);
    open.setAttribute("aria-expanded", "false");
    const below = document.createElement("ul");
    open.addEventListener("click", async () => {
      const isOpen = open.getAttribute("aria-expanded") === "true";
      open.setAttribute("aria-expanded", String(!isOpen));
      if (isOpen) below.replaceChildren();
      else await fill(below, each.code);
    });
    item.append(open, below);
  }
  return item;
}

if (init) fill(document.getElementById("tree"), "");
