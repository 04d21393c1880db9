// A second press of the same button sends nothing. The server is safe against repeats too (form_id).
const WAIT_MS = 8000; // then the button works again: the answer may have been a file, or the network may be gone

document.addEventListener("submit", (event) => {
  const form = event.target;
  if (event.defaultPrevented || form.method !== "post" || form.hasAttribute("data-repeatable")) return;
  if (form.dataset.sent) {
    event.preventDefault();
    return;
  }
  form.dataset.sent = "1";
  const buttons = [...form.querySelectorAll("button[type=submit], button:not([type])")];
  const release = () => {
    delete form.dataset.sent;
    buttons.forEach((button) => button.removeAttribute("aria-busy"));
  };
  buttons.forEach((button) => button.setAttribute("aria-busy", "true"));
  setTimeout(release, WAIT_MS);
  window.addEventListener("pageshow", release, { once: true }); // back from the next page
});
