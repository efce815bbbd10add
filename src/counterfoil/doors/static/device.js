// What makes this browser a terminal: a key made here that never leaves it, and a signature under every form it sends.
// A form is signed and then sent by the browser as it always is; the server decides. Without this script nothing is
// signed, and an enrolled terminal's forms are refused.

const SIGNATURE = "cf_signature";
const COUNTER = "cf_counter";
const KNOWN = "devices";
const KINDS = {
  "Ed25519": { make: { name: "Ed25519" }, sign: { name: "Ed25519" } },
  "ECDSA-P256": { make: { name: "ECDSA", namedCurve: "P-256" }, sign: { name: "ECDSA", hash: "SHA-256" } },
};
const usable = window.isSecureContext && Boolean(window.crypto?.subtle) && "indexedDB" in window;

/* The keys: one a terminal, and beside it one that was handed in and waits to be confirmed. */

const done = (asked) => new Promise((yes, no) => {
  asked.onsuccess = () => yes(asked.result);
  asked.onerror = () => no(asked.error);
});

async function keys(work) {
  const asked = indexedDB.open("counterfoil-terminal", 1);
  asked.onupgradeneeded = () => asked.result.createObjectStore("keys", { keyPath: "device" });
  const base = await done(asked);
  // Strict: a counter that was used must not come back after a power cut, or the terminal would look like two.
  const change = base.transaction("keys", "readwrite", { durability: "strict" });
  const kept = new Promise((yes, no) => {
    change.oncomplete = yes;
    change.onabort = () => no(change.error);
  });
  const answer = await work(change.objectStore("keys"));
  await kept;
  base.close();
  return answer;
}

const known = () => (localStorage.getItem(KNOWN) || "").split(" ").filter(Boolean);
const waiting = (device) => `${device} waiting`;

/* Making one, and taking it into use once the office has confirmed it. */

const packed = (buffer) =>
  btoa(String.fromCharCode(...new Uint8Array(buffer))).replace(/\+/g, "-").replace(/\//g, "_").replace(/=+$/, "");
const hex = (buffer) => Array.from(new Uint8Array(buffer), (one) => one.toString(16).padStart(2, "0")).join("");
const sha256 = (text) => crypto.subtle.digest("SHA-256", new TextEncoder().encode(text)).then(hex);

async function made() {
  for (const [algorithm, { make }] of Object.entries(KINDS)) {
    try {
      const pair = await crypto.subtle.generateKey(make, false, ["sign", "verify"]);
      return { algorithm, pair, raw: await crypto.subtle.exportKey("raw", pair.publicKey) };
    } catch (error) {
      if (algorithm === "ECDSA-P256") throw error;
    }
  }
  throw new Error("no algorithm");
}

async function handIn(form) {
  const device = `${form.dataset.enrol}.${form.elements.terminal.value}`;
  const { algorithm, pair, raw } = await made();
  const sha = hex(await crypto.subtle.digest("SHA-256", raw));
  await keys((store) => done(store.put({ device: waiting(device), key: pair.privateKey, algorithm, sha, counter: 0 })));
  form.elements.algorithm.value = algorithm;
  form.elements.public_key.value = packed(raw);
}

async function takeIntoUse() {
  const shown = document.querySelector("[data-enrolled]");
  if (!shown || !usable) return;
  const { enrolled: device, key: sha } = shown.dataset;
  await keys(async (store) => {
    const handed = await done(store.get(waiting(device)));
    if (handed?.sha !== sha) return;
    await done(store.put({ ...handed, device }));
    await done(store.delete(waiting(device)));
  });
  localStorage.setItem(KNOWN, [...new Set([...known(), device])].join(" "));
}

/* Signing a form: over the very bytes the browser is about to send. */

function deviceOf(form) {
  const [merchant, kept] = (document.body.dataset.device || ".").split(".");
  return `${form.dataset.merchant || merchant}.${form.elements.terminal?.value || kept}`;
}

const counted = (device) => keys(async (store) => {
  const kept = await done(store.get(device));
  if (kept) await done(store.put({ ...kept, counter: kept.counter + 1 }));
  return kept && { ...kept, counter: kept.counter + 1 };
});

function put(form, name, value) {
  const field = form.querySelector(`input[name="${name}"]`) || form.appendChild(document.createElement("input"));
  Object.assign(field, { type: "hidden", name, value });
}

function body(form, button) {
  const pairs = [...new FormData(form, button)].filter(([name]) => name !== SIGNATURE);
  return new URLSearchParams(pairs.map(([name, value]) => [name, value.replace(/\r\n|\r|\n/g, "\r\n")])).toString();
}

async function sign(form, button, device) {
  const kept = await counted(device);
  if (!kept) return;
  const to = button?.getAttribute("formaction") || form.getAttribute("action") || location.href;
  const { pathname, search } = new URL(to, location.href);
  put(form, COUNTER, kept.counter);
  const digest = await sha256(body(form, button));
  const lines = ["counterfoil-till-1", device, kept.counter, "POST", pathname + search, digest].join("\n");
  const signature = await crypto.subtle.sign(KINDS[kept.algorithm].sign, kept.key, new TextEncoder().encode(lines));
  put(form, SIGNATURE, packed(signature));
}

/* Before the page's own listener, which marks a form as sent. */

const ready = new WeakSet();
const busy = new WeakSet();

function first(event) {
  const form = event.target;
  if (form.getAttribute("method") !== "post" || ready.delete(form)) return;
  const enrols = "enrol" in form.dataset;
  const device = deviceOf(form);
  if (!usable || !(enrols || known().includes(device))) return;
  event.preventDefault();
  event.stopImmediatePropagation();
  if (busy.has(form)) return;
  busy.add(form);
  const button = event.submitter;
  // What could not be signed is sent all the same: the server refuses it and says what to do.
  const work = enrols ? handIn(form) : sign(form, button, device);
  work.catch((error) => console.warn(error.name)).finally(() => {
    busy.delete(form);
    ready.add(form);
    form.requestSubmit(button);
    ready.delete(form);
  });
}

document.addEventListener("submit", first, true);
document.addEventListener("htmx:afterSwap", takeIntoUse);
takeIntoUse();
if (!usable) {
  for (const note of document.querySelectorAll("[data-no-keys]")) note.hidden = false;
  for (const button of document.querySelectorAll("[data-enrol] button")) button.disabled = true;
}
