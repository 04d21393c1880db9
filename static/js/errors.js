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
document.addEventListener("htmx:load", (event) => announce(event.target));
announce(document);
