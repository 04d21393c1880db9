// Menus are <details>: one open at a time, closed by Escape or by a press elsewhere.
const MENUS = "details.account[open], details.missed[open], details.more[open]";

document.addEventListener("toggle", (event) => {
  if (!event.target.open || !event.target.matches(MENUS)) return;
  document.querySelectorAll(MENUS).forEach((menu) => { if (menu !== event.target) menu.open = false; });
}, true);

document.addEventListener("click", (event) => {
  document.querySelectorAll(MENUS).forEach((menu) => { if (!menu.contains(event.target)) menu.open = false; });
});

document.addEventListener("keydown", (event) => {
  if (event.key !== "Escape") return;
  document.querySelectorAll(MENUS).forEach((menu) => {
    menu.open = false;
    menu.querySelector("summary").focus();
  });
});
