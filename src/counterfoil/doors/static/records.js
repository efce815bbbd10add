"use strict";

// What a script adds to the list of records: a record beside the list instead of on a page of its own, the list by
// keyboard, and a receipt saved as a PNG. Without it each row leads to its page and the receipt is saved as SVG.

const side = document.querySelector("#side");
const list = document.querySelector("[data-list]");
const links = () => [...document.querySelectorAll("[data-list] a.whole")];
const idOf = (link) => link.closest("[data-row]").dataset.row;
const shownId = () => new URL(location).searchParams.get("open");
const narrow = window.matchMedia("(max-width: 760px)");

function addressWith(id) {
  const url = new URL(location);
  if (id) url.searchParams.set("open", id);
  else url.searchParams.delete("open");
  return url;
}

/* The side page. Its address is the list's, with the record in it: it can be shared, and Back closes it. */

let asked = 0;

async function show(id, { push = true, focus = true } = {}) {
  const turn = ++asked;
  side.setAttribute("aria-busy", "true");
  const page = `${side.dataset.base}/${id}`;
  let answer;
  try {
    answer = await fetch(`${page}/side`);
  } catch {
    answer = null;
  }
  if (turn !== asked) return;
  // Signed out, gone, or out of reach: the page itself says so in words.
  if (!answer || !answer.ok || answer.redirected) return void location.assign(page);
  side.innerHTML = await answer.text();
  if (turn !== asked) return;
  window.htmx?.process(side);
  side.hidden = false;
  side.scrollTop = 0;
  side.removeAttribute("aria-busy");
  if (push) history.pushState(null, "", addressWith(id));
  mark(id);
  if (focus) side.querySelector("[data-side-head]").focus();
}

function close({ push = true } = {}) {
  asked += 1;
  const id = shownId() || document.querySelector("[data-row].open")?.dataset.row;
  side.hidden = true;
  side.replaceChildren();
  if (push) history.pushState(null, "", addressWith(null));
  mark(null);
  links().find((link) => idOf(link) === id)?.focus();
}

function mark(id) {
  for (const row of document.querySelectorAll("[data-row]")) row.classList.toggle("open", row.dataset.row === id);
  list.inert = id !== null && narrow.matches;
}

function step(by, from, { open }) {
  const all = links();
  const at = all.findIndex((link) => idOf(link) === from);
  const next = all[at < 0 ? 0 : at + by];
  if (!next) return;
  if (open) void show(idOf(next), { focus: false }).then(() => keepSight(next));
  else next.focus();
}

function keepSight(link) {
  link.closest("tr").scrollIntoView({ block: "nearest" });
}

/* Clicks and keys. */

function onClick(event) {
  if (event.defaultPrevented || event.button || event.ctrlKey || event.metaKey || event.shiftKey || event.altKey) return;
  const target = event.target instanceof Element ? event.target : null;
  const row = target?.closest("[data-list] a.whole");
  const by = target?.closest("[data-step]");
  if (row) void show(idOf(row));
  else if (by) step(Number(by.dataset.step), shownId(), { open: true });
  else if (target?.closest("[data-close]")) close();
  else return;
  event.preventDefault();
}

function onKey(event) {
  if (event.ctrlKey || event.altKey || event.metaKey || document.querySelector("dialog[open]")) return;
  const field = event.target instanceof Element && event.target.closest("input, select, textarea, summary");
  if (event.key === "Escape" && !side.hidden) {
    event.stopImmediatePropagation();
    return void close();
  }
  const by = { ArrowDown: 1, ArrowUp: -1 }[event.key];
  if (!by || field || side.contains(event.target)) return;
  event.preventDefault();
  const on = document.activeElement?.closest("[data-row]")?.dataset.row;
  step(by, on || shownId(), { open: false });
}

function onHistory() {
  const id = shownId();
  if (id) void show(id, { push: false });
  else if (!side.hidden) close({ push: false });
}

/* The receipt as a PNG: the server's SVG drawn on a canvas, twice as fine. */

const FINER = 2;

async function savePicture(event) {
  event.preventDefault();
  const link = event.currentTarget;
  const picture = new Image();
  picture.src = link.href;
  await picture.decode();
  const canvas = document.createElement("canvas");
  canvas.width = picture.naturalWidth * FINER;
  canvas.height = picture.naturalHeight * FINER;
  canvas.getContext("2d").drawImage(picture, 0, 0, canvas.width, canvas.height);
  const blob = await new Promise((done) => canvas.toBlob(done, "image/png"));
  const file = document.createElement("a");
  file.href = URL.createObjectURL(blob);
  file.download = link.dataset.name;
  file.click();
  setTimeout(() => URL.revokeObjectURL(file.href), 1000);
}

if (side) {
  document.addEventListener("click", onClick);
  document.addEventListener("keydown", onKey, true);
  window.addEventListener("popstate", onHistory);
  if (shownId() && !side.hidden) mark(shownId());
}
document.querySelector("[data-picture]")?.addEventListener("click", (event) => void savePicture(event));
