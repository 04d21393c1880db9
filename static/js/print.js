// The print button: the browser's own dialog. Without script the page says so in words.
const button = document.querySelector("[data-print]");
if (button) {
  button.hidden = false;
  button.addEventListener("click", () => window.print());
}
