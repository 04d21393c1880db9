// After a refused form the error summary has the focus, so that a screen reader speaks it first;
// a link in it goes to the field itself, not only to its place.
const announce = (root) => root.querySelector("[data-errors]")?.focus();

document.addEventListener("click", (event) => {
  const link = event.target.closest("[data-errors] a[href^='#']");
  const place = link && document.getElementById(link.hash.slice(1));
  if (!place) return;
  const field = place.matches("input, select, textarea") ? place : place.querySelector("input, select, textarea");
  if (!field) return;
  event.preventDefault();
  place.scrollIntoView({ block: "center" });
  field.focus({ preventScroll: true });
});
// What was refused and answered anew is no longer marked wrong; whether it is right now, the server says.
document.addEventListener("change", (event) => {
  const place = event.target.closest(".has-error");
  if (!place) return;
  place.classList.add("is-amended");
  for (const field of place.querySelectorAll("[aria-invalid]")) field.removeAttribute("aria-invalid");
  for (const link of document.querySelectorAll("[data-errors] a[href^='#']")) {
    const field = document.getElementById(link.hash.slice(1));
    if (field && (place.contains(field) || field.contains(place))) link.closest("li").classList.add("is-amended");
  }
});
document.addEventListener("htmx:load", (event) => announce(event.target));
announce(document);
