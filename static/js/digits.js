// In a form with data-digits the digit printed before an answer chooses it, and Enter goes on to the next question: it
// never sends the form from the middle. A list answers to its digits by itself. Ctrl+Enter sends.
const form = document.querySelector("form[data-digits]");
const FIELDS = "input:not([type=hidden]), select, textarea";

function next(from) {
  const group = from.closest("fieldset");
  const fields = [...form.querySelectorAll(FIELDS)].filter((one) => one.checkVisibility() && !one.disabled);
  const after = fields.slice(fields.indexOf(from) + 1).find((one) => !group || one.closest("fieldset") !== group);
  const inside = after?.closest("fieldset")?.querySelector("input:checked");
  (inside ?? after ?? form.querySelector("button[type=submit]")).focus();
}

form?.addEventListener("keydown", (event) => {
  if (event.isComposing || event.altKey || event.metaKey) return; // a word is being chosen in the input method
  const at = event.target;
  if (event.key === "Enter" && event.ctrlKey) { event.preventDefault(); form.requestSubmit(); return; }
  if (event.key === "Enter" && !event.shiftKey && at.matches(FIELDS)) { event.preventDefault(); next(at); return; }
  if (!/^[0-9]$/.test(event.key) || event.ctrlKey || !at.matches("input[type=radio], input[type=checkbox]")) return;
  const pick = [...(at.closest("fieldset")?.querySelectorAll("input") ?? [])].find((one) => one.value === event.key);
  if (pick) { event.preventDefault(); pick.focus(); pick.click(); }
});
