// What can be measured on a page as it stands: returns sentences about what is wrong, and the texts to be read.
(asked) => {
  const wrong = [];
  const say = (what, el) => wrong.push(`${what}: ${el ? named(el) : ""}`);
  const root = document.querySelector("dialog[open]") || document.body;

  function named(el) {
    const text = (el.innerText || el.value || el.getAttribute("aria-label") || "").trim().replace(/\s+/g, " ");
    return `<${el.tagName.toLowerCase()} class="${el.getAttribute("class") || ""}"> ${text.slice(0, 60)}`;
  }
  const all = (selector) => [...root.querySelectorAll(selector)];
  const seen = (el) => el.checkVisibility({ visibilityProperty: true }) && !el.closest(".unseen, .no-screen");
  const style = (el) => getComputedStyle(el);
  const scrolls = (el) => {
    for (let up = el.parentElement; up; up = up.parentElement) {
      if (/auto|scroll/.test(style(up).overflowX) && up.scrollWidth > up.clientWidth) return up;
    }
    return null;
  };
  // A page beside the list lies over it on purpose; what it covers is reached once it is closed.
  const beside = document.querySelector(".side-page:not([hidden])");
  const reachable = (el) => !beside || beside.contains(el);
  const touched = all("a[href], button, input:not([type=hidden]), select, textarea, summary").filter(seen).filter(reachable);

  /* The page is no wider than the screen, and nothing to press lies beside it. */
  if (document.documentElement.scrollWidth > innerWidth) {
    const out = all("*").filter((el) => seen(el) && el.getBoundingClientRect().right > innerWidth + 1 && !scrolls(el));
    say(`wider than the screen by ${document.documentElement.scrollWidth - innerWidth}`, out.at(-1));
  }
  for (const el of touched) {
    const box = (scrolls(el) || el).getBoundingClientRect();
    if (box.left < -1 || box.right > innerWidth + 1) say("lies beside the screen", el);
  }

  /* Nothing is cut, and no text runs out of its box. */
  const texts = all("*").filter((el) => [...el.childNodes].some((n) => n.nodeType === 3 && n.data.trim()) && seen(el));
  for (const el of texts) {
    if (!el.clientWidth || /^(SELECT|OPTION|TEXTAREA)$/.test(el.tagName)) continue;
    const how = style(el);
    if (el.scrollWidth > el.clientWidth + 1 && !/auto|scroll/.test(how.overflowX)) {
      if (how.overflowX === "visible") say("text runs out of its box", el);
      else if (!el.title) say("text is cut", el);
    }
    if (el.scrollHeight > el.clientHeight + 2 && /hidden|clip/.test(how.overflowY)) say("text is cut below", el);
  }

  /* Nothing to press lies under or over another. */
  const boxes = touched.map((el) => [el, el.getBoundingClientRect()]);
  boxes.forEach(([a, one], at) => {
    for (const [b, two] of boxes.slice(at + 1)) {
      const wide = Math.min(one.right, two.right) - Math.max(one.left, two.left);
      const high = Math.min(one.bottom, two.bottom) - Math.max(one.top, two.top);
      if (wide > 2 && high > 2 && !a.contains(b) && !b.contains(a)) say(`lies over ${named(b)}`, a);
    }
  });
  for (const el of touched.slice(0, 80)) {
    el.scrollIntoView({ block: "center", inline: "center", behavior: "instant" });
    const box = el.getClientRects()[0];
    const hit = box && document.elementFromPoint(box.left + box.width / 2, box.top + box.height / 2);
    if (hit && !el.contains(hit) && !hit.contains(el) && !(el.labels && [...el.labels].some((l) => l.contains(hit)))) {
      say(`is covered by ${named(hit)}`, el);
    }
  }
  for (const el of [document.scrollingElement, ...all("*").filter((one) => one.scrollTop || one.scrollLeft)]) {
    el.scrollTo({ top: 0, left: 0, behavior: "instant" });
  }

  /* What a finger presses is large enough; a link within a sentence is read, not pressed. */
  const within = (el) => style(el).display === "inline" && el.parentElement.innerText.trim() !== el.innerText.trim();
  for (const el of touched) {
    if (el.disabled || (el.tagName === "A" && within(el) && !el.closest("nav, .foot"))) continue;
    const pressed = el.matches("a.whole") ? el.closest("tr, li") || el : /^(checkbox|radio)$/.test(el.type) ? el.closest("label") || el : el;
    const { width, height } = pressed.getBoundingClientRect();
    const least = el.closest("[data-keypad]") ? asked.key : asked.touch;
    if (Math.min(width, height) < least - 0.5) {
      say(`is ${Math.round(width)} by ${Math.round(height)}, less than ${least}`, el);
    }
  }

  /* One thing to do first; a title, a heading, where one is. */
  // A page of samples shows them all.
  const first = all(".button.primary, .key.go, .tile.first").filter((el) => seen(el) && !el.closest(".sample"));
  if (first.length > 1) say(`${first.length} primary actions, the last`, first.at(-1));
  const h1 = [...document.querySelectorAll("h1")];
  if (h1.length !== 1 || !h1[0].textContent.trim()) say(`${h1.length} headings of the first order`, h1.at(-1));
  if (!/^\S.* · \S/.test(document.title)) wrong.push(`title: ${document.title}`);
  if (document.documentElement.lang !== asked.language) wrong.push(`lang: ${document.documentElement.lang}`);
  if (document.querySelector("nav.side") && !document.querySelector("nav.crumbs li")) wrong.push("no breadcrumb");
  if (document.querySelector("nav.side") && !document.querySelector("nav.crumbs a.help")) wrong.push("no help link");

  /* Every text, also those that only a script or a reader of screens brings up. */
  const read = [];
  const foreign = (el) => {
    const lang = el && el.closest("[lang]")?.lang;
    return (lang && lang !== document.documentElement.lang) || el?.closest("kbd, code, pre, script, style, [translate=no]");
  };
  const walk = (from) => {
    const nodes = document.createTreeWalker(from, NodeFilter.SHOW_TEXT | NodeFilter.SHOW_ELEMENT);
    for (let node = nodes.nextNode(); node; node = nodes.nextNode()) {
      if (node.nodeType === 3) {
        if (node.data.trim() && !foreign(node.parentElement)) read.push(node.data.trim().replace(/\s+/g, " "));
        continue;
      }
      if (node.tagName === "TEMPLATE") walk(node.content);
      if (foreign(node)) continue;
      for (const name of node.getAttributeNames()) {
        const spoken = ["aria-label", "aria-roledescription", "title", "placeholder", "alt", "label"].includes(name);
        const kept = name.startsWith("data-") && /[\s\u4e00-\u9fff\u27e6]/.test(node.getAttribute(name));
        if (spoken || kept) read.push(node.getAttribute(name));
      }
    }
  };
  read.push(document.title);
  walk(document.body);
  return { wrong, read, shifts: window.shifts || [] };
}
