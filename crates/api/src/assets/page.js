// What the pages do beyond links and forms. Without a script everything still works.
"use strict";

/** Filters the overview's rows by the words of the search box while one types. */
function filterAsTyped() {
  const form = document.querySelector("form.search[data-filters]");
  if (!form) return;
  const box = form.querySelector("input[type=search]");
  const shown = document.getElementById("shown");
  const nothing = document.getElementById("nothing-found");
  const groups = [...document.querySelectorAll(".group")].map((section) => ({
    section,
    entry: document.querySelector(`.categories a[href="#${section.id}"]`),
    rows: [...section.querySelectorAll("tbody tr")],
  }));

  function filter() {
    const words = box.value.toLowerCase().split(/\s+/).filter(Boolean);
    let total = 0;
    for (const { section, entry, rows } of groups) {
      let count = 0;
      for (const row of rows) {
        row.hidden = !words.every((word) => row.dataset.text.includes(word));
        if (!row.hidden) count += 1;
      }
      section.hidden = count === 0;
      if (entry) {
        entry.parentElement.hidden = count === 0;
        entry.querySelector(".count").textContent = String(count);
      }
      total += count;
    }
    nothing.hidden = total > 0;
    shown.textContent = shown.dataset.phrase.replace("{0}", String(total));
  }

  form.classList.add("live");
  box.addEventListener("input", filter);
  form.addEventListener("submit", (event) => event.preventDefault());
  // A browser that comes back to the page has kept the words.
  if (box.value) filter();
}

/** `/` puts the cursor into the search box, Ctrl+Enter sends the rule. */
function listenToKeys() {
  const box = document.getElementById("search") ?? document.getElementById("find-user");
  document.addEventListener("keydown", (event) => {
    const isTyping = event.target.closest("input, textarea, select");
    if (event.key === "/" && !isTyping && !event.ctrlKey && !event.metaKey && box) {
      event.preventDefault();
      box.focus();
    }
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) {
      event.target.closest("form.trial")?.requestSubmit();
    }
  });
}

/** Marks the category that is being read. */
function followReading() {
  const entries = new Map();
  for (const entry of document.querySelectorAll(".categories a")) {
    entries.set(entry.hash.slice(1), entry);
  }
  if (entries.size === 0 || !("IntersectionObserver" in window)) return;
  const observer = new IntersectionObserver((changes) => {
    for (const change of changes) {
      entries.get(change.target.id)?.classList.toggle("seen", change.isIntersecting);
    }
  }, { rootMargin: "-10% 0px -70% 0px" });
  for (const section of document.querySelectorAll(".group")) observer.observe(section);
}

filterAsTyped();
listenToKeys();
followReading();
