// A fragment with data-poll asks again every few seconds, but only while the page is looked at and nothing in it is being
// filled in: hx-trigger="poll". When the page comes back into view it asks at once.
const SECONDS = 3;

function ask() {
  if (document.hidden || !window.htmx) return;
  document.querySelectorAll("[data-poll]").forEach((part) => {
    const busy = part.contains(document.activeElement) && document.activeElement.matches("input, textarea, select");
    if (!busy && !part.querySelector("details.feedback[open]")) window.htmx.trigger(part, "poll");
  });
}

// always: a fragment that htmx fetched later may ask too
setInterval(ask, SECONDS * 1000);
document.addEventListener("visibilitychange", ask);
