// The visit form's comforts: digits choose, Enter goes on, marks follow, the server's verdict is placed.
// The page is complete without it; days, classes and names come from the server, never from here.
const form = document.getElementById("visit");
const verdict = document.getElementById("verdict");
const radio = (name, value) => form.querySelector(`[name="${name}"][value="${value}"]`);
const suggestion = (name) => form.querySelector(`[data-suggested="${name}"]`);
const chosenClass = form.querySelector('[name="stability"]:checked')?.value ?? "";
const touched = {
  stability: chosenClass !== "" && chosenClass !== suggestion("stability").value,
  next: !["", suggestion("next_due_on").value].includes(form.elements.next_due_on.value),
};

// ---- marks: 上次 / 已改 / 未填 ----
function mark(q) {
  const inputs = [...q.querySelectorAll(":scope > .q-body > .opts input")];
  const place = q.querySelector(":scope > .q-mark");
  if (!inputs.length || !place) return;
  const chosen = inputs.filter((i) => i.checked).map((i) => i.value);
  const last = q.dataset.last === undefined ? null : q.dataset.last.split(",").filter(Boolean);
  const word = (v) => inputs.find((i) => i.value === v)?.closest("label").querySelector("span").textContent;
  const same = last !== null && chosen.join() === last.join();
  const asked = q.classList.contains("is-missing") || q.dataset.asked === "1";
  if (asked) q.dataset.asked = "1";
  q.classList.remove("is-carried", "is-changed", "is-missing", "is-today");
  q.classList.add(last === null ? (asked && !chosen.length ? "is-missing" : "is-today") : same ? "is-carried" : "is-changed");
  place.replaceChildren();
  const tag = (cls, text) => { const s = document.createElement("span"); s.className = cls; s.textContent = text; place.append(s); };
  if (same) tag("mark mark-last", "上次");
  else if (last !== null) { tag("mark mark-new", "已改"); tag("mark-was", "上次 " + (last.map(word).join("、") || "无")); }
  else if (q.classList.contains("is-missing")) tag("mark mark-miss", "未填");
}
// a text or a medicine line that was carried forward
function markWords(place, same, was) {
  place.replaceChildren();
  const tag = (cls, text) => { const s = document.createElement("span"); s.className = cls; s.textContent = text; place.append(s); };
  if (same) tag("mark mark-last", "上次"); else { tag("mark mark-new", "已改"); tag("mark-was", `上次 ${was}`); }
}
function markText(field) {
  const held = field.closest("[data-text]") ?? field.closest(".field")?.querySelector("[data-text]");
  if (!held) return;
  const same = field.value === held.dataset.text;
  if (held.matches(".q")) { held.classList.toggle("is-carried", same); held.classList.toggle("is-changed", !same); }
  markWords(held.matches(".q") ? held.querySelector(".q-mark") : held, same, held.dataset.text);
}
function markDrug(line) {
  if (line.dataset.was === undefined) return;
  const same = [...line.querySelectorAll("input")].every((i) => i.value === (i.dataset.last ?? ""));
  line.classList.toggle("is-carried", same);
  line.classList.toggle("is-changed", !same);
  markWords(line.querySelector(".q-mark"), same, line.dataset.was);
}
function tally() {
  const place = verdict.querySelector("[data-changed]");
  if (!place) return;
  const label = (q) => q.querySelector(".q-label").firstChild.textContent.trim();
  const changed = [...form.querySelectorAll(".q.is-changed")].map(label);
  place.textContent = changed.length ? `和上次不同 ${changed.length} 项：${changed.join("、")}` : "";
}

// ---- the server's verdict ----
let waiting = 0;
function ask() {
  clearTimeout(waiting);
  waiting = setTimeout(() => form.dispatchEvent(new CustomEvent("judge")), 250);
}
const say = (key, text) => { if (text) form.querySelector(`[data-out="${key}"]`).textContent = text; };
function place() {
  const said = verdict.querySelector("[data-verdict]");
  if (!said) return;
  const { suggested, next, verb, because, nextFull, nextHint } = said.dataset;
  for (const tag of form.querySelectorAll("[data-tag]")) tag.hidden = tag.dataset.tag !== suggested;
  if (!touched.stability) {
    for (const input of form.querySelectorAll('[name="stability"]')) input.checked = input.value === suggested;
    suggestion("stability").value = suggested;
  }
  if (!touched.next) {
    form.elements.next_due_on.value = next;
    suggestion("next_due_on").value = next;
  }
  say("because", because); say("next-full", nextFull); say("next-hint", nextHint);
  const reason = form.querySelector("[data-reason]");
  reason.hidden = !("milder" in said.dataset) && !reason.querySelector("input").value && !reason.querySelector(".has-error");
  form.querySelector("button[data-save]").textContent = verb;
  form.querySelector("[data-then-copy]").replaceChildren(...verdict.querySelector("[data-then]").cloneNode(true).childNodes);
  tally();
}
document.body.addEventListener("htmx:afterSwap", (e) => { if (e.target === verdict) place(); });

form.addEventListener("change", (e) => {
  const { name, value } = e.target;
  if (name === "stability") touched.stability = value !== verdict.querySelector("[data-verdict]").dataset.suggested;
  if (name === "next_due_on") touched.next = value !== "" && value !== suggestion("next_due_on").value;
  const count = e.target.closest(".count");
  if (count) count.classList.toggle("is-some", value !== "" && value !== "0");
  const q = e.target.closest(".q");
  if (q) mark(q);
  const drug = e.target.closest(".med");
  if (drug) markDrug(drug);
  if (e.target.matches("input:not([type=radio], [type=checkbox]), textarea")) markText(e.target);
  tally();
  ask();
});

// ---- two small buttons ----
const yesterday = form.querySelector("[data-yesterday]");
if (yesterday) {
  yesterday.hidden = false;
  yesterday.addEventListener("click", () => {
    const day = new Date(`${form.elements.visited_on.defaultValue}T12:00`);
    if (Number.isNaN(day.valueOf())) return;
    day.setDate(day.getDate() - 1);
    form.elements.visited_on.value = `${day.getFullYear()}-${String(day.getMonth() + 1).padStart(2, "0")}-${String(day.getDate()).padStart(2, "0")}`;
    ask();
  });
}
const zeros = form.querySelector("[data-zeros]");
zeros.hidden = false;
zeros.addEventListener("click", () => {
  for (const input of form.querySelectorAll(".count input")) { input.value = "0"; input.closest(".count").classList.remove("is-some"); }
  ask();
});

// ---- keys: digits choose, Enter goes on, Ctrl+Enter saves ----
form.querySelector("[data-keys]").hidden = false;
const EXTRA = { "0": "10", "-": "11", "=": "12" };
const STOP = ".q, .levels, .med, .follow";
const stops = [...form.querySelectorAll(STOP)];
// where a question begins: its chosen answer or first input, never one of a question that stands inside it
function entry(stop) {
  const own = [...stop.querySelectorAll("input:not([type=hidden]), textarea, select")].filter((i) => i.closest(STOP) === stop);
  const first = own.find((i) => i.checked) ?? own[0];
  return first?.checkVisibility() ? first : null;
}
function goOn(from) {
  const at = from ? stops.indexOf(from) : -1;
  const next = stops.slice(at + 1).map(entry).find(Boolean) ?? form.querySelector("button[data-save-next]:not([hidden])") ?? form.querySelector("button[data-save]");
  next.focus();
  if (next.matches("input[type=text], input:not([type]), textarea")) next.select();
}
form.addEventListener("keydown", (e) => {
  if (e.isComposing || e.altKey || e.metaKey) return; // a word is being chosen in the input method
  if (e.key === "Enter" && e.ctrlKey) { e.preventDefault(); form.requestSubmit(form.querySelector("button[data-save]")); return; }
  const typing = e.target.matches("textarea, select, button, a, summary, input:not([type=radio], [type=checkbox])");
  const stop = e.target.closest(STOP);
  if (e.key === "Enter" && !e.shiftKey && !e.target.matches("button, a, summary")) {
    e.preventDefault(); // Enter never saves by accident
    goOn(stop ?? form.querySelector(STOP));
  } else if (stop && !typing && !e.ctrlKey && /^[0-9=-]$/.test(e.key)) {
    const inputs = [...stop.querySelectorAll("input[type=radio], input[type=checkbox]")].filter((i) => i.closest(STOP) === stop);
    const pick = inputs.find((i) => i.value === e.key) ?? inputs.find((i) => i.value === EXTRA[e.key]);
    if (pick) { e.preventDefault(); pick.focus(); pick.click(); }
  }
});
place();
// with a keyboard at hand the first open question is where one begins
if (matchMedia("(pointer: fine)").matches && !document.querySelector("[data-errors]")) {
  const open = [...form.querySelectorAll("#q-form, #q-seen, #q-level, .q.is-missing")].find((q) => !q.querySelector("input:checked"));
  if (open) entry(open)?.focus({ preventScroll: true });
}
if (radio("level", "0") && form.querySelector('[name="level"]:checked')) ask();
