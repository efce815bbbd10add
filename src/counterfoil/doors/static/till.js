"use strict";

// What a script adds to pages that work without it: the scanner wedge, the keypad, keys, speech, and a word when the
// shop's computer cannot be reached. Money is never decided here; the server reads what was typed.

// A scan is a long run of characters without a pause, faster on average than anybody types. Sixteen digits in one run
// are a code however slow the scanner's radio is: no amount is that long.
const SCAN_PAUSE_MS = 250;
const SCAN_AVERAGE_MS = 60;
const SCAN_LENGTH_MIN = 8;
const SCAN_DIGITS = /^\d{16,}$/;

const one = (selector) => document.querySelector(selector);

/* The scanner wedge: a keyboard that types a code and Enter. No field needs the focus. */

const burst = { text: "", first: 0, last: -Infinity, field: null, before: "" };

function listen(event) {
  const form = one("form[data-scan]");
  if (!form || event.altKey || event.metaKey) return;
  const now = event.timeStamp;
  if (ends(event)) {
    if (scanned(now)) take(event, form);
    burst.text = "";
  } else if (event.ctrlKey) {
    return;
  } else if (event.key.length === 1) {
    if (now - burst.last >= SCAN_PAUSE_MS) begin(now);
    burst.text += event.key;
    burst.last = now;
  }
}

/* Scanners end a code with CR, LF or a tab, as they are set up; some send the first two as control keys. */
function ends(event) {
  return event.key === "Enter" || event.key === "Tab" || (event.ctrlKey && /^[jm]$/i.test(event.key));
}

function scanned(now) {
  const { length } = burst.text;
  if (length < SCAN_LENGTH_MIN || now - burst.last >= SCAN_PAUSE_MS) return false;
  return SCAN_DIGITS.test(burst.text) || (now - burst.first) / length < SCAN_AVERAGE_MS;
}

function begin(now) {
  burst.text = "";
  burst.first = now;
  burst.field = document.activeElement instanceof HTMLInputElement ? document.activeElement : null;
  burst.before = burst.field ? burst.field.value : "";
}

function take(event, form) {
  event.preventDefault();
  event.stopImmediatePropagation();
  if (burst.field) burst.field.value = burst.before; // the digits of the code do not stay in the amount
  form.querySelector("[data-code]").value = burst.text;
  form.requestSubmit();
}

/* The amount: keypad, and digits typed anywhere on the page. */

function press(key) {
  const field = one("[data-amount]");
  if (!field) return;
  const plain = field.value;
  if (key === "clear") field.value = "";
  else if (key === "back") field.value = plain.slice(0, -1);
  else if (key === "." && plain.includes(".")) return;
  else if (plain.length < 12) field.value = plain + (key === "." && plain === "" ? "0." : key);
  field.dispatchEvent(new Event("input", { bubbles: true }));
}

function minor(text) {
  const found = /^(\d{1,9})(?:\.(\d{0,2}))?$/.exec(text.trim());
  return found ? Number(found[1]) * 100 + Number((found[2] || "").padEnd(2, "0")) : null;
}

function written(amount) {
  const whole = Math.floor(amount / 100).toString().replace(/\B(?=(\d{3})+$)/g, ",");
  return `¥${whole}.${(amount % 100).toString().padStart(2, "0")}`;
}

function change() {
  const field = one("[data-due]");
  const shown = one("[data-change]");
  if (!field || !shown) return;
  const given = minor(field.value);
  const left = given === null ? null : given - Number(field.dataset.due);
  if (left === null) shown.textContent = "—";
  else shown.textContent = left >= 0 ? written(left) : shown.dataset.short.replace("¥", written(-left));
}

/* Keys. */

function typing(target) {
  return target instanceof HTMLElement && target.closest("input, select, textarea, [contenteditable]") !== null;
}

/* The key that closes a dialog does not also go back. */
const SAME_KEY_MS = 300;
let dismissed = -Infinity;

function shortcut(event) {
  if (event.ctrlKey || event.metaKey || event.isComposing || one("dialog[open]")) return;
  if (event.altKey) return void (event.code === "KeyL" && lock(event));
  if (event.key === "Escape" && event.timeStamp - dismissed < SAME_KEY_MS) return;
  if (event.key === "Escape" && one("a[data-back]")) return void one("a[data-back]").click();
  if (typing(event.target)) return;
  if (event.key === "?") return void one("#keys").showModal();
  if (event.key === "/" && one("[data-search]")) {
    event.preventDefault();
    return void one("[data-search]").focus();
  }
  if (one(`[data-shortcut="${CSS.escape(event.key)}"]`)) return void one(`[data-shortcut="${CSS.escape(event.key)}"]`).click();
  if (one("[data-amount]") && /^[0-9.]$/.test(event.key)) return void press(event.key);
  if (one("[data-amount]") && event.key === "Backspace") return void press("back");
  if (event.key === "Enter" && event.target === document.body) one("a[data-first], button[data-first]")?.click();
}

function lock(event) {
  event.preventDefault();
  one("form[action='/till/lock'] button, button[formaction='/till/lock']")?.click();
}

/* Clicks: one listener, since htmx replaces parts of the page. */

function click(event) {
  const target = event.target instanceof Element ? event.target : null;
  const key = target?.closest("[data-key]");
  if (key) press(key.dataset.key);
  const copy = target?.closest("[data-copy]");
  if (copy) navigator.clipboard?.writeText(copy.dataset.copy).then(() => copied(copy), () => {});
  if (target?.closest("[data-print]")) window.print();
  if (target?.closest("[data-show-keys]")) one("#keys").showModal();
  if (target?.closest("[data-speech]")) switchSpeech();
  const tried = target?.closest("[data-try-speech]");
  if (tried && "speechSynthesis" in window) aloud(tried.dataset.trySpeech);
}

function copied(button) {
  const label = button.getAttribute("aria-label");
  button.setAttribute("aria-label", button.dataset.copied);
  button.title = button.dataset.copied;
  setTimeout(() => button.setAttribute("aria-label", label), 2000);
}

/* A form is sent once; the button shows that it is on its way. While the computer cannot be reached nothing is sent:
   the browser would put its own page in place of this one, and what was typed would be gone. */

function submitted(event) {
  const form = event.target;
  if (form.method !== "post") return;
  if (form.dataset.sent || one(".unreachable")) return void event.preventDefault();
  form.dataset.sent = "yes";
  const button = event.submitter || form.querySelector("button[type=submit]");
  if (button) setTimeout(() => button.setAttribute("aria-busy", "true"), 0);
}

function shownAgain(event) {
  if (!event.persisted) return;
  for (const form of document.forms) delete form.dataset.sent;
  for (const button of document.querySelectorAll("[aria-busy]")) button.removeAttribute("aria-busy");
}

/* Speech: the result is said aloud once. */

const speechOff = () => localStorage.getItem("speech") === "off";
let said = "";

function switchSpeech() {
  localStorage.setItem("speech", speechOff() ? "on" : "off");
  labelSpeech();
}

function labelSpeech() {
  const button = one("[data-speech]");
  if (button) button.textContent = speechOff() ? button.dataset.off : button.dataset.on;
}

function speak() {
  const text = one("[data-say]")?.dataset.say || "";
  if (!text || text === said || speechOff() || !("speechSynthesis" in window)) return;
  said = text;
  aloud(text);
}

function aloud(text) {
  const words = new SpeechSynthesisUtterance(text);
  words.lang = document.documentElement.lang;
  speechSynthesis.speak(words);
}

/* An open payment: the server says when there is news of it; where it cannot be heard, the page asks every second. */

const LIVE_AGAIN_MS = 5000;
const LIVE_ASK_EVERY = 5; // seconds between questions while the stream is heard: a dead line looks like a quiet one
const live = { source: null, path: "", again: 0, ticks: 0 };

const askAgain = () => one("[data-live]") && htmx.trigger(one("[data-live]"), "news");

function watch() {
  const address = one("[data-live]")?.dataset.live || "";
  const [path] = address.split("?");
  const kept = live.source && live.source.readyState !== EventSource.CLOSED;
  if (path === live.path && (kept || performance.now() < live.again)) return;
  live.source?.close();
  Object.assign(live, { source: null, path });
  if (!path || !("EventSource" in window)) return;
  live.source = new EventSource(address);
  live.source.addEventListener("news", askAgain);
  live.source.addEventListener("end", () => (unwatch(), askAgain()));
  live.source.addEventListener("error", () => live.source?.readyState === EventSource.CLOSED && unwatch());
}

function unwatch() {
  live.source?.close();
  live.source = null;
  live.again = performance.now() + LIVE_AGAIN_MS;
}

function everySecond() {
  countDown();
  if (!one("[data-live]")) return;
  watch();
  const heard = live.source?.readyState === EventSource.OPEN;
  live.ticks += 1;
  if (!heard || live.ticks % LIVE_ASK_EVERY === 0) askAgain();
}

/* How long a shown code can still be scanned: counted from what the server said, whatever this device's clock says. */

function countDown() {
  const shown = one("[data-left]");
  if (!shown) return;
  shown.dataset.end ||= performance.now() + Number(shown.dataset.left) * 1000;
  const left = Math.max(0, Math.ceil((Number(shown.dataset.end) - performance.now()) / 1000));
  shown.textContent = `${Math.floor(left / 60)}:${String(left % 60).padStart(2, "0")}`;
  if (left === 0) askAgain();
}

/* Whether the shop's computer answers. */

function reachable(yes) {
  for (const mark of document.querySelectorAll("[data-online]")) {
    mark.classList.toggle("off", !yes);
    mark.textContent = yes ? mark.dataset.on : mark.dataset.off;
  }
  const shown = one(".unreachable");
  if (yes && shown) shown.remove();
  if (!yes && !shown) document.body.append(one("#unreachable").content.cloneNode(true));
}

/* A page that stands open when its session ends: cleared, and led to where one signs in. Asking is no use of the
   session, which may have been used elsewhere. Whoever is typing is asked a minute later, unless something of the page
   that is fetched again and again finds out before. */

let typedAt = -Infinity;

function untilItEnds(seconds) {
  setTimeout(askWhetherItEnded, (seconds + 1) * 1000);
}

async function askWhetherItEnded() {
  if (performance.now() - typedAt < MINUTE_MS) return untilItEnds(60);
  try {
    const answer = await fetch(document.body.dataset.home, { headers: { "HX-Request": "true" }, cache: "no-store" });
    const begin = answer.headers.get("HX-Redirect");
    if (!begin) return untilItEnds(60);
    document.body.replaceChildren();
    location.replace(begin);
  } catch {
    // Nobody can say whether it lives: what was shown goes all the same.
    one("main")?.replaceChildren();
    reachable(false);
    untilItEnds(60);
  }
}

/* The office: how many requests wait. Asked while somebody can see the page, which is no use of the session; whoever
   types is not asked about, lest a session that ended take away what they wrote. */

const INBOX_EVERY_MS = 15_000;
let waited = one("#inbox")?.dataset.count;

function askInbox() {
  if (!one("#inbox") || document.hidden || performance.now() - typedAt < MINUTE_MS) return;
  for (const part of document.querySelectorAll("#inbox, [data-fresh]")) htmx.trigger(part, "news");
}

function inboxCame(event) {
  if (event.detail.elt?.id !== "inbox") return;
  const { count, say } = one("#inbox").dataset;
  const title = document.title.replace(/^\(\d+\) /, "");
  document.title = count === "0" ? title : `(${count}) ${title}`;
  if (count !== waited) one("#inbox-said").textContent = say;
  waited = count;
}

/* 网络检测: how long the computer takes to answer, and how far this device's clock is off. */

const ROUNDS = 5;
const SLOW_MS = 300;
const MINUTE_MS = 60_000;

async function measure() {
  const address = one("[data-network]")?.dataset.network;
  if (!address) return;
  try {
    const rounds = [];
    for (let n = 0; n < ROUNDS; n += 1) rounds.push(await round(address));
    const { took, off } = rounds.reduce((best, next) => (next.took < best.took ? next : best));
    found("computer", took < SLOW_MS ? "good" : "checking", Math.max(1, Math.round(took)));
    found("clock", Math.abs(off) < MINUTE_MS ? "good" : "checking", Math.round(Math.abs(off) / MINUTE_MS));
  } catch {
    found("computer", "bad", 0);
    found("clock", "bad", 0);
  }
}

async function round(address) {
  const begun = performance.now();
  const answer = await (await fetch(address, { cache: "no-store" })).json();
  const took = performance.now() - begun;
  return { took, off: Date.now() - took / 2 - answer.now_ms };
}

function found(name, tone, n) {
  const line = one(`[data-measured="${name}"]`);
  const mark = line.querySelector("[data-found]");
  mark.className = `chip ${tone}`;
  mark.textContent = line.dataset[tone].replace("%n", n);
  line.querySelector("[data-do]").textContent = line.dataset[`${tone}Do`];
}

/* What goes with a number that is typed, until somebody chooses for themselves. */

function suggest() {
  for (const typed of document.querySelectorAll("[data-suggests]")) {
    const choice = document.getElementById(typed.dataset.suggests);
    const known = JSON.parse(typed.dataset.suggested);
    const usual = () => known[typed.value.normalize("NFKC").trim()] ?? known[""];
    let chosen = choice.value !== usual();
    choice.addEventListener("change", () => { chosen = true; });
    typed.addEventListener("input", () => { if (!chosen) choice.value = usual(); });
  }
}

document.addEventListener("keydown", listen, true);
document.addEventListener("keydown", shortcut);
document.addEventListener("cancel", (event) => { dismissed = event.timeStamp; }, true);
document.addEventListener("click", click);
document.addEventListener("input", change);
document.addEventListener("input", () => { typedAt = performance.now(); });
document.addEventListener("submit", submitted);
document.addEventListener("htmx:sendError", () => reachable(false));
document.addEventListener("htmx:afterOnLoad", () => reachable(true));
document.addEventListener("htmx:afterSwap", speak);
document.addEventListener("htmx:afterSwap", () => (watch(), countDown()));
document.addEventListener("htmx:load", inboxCame);
document.addEventListener("visibilitychange", askInbox);
window.addEventListener("pagehide", () => live.source?.close());
window.addEventListener("pageshow", shownAgain);
one(".side [aria-current]")?.scrollIntoView({ block: "nearest", inline: "center" });
labelSpeech();
speak();
change();
watch();
countDown();
setInterval(everySecond, 1000);
setInterval(askInbox, INBOX_EVERY_MS);
if (document.body.dataset.ends) untilItEnds(Number(document.body.dataset.ends));
measure();
suggest();
