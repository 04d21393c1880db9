// The open part of a row that scrolls sideways (a phone's tabs and filters) is brought into sight.
const show = (root) => root.querySelectorAll(":is(.tabs, .filters) > [aria-current]").forEach((open) => {
  const row = open.parentElement;
  row.scrollLeft = open.offsetLeft - row.offsetLeft - (row.clientWidth - open.offsetWidth) / 2;
});

document.addEventListener("htmx:afterSettle", () => show(document));
addEventListener("resize", () => show(document)); // a phone turned round
show(document);
