// A question that hangs on another one (accounts/form_parts.py) shows while that one holds an answer that calls
// for it. Hidden, it is disabled: it sends nothing, and what was typed comes back with the answer. One that was refused
// stays in sight.
const waiting = [...document.querySelectorAll("[data-when]")].filter((one) => one.closest("form"));

function answers(form, name) {
  return [...form.querySelectorAll(`[name="${CSS.escape(name)}"]`)]
    .filter((one) => !one.matches("input[type=radio], input[type=checkbox]") || one.checked)
    .map((one) => one.value);
}

function settle(one) {
  const [name, codes] = one.dataset.when.split("=");
  const wanted = codes.split(" ");
  const called = answers(one.closest("form"), name).some((code) => wanted.includes(code));
  const place = one.matches("option") ? one : one.closest(".field");
  const shown = called || place.classList.contains("has-error");
  place.hidden = !shown;
  one.disabled = !shown;
  if (one.matches("option") && !shown && one.selected) one.closest("select").value = "";
}

const panels = new Set(waiting.map((one) => one.closest(".panel")).filter(Boolean));

function settlePanel(panel) { // a heading above nothing asks nothing
  const fields = [...panel.querySelectorAll(".field")];
  panel.hidden = fields.length > 0 && fields.every((field) => field.hidden);
}

if (waiting.length) {
  const all = () => {
    waiting.forEach(settle);
    panels.forEach(settlePanel);
  };
  all();
  document.addEventListener("change", all);
  addEventListener("pageshow", all); // answers that the browser brought back
}
