// Whoever goes by the keyboard sees where they are: each thing that takes the focus looks different with it.
() => {
  const root = document.querySelector("dialog[open]") || document.body;
  const all = [...root.querySelectorAll("a[href], button, input:not([type=hidden]), select, textarea, summary, [tabindex='0']")];
  const before = document.activeElement;
  // After a key the browser counts a focus set by a script as one by the keyboard.
  document.dispatchEvent(new KeyboardEvent("keydown", { key: "Shift" }));
  const wrong = [];
  for (const el of all) {
    if (el.disabled || el.tabIndex < 0 || !el.checkVisibility({ visibilityProperty: true })) continue;
    el.focus({ focusVisible: true, preventScroll: true });
    if (document.activeElement !== el) continue;
    const how = getComputedStyle(el);
    const after = getComputedStyle(el, "::after");
    const ring = (style) => style.outlineStyle !== "none" && parseFloat(style.outlineWidth) >= 2;
    if (!ring(how) && !ring(after) && how.boxShadow === "none") {
      wrong.push(`no visible focus: <${el.tagName.toLowerCase()} class="${el.className}"> ${(el.innerText || el.name || "").trim().slice(0, 40)}`);
    }
  }
  if (before instanceof HTMLElement) before.focus({ preventScroll: true });
  return wrong;
}
