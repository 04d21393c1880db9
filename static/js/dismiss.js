// A flash message can be closed; without script it goes with the next page.
const ready = (root) => root.querySelectorAll("[data-dismiss][hidden]").forEach((button) => { button.hidden = false; });

document.addEventListener("click", (event) => {
  const button = event.target.closest("[data-dismiss]");
  if (!button) return;
  const box = button.closest(".flashes");
  button.closest(".notice").remove();
  if (!box.querySelector(".notice")) box.remove();
  document.getElementById("main")?.focus();
});
document.addEventListener("htmx:load", (event) => ready(event.target));
ready(document);
